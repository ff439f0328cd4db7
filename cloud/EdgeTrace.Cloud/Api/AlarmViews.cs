using EdgeTrace.Api;
using EdgeTrace.ColdChain;
using EdgeTrace.Cloud.Doors;
using EdgeTrace.Cloud.Faults;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;
using EpisodeFact = EdgeTrace.Store.Ledger.EpisodeFact;
using Severity = EdgeTrace.Api.Severity;

namespace EdgeTrace.Cloud.Api;

/// <summary>Says an episode, or a silent gateway, in one sentence with what to do.</summary>
sealed class AlarmViews(SiteModel site, LedgerReader ledger, EquipmentBoard equipment, PlannedWorkBook planned, DoorViews doors)
{
    const int OpenMax = 200;

    /// <summary>What still goes on or still wants an answer; one row for a silent gateway, none for its children.</summary>
    /// <remarks>Planned work keeps a silent gateway among the faults; what spoils stock is only labelled by it, never silenced.</remarks>
    public IReadOnlyList<AlarmView> Open()
    {
        var work = planned.Now();
        return
        [
            .. equipment.Views().Where(e => e.Kind == EquipmentBoard.GatewayKind && e.State == EquipmentBoard.OfflineState && PlannedWorkBook.Covering(work, e.Gateway, e.Id, []) is null).Select(Of),
            .. ledger.OpenAlarms(OpenMax).Select(episode => Labelled(Of(episode), work)), .. doors.Open(),
        ];
    }

    /// <summary>With the work that is planned at its point now, if any.</summary>
    public AlarmView Labelled(AlarmView alarm) => Labelled(alarm, planned.Now());

    AlarmView Labelled(AlarmView alarm, IReadOnlyList<PlannedWorkView> work) =>
        work.Count > 0 && site.Point(alarm.Subject) is { } point ? alarm with { Planned = PlannedWorkBook.Covering(work, point.Gateway, EquipmentBoard.IdOf(point.Gateway, "probe", point.Id), []) } : alarm;

    public AlarmView? Find(string id) =>
        ledger.Episode(id) is { } episode ? Of(episode) : doors.Find(id) ?? Open().FirstOrDefault(a => a.Id == id);

    public AlarmView Of(EquipmentView gateway)
    {
        var id = GatewayAlarmId(gateway.Gateway, gateway.Since);
        var by = ledger.Acknowledged(id);
        return new(id, "gateway-offline", Severity.Alarm, gateway.Id, $"Gateway {gateway.Gateway}",
            $"Gateway {gateway.Gateway} has not been heard. What its readers and probes see is not known here.", gateway.Remedy,
            gateway.Since, null, null, by is not null, by?.Actor);
    }

    public static string GatewayAlarmId(string gateway, DateTimeOffset since) => $"gateway-offline.{gateway}.{EventTime.ToUs(since)}";

    AlarmView Of(EpisodeRow episode) => Of(site, episode);

    public static AlarmView Of(SiteModel site, EpisodeRow episode) => Of(
        site, new EpisodeFact(
            episode.Id, episode.Point, episode.Rule, episode.StartUs, episode.RaisedUs ?? episode.GatewayRaisedUs,
            episode.Limits is null ? episode.GatewayEndedUs : episode.EndedUs, episode.PeakMilliCelsius ?? episode.GatewayPeakMilliCelsius, episode.Limits ?? ""),
        episode.Acknowledged);

    /// <summary>The same words whether the alarm is told as it happens or looked up later.</summary>
    public static AlarmView Of(SiteModel site, EpisodeFact episode, Acknowledgement? by)
    {
        var point = site.Point(episode.Point, episode.StartUs);
        var name = point?.Name ?? episode.Point;
        var peak = episode.PeakMilliCelsius / 1000.0;
        // The rule as it was when it was broken; a gateway's own alarm names only its code.
        var rule = episode.Limits.Length > 0 ? ApiJson.Read<AlarmRule>(episode.Limits) : point is null ? null : PointRules.Find(point, episode.Rule);
        var (severity, sentence, remedy) = AlarmWords.Of(rule, episode.Rule, name, peak);
        return new(
            episode.Id, episode.Rule, severity, episode.Point, name, sentence, remedy, EventTime.FromUs(episode.StartUs),
            episode.EndedUs is { } ended ? EventTime.FromUs(ended) : null, peak, by is not null, by?.Actor);
    }
}
