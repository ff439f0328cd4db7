using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;

namespace EdgeTrace.Cloud.Reports;

/// <summary>Reports to look at, to print and to take away.</summary>
static class ReportEndpoints
{
    /// <summary>As much as a page can show; the CSV has all.</summary>
    const int RowsShownMax = 2_000;

    const int DaysMax = 3_660;

    static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    /// <summary>Two years are compared; more is a question to the CSVs.</summary>
    static readonly TimeSpan PeriodMax = TimeSpan.FromDays(732);

    public static IServiceCollection AddReports(this IServiceCollection services) => services.AddSingleton<StockReports>().AddSingleton<PeriodReports>();

    public static void MapReports(this RouteGroupBuilder api)
    {
        api.MapGet("/reports/{name}", (StockReports stock, PeriodReports periods, TimeProvider time, string name, DateTimeOffset? from, DateTimeOffset? to, int days = 30) =>
            Mistake(from, to, days) ?? (Make(stock, periods, time, name, from, to, days) is { } report ? Results.Ok(Shown(report)) : NotThere(name))).Needs(Permission.SeeStock);
        api.MapGet("/reports/{name}.csv", (StockReports stock, PeriodReports periods, TimeProvider time, SiteModel site, string name, DateTimeOffset? from, DateTimeOffset? to, int days = 30) =>
            Mistake(from, to, days) ?? (Make(stock, periods, time, name, from, to, days) is { } report
                ? ToCsv(report).File($"{name} {site.Site.Id}.csv") : NotThere(name))).Needs(Permission.SeeStock);
    }

    static ReportView? Make(StockReports stock, PeriodReports periods, TimeProvider time, string name, DateTimeOffset? from, DateTimeOffset? to, int days)
    {
        var end = to ?? time.GetUtcNow();
        var (fromUs, toUs) = (EventTime.ToUs(from ?? end - Usual), EventTime.ToUs(end));
        return name switch
        {
            "expiring" => stock.Expiring(days),
            "low" => stock.Low(),
            "missing" => stock.Missing(),
            "wasted" => periods.Wasted(fromUs, toUs),
            "moved" => periods.Moved(fromUs, toUs),
            "scanners" => periods.Scanners(fromUs, toUs),
            _ => null,
        };
    }

    static ReportView Shown(ReportView report) => report with { Rows = [.. report.Rows.Take(RowsShownMax)], MoreRows = Math.Max(0, report.Rows.Count - RowsShownMax) };

    static Csv ToCsv(ReportView report)
    {
        var csv = new Csv(report.Columns.Select(column => column.Name));
        // A number stays one: only what is text is kept from being taken for a formula.
        foreach (var row in report.Rows) csv.Line(row.Cells.Select((cell, i) => report.Columns[i].Kind != "text" && decimal.TryParse(cell, CultureInfo.InvariantCulture, out var number) ? number : (object?)cell));
        return csv;
    }

    static IResult? Mistake(DateTimeOffset? from, DateTimeOffset? to, int days) =>
        from >= to ? Problems.Wrong("from is not before to", "Give from and to as ISO 8601 times, from the earlier.")
        : to - from > PeriodMax ? Problems.Wrong("The period is too long", $"At most {PeriodMax.TotalDays:0} days: ask for a part of it.")
        : days is < 0 or > DaysMax ? Problems.Wrong($"{days} days cannot be looked ahead", $"Give days from 0 to {DaysMax}.") : null;

    static IResult NotThere(string name) => Problems.NotFound($"There is no report {name}", "Reports are expiring, wasted, moved, missing, low and scanners.");
}
