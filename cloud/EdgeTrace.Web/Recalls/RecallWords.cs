using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Web.Words;

namespace EdgeTrace.Web.Recalls;

/// <summary>A recall as people say it.</summary>
static class RecallWords
{
    /// <summary>How far it has come, in one sentence.</summary>
    public static string State(RecallBrief recall, DateTimeOffset now) => recall switch
    {
        { Contained: { } at, Places: 0 } => "Nothing was found in any place",
        { Contained: { } at } => $"Contained in {Ages.Exact(at - recall.Opened)}: {Places(recall.Places)} answered",
        { Closed: not null } => $"Closed with {recall.Answered} of {Places(recall.Places)} answered",
        { Answered: var answered, Places: var places } when answered == places => $"Every place has answered, but something is on its way and nobody knows where to",
        _ => $"{recall.Places - recall.Answered} of {Places(recall.Places)} {(recall.Places - recall.Answered == 1 ? "has" : "have")} not answered",
    };

    public static Severity Of(RecallBrief recall) => recall.Contained is null && recall.Closed is null ? Severity.Alarm : recall.Closed is null ? Severity.Warning : Severity.Fine;

    public static string Word(RecallBrief recall) => recall.Closed is not null ? "Closed" : recall.Contained is not null ? "Contained" : "Open";

    /// <summary>What a thing is beside its name.</summary>
    public static string Detail(RecallThing thing) => string.Join(" · ", ((string?[])
    [
        thing.Serial is { } serial ? $"serial {serial}" : null, thing.Lot is { } lot ? $"lot {lot}" : "lot not known", thing.Expiry is { } day ? $"expires {Day(day)}" : null,
        thing.Pieces == 1 ? null : Figures.Things(thing.Pieces, "piece", "pieces"), thing.Status is "in-stock" or "lot" ? null : thing.Status.Replace('-', ' '),
    ]).OfType<string>());

    /// <summary>How many people have or had one; where nobody said whom, a case is one.</summary>
    public static int Patients(RecallFound found) => found.InPatients.Select(implant => implant.Patient ?? implant.Case).Distinct().Count();

    public static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    static string Places(int count) => Figures.Things(count, "place", "places");
}
