using System.Collections.Concurrent;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Broker;
using EdgeTrace.Cloud.Doors;
using EdgeTrace.Cloud.Excursions;
using EdgeTrace.Cloud.Exits;
using EdgeTrace.Cloud.Retention;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Cloud.Telemetry;
using EdgeTrace.Stock;
using EdgeTrace.Store;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Faults;

/// <summary>Something wrong with the cloud's own parts.</summary>
/// <param name="Serves">What the words' <c>{it}</c> stands for.</param>
/// <param name="SinceUs">0: since it was first looked at; <see cref="Always"/>: since before anybody looked.</param>
sealed record ServerFault(string Id, string Kind, string State, string Name, string Serves, long SinceUs, string Said, string Evidence = "")
{
    public const long Always = -1;
}

/// <summary>
/// What is wrong with the server itself, asked of the parts that know it: log, ledger, stores, broker, disk, backups, and what was refused or
/// could not be read in the last day. It judges nothing anew.
/// </summary>
sealed class ServerFaults
{
    /// <summary>How long something that happened once is worth a look.</summary>
    static readonly TimeSpan HappeningsLast = TimeSpan.FromDays(1);

    /// <summary>Asking disk, backup folder and log costs files; once in so long is soon enough for what a person will do.</summary>
    static readonly TimeSpan SlowLasts = TimeSpan.FromSeconds(5);

    /// <summary>Different security events and quarantined messages looked at; more are counted in their own lists.</summary>
    const int HappeningsMax = 200;

    /// <summary>Numbers that two tags carry; with more there is one cause behind them, a printer or a reader, and these show it.</summary>
    const int TwoTagsMax = 20;

    readonly IServiceProvider _services;
    readonly TimeProvider _time;
    readonly FaultNames _names;
    readonly string? _backups;
    readonly Moment<IReadOnlyList<ServerFault>> _slow;
    readonly ConcurrentDictionary<string, long> _sinceUs = new();

    /// <param name="backups">Where backups go; null when nothing is configured.</param>
    public ServerFaults(IServiceProvider services, FaultNames names, TimeProvider time, string? backups)
    {
        (_services, _names, _time, _backups) = (services, names, time, backups);
        _slow = new(() => [.. Asked(Disk), .. Asked(Backups), .. Asked(Security), .. Asked(Unreadable), .. Asked(Quarantined)], time, SlowLasts);
    }

    public IReadOnlyList<ServerFault> Now()
    {
        List<ServerFault> now = [.. Log(), .. Broker(), .. Projections(), .. Audit(), .. Exits(), .. Excursions(), .. Doors(), .. Asked(Tags), .. _slow.Now()];
        // Since when a part has been wrong is known to nobody but who looks every second.
        foreach (var gone in _sinceUs.Keys.Except(now.Select(fault => fault.Id))) _sinceUs.TryRemove(gone, out _);
        return [.. now.Select(fault => fault.SinceUs != 0 ? fault : fault with { SinceUs = _sinceUs.GetOrAdd(fault.Id, _ => _time.NowUs()) })];
    }

    IEnumerable<ServerFault> Log()
    {
        if (_services.GetRequiredService<BatchLog>().State is { IsFine: false } log) yield return Of("batch-log", log.Name, "Batch log of the server", log.Reason);
    }

    IEnumerable<ServerFault> Broker()
    {
        if (_services.GetService<ExternalBroker>()?.State is { } link && link != BrokerState.Connected) yield return Of("broker", link.Name, "Broker", link.Reason);
    }

    IEnumerable<ServerFault> Audit()
    {
        if (_services.GetRequiredService<AuditWatch>().Broken is { } broken) yield return Of("audit", "broken", "Audit", broken.Says + ".");
    }

    IEnumerable<ServerFault> Exits()
    {
        if (_services.GetRequiredService<ExitFollower>().Stuck is { Length: > 0 } why) yield return Of("exits", "not watched", "Exits", why);
    }

    IEnumerable<ServerFault> Excursions()
    {
        if (_services.GetRequiredService<ExcursionFollower>().Stuck is { Length: > 0 } why) yield return Of("excursions", "not held", "Excursions", why);
    }

    IEnumerable<ServerFault> Doors()
    {
        if (_services.GetRequiredService<DoorFollower>().Stuck is { Length: > 0 } why) yield return Of("doors", "not told", "Doors", why);
    }

    IEnumerable<ServerFault> Projections()
    {
        foreach (var projection in _services.GetRequiredService<StatusQuery>().Projections())
        {
            var (kind, state) = FaultWords.OfProjection(projection);
            // Quarantined batches are in the ledger, with their time, and stay in the list for a day.
            if (state is FaultWords.Fine or "quarantined") continue;
            var what = projection.Name.Split('/', 2) switch
            {
                ["ledger"] => "Ledger",
                ["completeness"] => "Completeness",
                ["readings"] => "Readings store",
                ["readings", var store] => $"Readings store {store}",
                [var zone, var name] => ZoneName(zone, name),
                _ => projection.Name,
            };
            yield return new($"server/{kind}/{projection.Name}/{state}", kind, state, kind == "projection" ? $"Record of {what}" : what, what, projection.Since is { } since ? EventTime.ToUs(since) : 0, projection.Reason);
        }
    }

    IEnumerable<ServerFault> Disk()
    {
        var storage = _services.GetRequiredService<StorageBook>().Look();
        var state = ServerLimits.Disk(storage.FreeBytes, storage.TotalBytes, storage.DaysUntilFull);
        if (state != FaultWords.Fine) yield return Of("disk", state, "Disk of the server", $"{ServerLimits.Gigabytes(storage.FreeBytes)} of {ServerLimits.Gigabytes(storage.TotalBytes)} free. {ServerLimits.Forecast(storage)}");
    }

    IEnumerable<ServerFault> Backups()
    {
        var newest = _backups is null ? null : BackupManifest.Newest(_backups);
        var state = ServerLimits.Backup(_backups, newest is { } there ? _time.GetUtcNow() - there.Manifest.TakenAt : null);
        if (state == FaultWords.Fine) yield break;
        // Too old counts from when it became so.
        var since = newest is { } old ? EventTime.ToUs(old.Manifest.TakenAt + ServerLimits.BackupAgeMax) : ServerFault.Always;
        yield return Of("backup", state, state == "too old" ? "Newest backup" : "Backup", newest is { } taken ? $"{Path.GetFileName(taken.Folder)} is the newest." : "") with { SinceUs = since };
    }

    IEnumerable<ServerFault> Security()
    {
        var sinceUs = _time.NowUs() - Microseconds(HappeningsLast);
        var recent = _services.GetRequiredService<BatchLog>().Reader.SecurityEvents(HappeningsMax).Where(one => one.LastUs >= sinceUs);
        // A stranger chooses the name he tries: strangers are one row together.
        foreach (var same in recent.GroupBy(one => (one.Kind, Gateway: _names.Knows(one.Gateway) ? one.Gateway : "")))
        {
            var newest = same.MaxBy(one => one.LastUs)!;
            var name = same.Key.Gateway.Length > 0 ? _names.GatewayName(same.Key.Gateway) : "Somebody unknown";
            yield return new($"server/security/{newest.Kind}/{same.Key.Gateway}", "security", newest.Kind, name, name, Math.Max(same.Min(one => one.FirstUs), sinceUs), $"{Times(same.Sum(one => one.Count))} in the last day; last {newest.Detail.TrimEnd('.')} ({newest.Subject}).", "faults/quarantine");
        }
    }

    IEnumerable<ServerFault> Unreadable()
    {
        var sinceUs = _time.NowUs() - Microseconds(HappeningsLast);
        var recent = _services.GetRequiredService<BatchLog>().Reader.Quarantine(HappeningsMax).Where(one => one.ReceivedUs >= sinceUs).ToList();
        if (recent is [var newest, ..]) yield return new("server/quarantine/unreadable", "quarantine", "unreadable", "Quarantine", "", recent[^1].ReceivedUs, $"{Times(recent.Count)} in the last day; last on {newest.Topic}: {newest.Cause}", "faults/quarantine");
    }

    IEnumerable<ServerFault> Quarantined() =>
        _services.GetRequiredService<LedgerReader>().QuarantinedSince(_time.NowUs() - Microseconds(HappeningsLast)).Select(zone => new ServerFault(
            $"server/projection/{zone.Projection}/{zone.Zone}/quarantined", "projection", "quarantined", $"Record of {ZoneName(zone.Projection, zone.Zone)}", ZoneName(zone.Projection, zone.Zone), zone.FirstUs,
            $"{zone.Batches} in the last day; last: {zone.Cause}", "faults/quarantine"));

    /// <summary>Things that nobody may use before somebody has looked, one row each: they lie in different places.</summary>
    IEnumerable<ServerFault> Tags()
    {
        var views = _services.GetRequiredService<StockViews>();
        return _services.GetRequiredService<LedgerReader>().StockWithTwoTags(TwoTagsMax).Select(row =>
        {
            var (name, hold) = (views.Name(row.Item), row.Item.Holds.First(hold => hold.Id == TwoTags.HoldId));
            var spoken = name.Detail.Length > 0 ? $"{name.Name}, {name.Detail}" : name.Name;
            return new ServerFault($"server/tags/{row.Item.Key}", "tags", "two tags", spoken, spoken, hold.SinceUs, views.Tags(row.Item), $"items/{Uri.EscapeDataString(row.Item.Epc ?? row.Item.Key)}");
        });
    }

    string ZoneName(string projection, string zone) => projection switch
    {
        "portal" => _names.PortalName(zone),
        "gateway" => _names.GatewayName(zone),
        "point" or "scanner" => _names.Of("", projection, zone).Serves,
        _ => zone,
    };

    static ServerFault Of(string kind, string state, string name, string said) => new($"server/{kind}/{state}", kind, state, name, name, 0, said);

    /// <summary>What cannot be asked (the disk of the log is gone) is told by the part itself; the rest of the list must still be there.</summary>
    static IReadOnlyList<ServerFault> Asked(Func<IEnumerable<ServerFault>> question)
    {
        try
        {
            return [.. question()];
        }
        catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or IOException or UnauthorizedAccessException or InvalidDataException or LogUnusableException)
        {
            return [new($"server/not-asked/{question.Method.Name}", "server", "not readable", "The server's own files", "", 0, error.Message)];
        }
    }

    static string Times(long count) => count == 1 ? "Once" : $"{count} times";

    static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
