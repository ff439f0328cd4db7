using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;
using static EdgeTrace.Cloud.Reports.StockReports;

namespace EdgeTrace.Cloud.Reports;

/// <summary>What happened in a period: what was thrown away and why, what moved, how well scanners read.</summary>
sealed class PeriodReports(SiteModel site, ItemNames names, LedgerReader ledger, TimeProvider time)
{
    const int EventsMax = 200_000;

    static readonly (string Kind, string Name, string Title)[] s_moves =
        [("in", "in_by_door", "In by door"), ("out", "out_by_door", "Out by door"), ("received", "booked_in", "Booked in"), ("stored", "put_away", "Put away"), ("picked", "picked", "Picked"), ("returned", "came_back", "Came back")];

    public ReportView Wasted(long fromUs, long toUs)
    {
        var events = ledger.StockEvents(EventKind.Wasted, fromUs, toUs, EventsMax).Where(recorded => recorded.Wrong is null).Select(recorded => Waste(recorded.Event)).ToList();
        var rows = events.GroupBy(waste => (waste.Reason, waste.Product)).Select(group => (group.Key, Pieces: group.Sum(waste => waste.Pieces), Pence: group.Sum(waste => waste.Pence ?? 0))).OrderByDescending(row => row.Pence).ThenBy(row => row.Key.Product, StringComparer.Ordinal).ToList();
        var pieces = rows.Sum(row => row.Pieces);
        return new(
            "wasted", "Wasted", time.GetUtcNow(), pieces == 0 ? "Nothing was thrown away." : $"{pieces} {(pieces == 1 ? "piece" : "pieces")} worth {Money(rows.Sum(row => row.Pence))} {(pieces == 1 ? "was" : "were")} thrown away.",
            "What somebody threw away by the books, by the first words of their reason; at what it cost when it came, else at what the catalogue says now. What was declared wrong is left out.",
            [new("reason", "Reason", "text"), new("product", "Product", "text"), new("pieces", "Pieces", "count"), new("pounds", "Cost", "pounds")],
            [.. rows.Select(row => new ReportRow([row.Key.Reason, row.Key.Product, Number(row.Pieces), Pounds(row.Pence)]))], 0);
    }

    (string Reason, string Product, int Pieces, long? Pence) Waste(StockEvent e)
    {
        var (product, cost) = e.Detail.Quantity is null
            ? ledger.StockItem(e.Subject) is { } item ? (item.Item.Product, item.Item.Pence) : (null, null)
            : ledger.StockLot(e.Subject) is { } lot ? (lot.Product, lot.Pence) : (null, null);
        var (key, pieces) = (e.Detail.Product ?? product, e.Detail.Quantity ?? 1);
        var known = names.Products.Find(key);
        return ((e.Detail.Reason ?? "").Split(':', '.')[0].Trim(), known?.Name ?? (key is null ? e.Subject : $"GTIN {key}"), pieces, (e.Detail.Pence ?? cost ?? known?.Pence) * pieces);
    }

    public ReportView Moved(long fromUs, long toUs)
    {
        var moved = site.Locations.SelectMany(place => ledger.MovedByDoors(place.Id, fromUs, toUs)).Concat(ledger.MovedByPeople(fromUs, toUs))
            .GroupBy(quarter => (Day: DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(EventTime.FromUs(quarter.AtUs), site.TimeZone).DateTime), quarter.Place))
            .OrderByDescending(group => group.Key.Day).ThenBy(group => site.LocationName(group.Key.Place), StringComparer.Ordinal).ToList();
        int Times(string kind) => moved.Sum(group => group.Where(quarter => quarter.Kind == kind).Sum(quarter => quarter.Times));
        return new(
            "moved", "Moved", time.GetUtcNow(), moved.Count == 0 ? "Nothing moved." : $"{Times("in")} in and {Times("out")} out by door; {Times("received")} booked in, {Times("stored")} put away, {Times("picked")} picked.",
            "By place and day of the site. By door is what the portals saw pass; the rest is what people said they did.",
            [new("day", "Day", "day"), new("place", "Place", "text"), .. s_moves.Select(move => new ReportColumn(move.Name, move.Title, "count"))],
            [.. moved.Select(group => new ReportRow(
                [group.Key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), site.LocationName(group.Key.Place), .. s_moves.Select(move => Number(group.Where(quarter => quarter.Kind == move.Kind).Sum(quarter => quarter.Times)))]))], 0);
    }

    public ReportView Scanners(long fromUs, long toUs)
    {
        var counts = ledger.ScannerCounts(fromUs, toUs);
        var (scans, unread) = (counts.Sum(count => count.Scans), counts.Sum(count => count.Unread));
        return new(
            "scanners", "Scanners", time.GetUtcNow(), scans == 0 ? "No fixed scanner has read anything." : $"{unread} of {scans} scans could not be used.",
            "Fixed scanners only. A scanner far above the others loses characters or is set up wrongly: compare its settings with a good one's.",
            [new("scanner", "Scanner", "text"), new("scans", "Scans", "count"), new("unread", "Could not be used", "count"), new("percent", "Share, %", "count")],
            [.. counts.OrderByDescending(count => (double)count.Unread / count.Scans).Select(count => new ReportRow(
                [site.Scanner(count.Scanner)?.Name ?? count.Scanner, Number(count.Scans), Number(count.Unread), (100.0 * count.Unread / count.Scans).ToString("0.0", CultureInfo.InvariantCulture)]))], 0);
    }
}
