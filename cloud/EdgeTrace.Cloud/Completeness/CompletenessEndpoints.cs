using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;

namespace EdgeTrace.Cloud.Completeness;

/// <summary><c>/api/v1/completeness</c> and the same as <c>.csv</c>: <c>?day=</c>, or <c>?from=&amp;to=</c> for a line a day.</summary>
static class CompletenessEndpoints
{
    const string DayCure = "Give day as yyyy-MM-dd, a day of the site's own calendar, or from and to as two of them.";

    public static void MapCompleteness(this IEndpointRouteBuilder api)
    {
        api.MapGet("/completeness", (CompletenessQuery query, string? day, string? from, string? to) => Answer(query, day, from, to, d => Results.Ok(query.Day(d)), (a, b) => Results.Ok(query.Days(a, b)))).Needs(Permission.SeeSite);
        api.MapGet("/completeness.csv", (CompletenessQuery query, SiteModel site, string? day, string? from, string? to) => Answer(query, day, from, to,
            d => File(CompletenessCsv.Of(query.Day(d), new(site.TimeZone)), $"completeness-{site.Site.Id}-{d:yyyy-MM-dd}.csv"),
            (a, b) => File(CompletenessCsv.Of(query.Days(a, b)), $"completeness-{site.Site.Id}-{a:yyyy-MM-dd}-to-{b:yyyy-MM-dd}.csv"))).Needs(Permission.SeeSite);
    }

    static IResult Answer(CompletenessQuery query, string? day, string? from, string? to, Func<DateOnly, IResult> oneDay, Func<DateOnly, DateOnly, IResult> manyDays)
    {
        try
        {
            return Ask(query.Today, day, from, to, oneDay, manyDays);
        }
        catch (TooManyLossesException many)
        {
            return Problems.Wrong(many.Message, "Ask for fewer days. Where a single day has so many, a device comes and goes every second: Faults says which.");
        }
    }

    static IResult Ask(DateOnly today, string? day, string? from, string? to, Func<DateOnly, IResult> oneDay, Func<DateOnly, DateOnly, IResult> manyDays)
    {
        if (from is null && to is null)
        {
            if (day is null) return oneDay(today);
            if (!TryRead(day, out var one)) return Problems.Wrong($"\"{day}\" is no day", DayCure);
            return one > today ? Ahead(one, today) : oneDay(one);
        }
        if (day is not null) return Problems.Wrong("day and from or to are both given", DayCure);
        if (!TryRead(from, out var first)) return Problems.Wrong($"\"{from}\" is no day to begin with", DayCure);
        var last = today;
        if (to is not null && !TryRead(to, out last)) return Problems.Wrong($"\"{to}\" is no day to end with", DayCure);
        if (first > last) return Problems.Wrong("from is after to", "Give from and to from the earlier; both days are included.");
        if (last > today) return Ahead(last, today);
        if (last.DayNumber - first.DayNumber >= CompletenessQuery.DaysMax) return Problems.Wrong($"That is {last.DayNumber - first.DayNumber + 1} days", $"Ask for at most {CompletenessQuery.DaysMax} at once, one quarter after the other.");
        return manyDays(first, last);
    }

    static IResult Ahead(DateOnly day, DateOnly today) => Problems.Wrong($"{day:yyyy-MM-dd} has not begun at this site", $"Ask for a day up to {today:yyyy-MM-dd}.");

    static bool TryRead(string? text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is > 1970 and < 9000;

    static IResult File(string text, string name) => Results.File(System.Text.Encoding.UTF8.GetBytes(text), "text/csv; charset=utf-8", name);
}
