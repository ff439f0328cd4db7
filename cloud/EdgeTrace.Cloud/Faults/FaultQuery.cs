using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;

namespace EdgeTrace.Cloud.Faults;

/// <summary>
/// <c>/api/v1/faults</c>: what devices say of themselves, what births and site model contradict each other in, and what is wrong with the
/// server itself, each as one sentence, gathered under its cause.
/// </summary>
sealed class FaultQuery(SiteModel site, EquipmentBoard board, GatewayDirectory gateways, ServerFaults server, FaultNames names, PlannedWorkBook planned, MendedQuery mended, AlarmViews alarms, TimeProvider time)
{
    public FaultsView Faults()
    {
        var devices = board.Views().Where(device => !IsSettled(device)).ToList();
        var work = planned.Now();
        List<FaultView> all = [.. Caused(devices).Select(cause => Of(cause.Device, cause.Children, work)), .. Contradictions(devices).Select(device => Of(device, [], work))];
        var own = server.Now();
        if (own.FirstOrDefault(fault => fault.Kind == "broker" && fault.State != "connecting") is { } broker)
        {
            // Who cannot hear its broker hears no gateway: one thing to look at.
            var unheard = all.Where(fault => fault.State == EquipmentBoard.OfflineState).ToList();
            all.RemoveAll(unheard.Contains);
            all.Add(Of(broker, [.. unheard.SelectMany(gateway => gateway.Children.Prepend(new(gateway.Id, gateway.Kind, gateway.Name, gateway.State, gateway.Where)))]));
        }
        all.AddRange(own.Where(fault => all.All(other => other.Id != fault.Id)).Select(fault => Of(fault, [])));
        all.Sort((a, b) => b.Since != a.Since ? Nullable.Compare(b.Since, a.Since) : string.CompareOrdinal(a.Id, b.Id));
        return new(
            devices.Count(IsDevice), devices.Count(device => IsDevice(device) && device.Severity == Severity.Fine), [.. all.Where(fault => fault.Planned is null)], [.. all.Where(fault => fault.Planned is not null)], work, mended.Mended());
    }

    static bool IsDevice(EquipmentView told) => told.Kind is not ("portal" or "point" or "stream");

    /// <summary>Told before the site model was corrected; nobody tells that it no longer is so.</summary>
    bool IsSettled(EquipmentView told) => told.State is FaultWords.NotInSiteModel or FaultWords.OfAnotherGateway && told.Gateway == told.Kind switch
    {
        "portal" => site.Portal(told.Name)?.Gateway,
        "scanner" => site.Scanner(told.Name)?.Gateway,
        "point" => site.Point(told.Name)?.Gateway,
        _ => null,
    };

    /// <summary>Devices that are not fine, each with those that are so only because of it.</summary>
    static IEnumerable<(EquipmentView Device, IReadOnlyList<EquipmentView> Children)> Caused(IReadOnlyList<EquipmentView> devices)
    {
        var offline = devices.Where(device => device is { Kind: EquipmentBoard.GatewayKind, State: EquipmentBoard.OfflineState }).Select(device => device.Gateway).ToHashSet();
        var wrong = devices.Where(device => device.Severity != Severity.Fine && (!offline.Contains(device.Gateway) || device.State == EquipmentBoard.OfflineState)).ToList();
        foreach (var device in wrong)
        {
            if (device.State == EquipmentBoard.OfflineState) yield return (device, [.. devices.Where(child => child.Gateway == device.Gateway && child.Id != device.Id)]);
            else if (device.Kind == "reader") yield return (device, [.. wrong.Where(child => IsAntennaOf(child, device))]);
            else if (!wrong.Any(reader => reader.Kind == "reader" && IsAntennaOf(device, reader))) yield return (device, []);
        }
    }

    static bool IsAntennaOf(EquipmentView antenna, EquipmentView reader) =>
        antenna.Kind == "antenna" && antenna.Gateway == reader.Gateway && antenna.Name.LastIndexOf('-') is > 0 and var dash && antenna.Name[..dash] == reader.Name;

    /// <summary>The cloud is master of the site, a birth declares what its gateway has (DESIGN.md, corridor 9): where they differ, somebody's file is wrong.</summary>
    IEnumerable<EquipmentView> Contradictions(IReadOnlyList<EquipmentView> told)
    {
        var known = told.Select(device => device.Id).ToHashSet();
        foreach (var gateway in site.Gateways.Where(gateway => gateways.Find(gateway) is null && !known.Contains(EquipmentBoard.IdOf(gateway, EquipmentBoard.GatewayKind, gateway))))
            yield return Contradiction(gateway, EquipmentBoard.GatewayKind, gateway, FaultWords.NeverHeard, 0);
        foreach (var status in gateways.All.OrderBy(status => status.Gateway, StringComparer.Ordinal))
        {
            if (status.Birth is not { } birth) continue;
            var contradictions = Differences("portal", status, birth.Portals, site.Portals.Select(portal => (portal.Id, portal.Gateway)))
                .Concat(Differences("scanner", status, birth.Scanners, site.Scanners.Select(scanner => (scanner.Id, scanner.Gateway))))
                .Concat(Differences("point", status, birth.Points, site.Points.Select(point => (point.Id, point.Gateway))));
            foreach (var contradiction in contradictions)
                if (!known.Contains(contradiction.Id)) yield return contradiction;
        }
    }

    static IEnumerable<EquipmentView> Differences(string kind, GatewayStatus status, IReadOnlyCollection<string> declared, IEnumerable<(string Id, string Gateway)> modelled)
    {
        var owners = modelled.ToDictionary(one => one.Id, one => one.Gateway);
        foreach (var (id, _) in owners.Where(one => one.Value == status.Gateway && !declared.Contains(one.Key))) yield return Contradiction(status.Gateway, kind, id, FaultWords.NotDeclared, status.Birth!.SentUs);
        foreach (var id in declared.Where(id => owners.GetValueOrDefault(id) != status.Gateway))
            yield return Contradiction(status.Gateway, kind, id, owners.ContainsKey(id) ? FaultWords.OfAnotherGateway : FaultWords.NotInSiteModel, status.Birth!.SentUs);
    }

    static EquipmentView Contradiction(string gateway, string kind, string id, string state, long sinceUs) =>
        new(EquipmentBoard.IdOf(gateway, kind, id), kind, id, gateway, FaultWords.SeverityOf(kind, state), state, "", "", sinceUs == 0 ? default : EventTime.FromUs(sinceUs));

    FaultView Of(EquipmentView device, IReadOnlyList<EquipmentView> children, IReadOnlyList<PlannedWorkView> work)
    {
        var named = names.Of(device.Gateway, device.Kind, device.Name);
        var word = FaultWords.Of(device.Kind, device.State);
        DateTimeOffset? since = device.Since == default ? null : device.Since;
        var (means, todo) = (word.Means.Replace("{it}", named.Serves, StringComparison.Ordinal), device.Remedy.Length > 0 ? device.Remedy : word.Do);
        var plan = PlannedWorkBook.Covering(work, device.Gateway, device.Id, named.Portals);
        return new(
            device.Id, device.Severity, device.Kind, device.State, named.Name, device.Gateway, named.Place, named.Facts?.Asset, named.Facts?.Room, named.Facts?.Port, named.Where,
            since, word.What, means, todo, device.Reason, Sentence(named.Name, named.Where, word.What, since, means, todo),
            names.SubjectsOf(device.Gateway, device.Kind, device.Name, named), named.Evidence, [.. children.Select(Child)],
            plan, device.State == EquipmentBoard.OfflineState && plan is null ? alarms.Of(device) : null);
    }

    FaultView Of(ServerFault fault, IReadOnlyList<FaultChild> children)
    {
        var word = FaultWords.Of(fault.Kind, fault.State);
        DateTimeOffset? since = fault.SinceUs == ServerFault.Always ? null : EventTime.FromUs(fault.SinceUs);
        var means = word.Means.Replace("{it}", fault.Serves, StringComparison.Ordinal);
        return new(
            fault.Id, word.Severity, fault.Kind, fault.State, fault.Name, null, null, null, null, null, "", since, word.What, means, word.Do, fault.Said,
            Sentence(fault.Name, "", word.What, since, means, word.Do), [], fault.Evidence, children, null);
    }

    FaultChild Child(EquipmentView device)
    {
        var named = names.Of(device.Gateway, device.Kind, device.Name);
        return new(device.Id, device.Kind, named.Name, device.State, named.Where);
    }

    /// <summary>The five parts (UI.md, Words), with the time as the site's own clock shows it.</summary>
    string Sentence(string name, string where, string what, DateTimeOffset? since, string means, string todo) =>
        $"{name}{(where.Length > 0 ? $" ({where})" : "")} {what}{Since(since)}. {means} {todo}";

    string Since(DateTimeOffset? since)
    {
        if (since is not { } at) return "";
        var (local, today) = (TimeZoneInfo.ConvertTime(at, site.TimeZone), TimeZoneInfo.ConvertTime(time.GetUtcNow(), site.TimeZone));
        return " since " + local.ToString(local.Date == today.Date ? "HH:mm" : local.Year == today.Year ? "ddd d MMM HH:mm" : "ddd d MMM yyyy HH:mm", CultureInfo.InvariantCulture);
    }
}
