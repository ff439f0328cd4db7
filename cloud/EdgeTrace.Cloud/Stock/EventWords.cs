using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;

namespace EdgeTrace.Cloud.Stock;

/// <summary>An event of stock as one sentence.</summary>
static class EventWords
{
    public static string Of(StockEvent e, SiteModel site)
    {
        var d = e.Detail;
        string At(string word) => e.Place is { } place ? $"{word} {site.LocationName(place)}" : "";
        var what = e.Kind switch
        {
            EventKind.Opening => $"Entered as being there when the books began{At(", in")}",
            EventKind.Received => $"Booked in{At(" at")}{(d.Order is { } order ? $", order {order}" : "")}",
            EventKind.Tagged when d.Inferred => $"Its tag says {string.Join(", ", new[] { d.Lot is { } lot ? $"lot {lot}" : null, d.Expiry is { } expiry ? $"use by {expiry:yyyy-MM-dd}" : null }.OfType<string>())}",
            EventKind.Tagged => $"Tagged with EPC {d.Epc}",
            EventKind.Stored => $"Put away{At(" in")}",
            EventKind.Reserved => $"Kept for case {d.Case}",
            EventKind.Freed => "No longer kept for a case",
            EventKind.Picked => $"Picked{(d.Case is { } picked ? $" for case {picked}" : "")}{At(" in")}",
            EventKind.Issued => $"Issued{(d.Destination is { } to ? $" to {site.LocationName(to)}" : "")}{(d.Case is { } issued ? $" for case {issued}" : "")}",
            EventKind.Arrived => $"Arrived{At(" at")}",
            EventKind.Returned => $"Came back{At(" to")}",
            EventKind.Inspected => $"Looked at and found whole{At(" in")}",
            EventKind.Counted => d.Quantity is { } counted ? $"Counted: {counted} pieces{At(" in")}" : $"Found present by a stock-take{At(" in")}",
            EventKind.Missed => $"Not found by a stock-take{(d.From is { } missed ? $" of {site.LocationName(missed)}" : "")}",
            EventKind.Left => "Left through an exit without a reason",
            EventKind.Found => $"Found again{At(" in")}",
            EventKind.Stolen => "Declared stolen",
            EventKind.Packed => $"Packed into {d.Container}",
            EventKind.Unpacked => $"Taken out of {d.Container ?? "its container"}{(d.Inferred ? ", inferred" : "")}",
            EventKind.Opened => $"Pack opened for case {d.Case}",
            EventKind.Implanted => $"Implanted{(d.Side is { } side ? $", {side}" : "")}{(d.Case is { } implanted ? $", case {implanted}" : "")}",
            EventKind.Explanted => "Explanted",
            EventKind.Used => $"Used{(d.Case is { } used ? $" in case {used}" : "")}",
            EventKind.Wasted => "Thrown away",
            EventKind.Held => $"Put on hold: {StockViews.ReasonWord(d.HoldReason ?? HoldReason.Unverified).Replace('-', ' ')}",
            EventKind.Released => d is { Hold: TwoTags.HoldId, Tid: { } right } ? $"Of the tags with this number {right.Replace(" ", " and ", StringComparison.Ordinal)} said to be right" : "Released from hold",
            _ => $"Belongs to {d.Owner} now",
        };
        var pieces = d.Quantity is > 0 && e.Kind is not EventKind.Counted ? $"{d.Quantity} pieces: {char.ToLowerInvariant(what[0])}{what[1..]}" : what;
        return d.Reason is { Length: > 0 } reason ? $"{pieces}. {reason}" : pieces;
    }
}
