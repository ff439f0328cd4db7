using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;

namespace EdgeTrace.Cloud.Faults;

/// <summary><c>/api/v1/gateways</c>: every gateway that was heard or that the site model names.</summary>
sealed class GatewayQuery(SiteModel site, GatewayDirectory directory, EquipmentBoard board, StatusQuery status, FaultNames names, PlannedWorkBook planned)
{
    public GatewaysView Gateways()
    {
        var (devices, work) = (board.Views(), planned.Now());
        return new([.. site.Gateways.Union(directory.All.Select(gateway => gateway.Gateway)).Order(StringComparer.Ordinal).Select(gateway => View(gateway, devices, work))]);
    }

    /// <summary>Null when nobody knows a gateway of that name.</summary>
    public GatewayDetail? Gateway(string id)
    {
        if (!names.Knows(id)) return null;
        var (devices, work) = (board.Views(), planned.Now());
        return new(
            View(id, devices, work), [.. DevicesOf(id, devices).OrderBy(device => device.Kind, StringComparer.Ordinal).ThenBy(device => device.Name, StringComparer.Ordinal).Select(device => Device(device, work))],
            [.. status.Streams().Where(stream => stream.Gateway == id)]);
    }

    static IEnumerable<EquipmentView> DevicesOf(string gateway, IReadOnlyList<EquipmentView> devices) =>
        devices.Where(device => device.Gateway == gateway && device.Id != EquipmentBoard.IdOf(gateway, EquipmentBoard.GatewayKind, gateway));

    GatewayView View(string id, IReadOnlyList<EquipmentView> devices, IReadOnlyList<PlannedWorkView> work)
    {
        var (known, vitals, named) = (directory.Find(id), directory.Vitals(id), names.Of(id, EquipmentBoard.GatewayKind, id));
        var subject = EquipmentBoard.IdOf(id, EquipmentBoard.GatewayKind, id);
        var own = devices.FirstOrDefault(device => device.Id == subject);
        var below = DevicesOf(id, devices).ToList();
        var state = own?.State switch { EquipmentBoard.OfflineState => "offline", FaultWords.Fine => "online", _ => known is null ? FaultWords.NeverHeard : known.Online ? "online" : "offline" };
        var clock = vitals?.Clock ?? known?.Birth?.TimeQuality ?? TimeQuality.Unspecified;
        return new(
            id, named.Name, named.Where, state == "online" ? Severity.Fine : FaultWords.SeverityOf(EquipmentBoard.GatewayKind, state), state, own?.Reason ?? "",
            state == "online" ? Instant(known?.OnlineSinceUs) : own?.Since, Instant(known?.LastHeardUs), known?.Birth?.Version ?? "", known?.Boot ?? "", known?.Connection ?? 0,
            clock == TimeQuality.Unspecified ? "unknown" : clock.ToString().ToLowerInvariant(), vitals is { ClockErrorUs: > 0 } bound ? bound.ClockErrorUs / 1e3 : null,
            below.FirstOrDefault(device => device.Kind == "link")?.State ?? "", vitals is null ? null : Outbox(vitals), below.Count, below.Count(device => device.Severity == Severity.Fine),
            subject, PlannedWorkBook.Covering(work, id, subject, []));
    }

    static OutboxView Outbox(GatewayVitals vitals)
    {
        var counters = vitals.Counters;
        return new(
            EventTime.FromUs(vitals.AtUs), (long)counters.UnackedBatches, (long)counters.OutboxBytes, (long)counters.OutboxBudgetBytes, (long)counters.DiskFreeBytes,
            vitals.BytesPerHour, vitals.HoursLeft, vitals.FallsBehind, (long)counters.Reads, (long)counters.Outboxed, (long)counters.DroppedByPolicy, (long)counters.ResentBatches);
    }

    DeviceView Device(EquipmentView device, IReadOnlyList<PlannedWorkView> work)
    {
        var named = names.Of(device.Gateway, device.Kind, device.Name);
        var what = device.Severity == Severity.Fine || device.State == "unknown" ? "" : FaultWords.Of(device.Kind, device.State).What;
        return new(device.Id, device.Kind, named.Name, named.Where, device.Severity, device.State, what, device.Reason, device.Since, PlannedWorkBook.Covering(work, device.Gateway, device.Id, named.Portals));
    }

    static DateTimeOffset? Instant(long? us) => us is > 0 and var at ? EventTime.FromUs(at) : null;
}
