using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Readings;

namespace EdgeTrace.Cloud.Api;

/// <summary>What can be asked of a point's record: to look at, to judge, to take away.</summary>
static class PointEndpoints
{
    const string Csv = "text/csv; charset=utf-8";

    public static void MapPoints(this RouteGroupBuilder api)
    {
        api.MapGet("/points/{id}/samples", Samples).Needs(Permission.SeeColdChain);
        api.MapGet("/points/{id}/samples.csv", SamplesCsv).Needs(Permission.SeeColdChain);
        api.MapGet("/points/{id}/period", Period).Needs(Permission.SeeColdChain);
    }

    static IResult Samples(SampleQuery samples, string id, DateTimeOffset? from, DateTimeOffset? to, int max = 500) =>
        from >= to ? TurnedRound() : samples.Of(id, from, to, max) is { } series ? Results.Ok(series) : NotThere(id);

    static IResult Period(PeriodQuery periods, string id, DateTimeOffset? from, DateTimeOffset? to) =>
        from >= to ? TurnedRound() : periods.Of(id, from, to) is { } period ? Results.Ok(period) : NotThere(id);

    static IResult SamplesCsv(SiteModel site, SampleReader readings, TimeProvider time, HttpContext context, string id, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (from >= to) return TurnedRound();
        if (site.PointHistory(id).Count == 0) return NotThere(id);
        var end = to ?? time.GetUtcNow();
        var start = from ?? end - PeriodQuery.Usual;
        var name = string.Create(CultureInfo.InvariantCulture, $"{id} {start.UtcDateTime:yyyyMMdd'T'HHmmss'Z'} to {end.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.csv");
        return Results.Stream(
            output => SampleCsv.WriteAsync(readings, site.TimeZone, id, EventTime.ToUs(start), EventTime.ToUs(end), output, context.RequestAborted), Csv, name);
    }

    static IResult TurnedRound() => Problems.Wrong("from is not before to", "Give from and to as ISO 8601 times, from the earlier.");

    static IResult NotThere(string id) => Problems.NotFound($"There is no point {id}", "Points are those of the site model.");
}
