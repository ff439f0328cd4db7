using EdgeTrace.Api;

namespace EdgeTrace.Web.Words;

/// <summary>The five states in icon, word and colour token; never one without the others.</summary>
static class SeverityWords
{
    public static string Word(this Severity severity) => severity.ToString();

    public static string Css(this Severity severity) => severity switch
    {
        Severity.Fine => "fine",
        Severity.Note => "note",
        Severity.Warning => "warning",
        Severity.Alarm => "alarm",
        _ => "unknown",
    };

    /// <summary>Worst first. Unknown stands above a note: nobody can say it is fine.</summary>
    public static int Rank(this Severity severity) => severity switch
    {
        Severity.Alarm => 0,
        Severity.Warning => 1,
        Severity.Unknown => 2,
        Severity.Note => 3,
        _ => 4,
    };
}
