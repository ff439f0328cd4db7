namespace EdgeTrace.Web.Words;

/// <summary>Which way something went, as word and icon.</summary>
static class Directions
{
    public static string Word(string direction) => direction is "in" or "out" or "past" ? direction : "unsure";

    public static string IconOf(string direction) => direction switch
    {
        "in" => "in",
        "out" => "out",
        "past" => "past",
        _ => "unknown",
    };

    /// <summary>The end of "Hip stem …", for one who listens.</summary>
    public static string Sentence(string direction, string place) => direction switch
    {
        "in" => $"into {place}",
        "out" => $"out of {place}",
        "past" => $"passed {place}, not counted",
        _ => $"seen at {place}, direction unsure",
    };
}
