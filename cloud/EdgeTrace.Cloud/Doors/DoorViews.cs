using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Doors;

/// <summary>What a door told, as an alarm that a person answers.</summary>
sealed class DoorViews(SiteModel site, ItemNames names, LedgerReader ledger, TimeProvider time)
{
    public const string Kind = "carried-in";

    const int OpenMax = 100;

    /// <summary>What nobody has answered in a week is in the thing's own story, and is no alarm any more.</summary>
    public static readonly TimeSpan OpenFor = TimeSpan.FromDays(7);

    public IReadOnlyList<AlarmView> Open() => [.. ledger.OpenDoorFindings(time.NowUs() - OpenFor.Ticks / TimeSpan.TicksPerMicrosecond, OpenMax).Select(Alarm)];

    public AlarmView? Find(string id) => ledger.DoorFinding(id) is { } row ? Alarm(row) : null;

    public AlarmView Alarm(DoorFindingRow row)
    {
        var found = row.Finding;
        var name = Epc.TryParse(found.Epc, out var epc) ? names.Of(epc).Name : new(found.Epc, found.Epc, "");
        var outcome = Enum.GetValues<DoorOutcome>().First(each => each.Word() == found.Outcome);
        var theatre = site.Location(found.Location)?.Kind == "theatre";
        return new(
            found.Id, Kind, theatre && outcome != DoorOutcome.TagDiffers ? Severity.Alarm : Severity.Warning, found.Item, name.Name,
            $"{name.Name}{(name.Detail.Length > 0 ? $" ({name.Detail})" : "")} was carried into {site.LocationName(found.Location)}: {found.Says}.", outcome.Remedy(), EventTime.FromUs(found.AtUs), row.Answer is { } answer ? EventTime.FromUs(answer.AtUs) : null, null,
            row.Answer is not null, row.Answer?.Actor);
    }
}
