using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.ColdChain;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Excursions;

/// <summary>Says of an excursion how long and how far, as it is known now, and of a thing for how long it was there.</summary>
sealed class ExcursionBook(SiteModel site, LedgerReader ledger, TimeProvider time)
{
    public Excursion? Find(string episode) => ledger.Episode(episode) is { } row ? Excursion.Of(row, site) : null;

    /// <summary>What a hold says when it is raised, while nobody can know how long it will be: a function of the episode's facts alone, so that it is the same whenever it is written.</summary>
    public static string AtFirst(Excursion e) => $"{Where(e)}{(e.Rule.Timing == Timing.CumulativePerDay ? $" for {Words.Ago(e.Rule.Delay)} in all in one day" : e.Rule.Delay > TimeSpan.Zero ? $" for more than {Words.Ago(e.Rule.Delay)}" : "")}";

    /// <summary>As <see cref="AtFirst"/>, with how long it lasted, or has lasted so far, and the worst of it. Null: there is no such excursion.</summary>
    public (string Says, string Point)? Says(string episode)
    {
        if (Find(episode) is not { } e) return null;
        var lasted = TimeSpan.FromMicroseconds((e.EndedUs ?? time.NowUs()) - e.StartUs);
        var worst = e.PeakCelsius is { } peak ? $", at worst {Words.Celsius(peak)}" : "";
        return (e.Rule.Timing == Timing.CumulativePerDay ? AtFirst(e) + worst : $"{Where(e)} for {Words.Ago(lasted)}{(e.EndedUs is null ? " so far" : "")}{worst}", e.Point.Id);
    }

    /// <summary>For how long of it an Item was there.</summary>
    public string Exposed(string episode, string item)
    {
        if (Find(episode) is not { } e) return "";
        var there = TimeSpan.FromMicroseconds(Stay.In(ledger.PlacesOf(item), e.Places, e.StartUs, e.EndedUs ?? time.NowUs()).Sum(stay => stay.UntilUs - stay.FromUs));
        return there <= TimeSpan.Zero ? "By what is known now it was not there then" : $"It was there for {Words.Ago(there)} of that{(e.EndedUs is null ? " so far" : "")}";
    }

    static string Where(Excursion e) => $"temperature: {e.Point.Name} {(e.Rule.Compare is Compare.Above or Compare.AtOrAbove ? "above" : "below")} {Words.Celsius(e.Rule.Limit)}";
}
