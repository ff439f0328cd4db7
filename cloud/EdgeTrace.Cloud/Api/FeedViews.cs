using EdgeTrace.Api;
using EdgeTrace.Cloud.Exits;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Api;

/// <summary>The kinds of durable event, as they are called in the feed.</summary>
static class FeedKind
{
    public const string Movement = "movement";
    public const string Scan = "scan";
    public const string Alarm = "alarm";
    public const string Equipment = "equipment";

    /// <summary>Something went out of the building that somebody must answer: told as an alarm, once amber or late, once red, once answered.</summary>
    public const string Exit = "exit";
    public const string Pulse = "pulse";

    /// <summary>The cursor asked for is not of this ledger: fetch <c>/api/v1/now</c> again.</summary>
    public const string Reset = "reset";
}

/// <summary>Turns rows of the outgoing feed into events. What the row said stays; only what people say of it, the answer, planned work and a product's name nobody knew then, is looked up anew.</summary>
sealed class FeedViews(LedgerReader ledger, AlarmViews alarms, ExitViews exits, ItemNames names)
{
    public IReadOnlyList<FeedEvent> After(long cursor, int max) => [.. ledger.Feed(cursor, max).Select(Of)];

    public FeedEvent Of(FeedRow row)
    {
        var recorded = EventTime.FromUs(row.RecordedUs);
        return row.Kind switch
        {
            FeedKind.Movement => new(row.Cursor, row.Kind, recorded, Movement: Movement(row)),
            FeedKind.Scan => new(row.Cursor, row.Kind, recorded, Scan: Scan(row)),
            FeedKind.Alarm => new(row.Cursor, row.Kind, recorded, Alarm: alarms.Labelled(Answered(ApiJson.Read<AlarmView>(row.Json)))),
            FeedKind.Exit => new(row.Cursor, row.Kind, recorded, Alarm: exits.Answered(ApiJson.Read<AlarmView>(row.Json))),
            FeedKind.Equipment => new(row.Cursor, row.Kind, recorded, Equipment: ApiJson.Read<EquipmentView>(row.Json)),
            _ => new(row.Cursor, row.Kind, recorded),
        };
    }

    public MovementView Movement(FeedRow row)
    {
        var told = ApiJson.Read<MovementView>(row.Json);
        return told with { Item = names.Anew(told.Item), LatencyMs = Math.Max(0, (row.RecordedUs - row.EventUs) / 1000.0) };
    }

    public ScanView Scan(FeedRow row)
    {
        var told = ApiJson.Read<ScanView>(row.Json);
        return told.Item is { } item ? told with { Item = names.Anew(item) } : told;
    }

    public AlarmView Answered(AlarmView alarm) =>
        ledger.Acknowledged(alarm.Id) is { } by ? alarm with { Acknowledged = true, AcknowledgedBy = by.Actor } : alarm;
}
