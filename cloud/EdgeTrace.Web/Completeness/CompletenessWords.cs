using EdgeTrace.Api;
using EdgeTrace.Web.Words;

namespace EdgeTrace.Web.Completeness;

/// <summary>How completeness is said: "n of n" first, then whatever has no count.</summary>
static class CompletenessWords
{
    public static string Headline(CompletenessView view)
    {
        var totals = view.Totals;
        if (view.Streams.Count == 0) return "No readings on this day";
        var coming = view.Streams.Sum(stream => stream.OnTheWay);
        var parts = new List<string> { OfAll(totals) + " readings" };
        parts.Add(totals.Complete ? view.AsOf < view.To ? "nothing missing so far" : "nothing missing" : $"{Figures.Things(totals.Intervals, "interval", "intervals")} to explain");
        if (totals.Unplaced > 0) parts.Add($"{Figures.Count(totals.Unplaced)} more of uncertain time");
        if (coming > 0 && view.AsOf < view.To) parts.Add(OnTheWay(coming));
        return string.Join(" · ", parts);
    }

    public static string OfAll(CompletenessTotals totals) => $"{Figures.Count(totals.Received)} of {Figures.Count(totals.Received + totals.Lost)}";

    public static string OnTheWay(long batches) => $"{Figures.Things(batches, "batch", "batches")} on the way";

    public static string Word(HourState state) => state switch
    {
        HourState.Full => "Full",
        HourState.Gap => "Lost",
        HourState.Blind => "Blind",
        HourState.Unknown => "Unknown",
        HourState.Ahead => "Still to come",
        _ => "Not yet there",
    };

    public static Severity SeverityOf(HourState state) => state switch
    {
        HourState.Gap => Severity.Alarm,
        HourState.Blind => Severity.Warning,
        HourState.Unknown => Severity.Unknown,
        _ => Severity.Fine,
    };

    /// <summary>A cell in words: what a screen reader hears, a pointer hovers and the line below the grid shows.</summary>
    public static string Of(HourCell cell) => cell.State switch
    {
        HourState.Ahead => "still to come",
        HourState.Before => "nothing was expected yet",
        _ => $"{Figures.Count(cell.Received)} of {Figures.Count(cell.Received + cell.Lost)} readings{(cell.Causes.Count == 0 ? "" : $". {string.Join(". ", cell.Causes)}")}",
    };
}
