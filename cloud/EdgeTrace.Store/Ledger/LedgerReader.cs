using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

public sealed record FeedRow(long Cursor, string Kind, string Fact, string Phase, long EventUs, long RecordedUs, string Json);
public sealed record ItemRow(string Key, string? Epc, string? Gtin, string? Serial, string? Lot, long SeenUs, string SeenAt);
public sealed record LocatedItem(string Item, string? Location, string Basis, long AtUs, string Source, double Confidence, string Fact, ItemRow? Seen);
public sealed record EpisodeRow(
    string Id, string Point, string Rule, long StartUs, long? RaisedUs, long? EndedUs, int? PeakMilliCelsius, string? Limits,
    long? GatewayRaisedUs, long? GatewayEndedUs, int? GatewayPeakMilliCelsius, Acknowledgement? Acknowledged);
public sealed record ScanRow(string Id, string Scanner, long AtUs, byte[] Raw, string Understood, string? Item, string? Error, string? Location, long RecordedUs);
public sealed record VisitRow(VisitFact Visit, string? From, string? To, long RecordedUs, long Seq);
public sealed record LocationCounts(int Items, int InSince, int OutSince, long? LastMoveUs);
public sealed record ZoneRow(ZoneId Zone, ZonePosition Position);

/// <summary>Questions to the ledger. Readers see the last committed state and never wait for the writer.</summary>
public sealed partial class LedgerReader(string path)
{
    const string VisitColumns = """
        v.id, v.portal, v.epc, v.first_us, v.last_us, v.count, v.reads, v.reads_inside, v.reads_outside, v.peak_centi_dbm, v.peak_antenna, v.direction, v.side,
        v.confidence, v.continues_from, v.continues, v.truncated, v.late, m.from_location, m.to_location, v.recorded_us, v.seq
        FROM visits v LEFT JOIN movements m ON m.id = v.id
        """;
    const string EpisodeColumns = """
        e.id, e.point, e.rule, e.start_us, e.raised_us, e.ended_us, e.peak_milli, e.limits, e.gateway_raised_us, e.gateway_ended_us, e.gateway_peak_milli,
        a.acknowledged_us, a.acknowledged_by, a.reason FROM episodes e LEFT JOIN alarms a ON a.id = e.id
        """;
    const string LocatedColumns = """
        l.item, l.location, l.basis, l.at_us, l.source, l.confidence, l.fact, i.key, i.epc, i.gtin, i.serial, i.lot, i.seen_us, i.seen_at
        FROM item_locations l LEFT JOIN items i ON i.key = l.item
        """;
    const string ScanColumns = "id, scanner, at_us, raw, understood, item, error, location, recorded_us FROM scans";

    static readonly string[] s_totals = ["visits", "readsInVisits", "passages", "movements", "scans", "items"];

    public string Path { get; } = path;

    public IReadOnlyList<FeedRow> Feed(long after, int max) => Ask(c => c.Rows(
        "SELECT cursor, kind, fact, phase, event_us, recorded_us, json FROM feed WHERE cursor > $1 ORDER BY cursor LIMIT $2", FeedOf, after, max));

    /// <summary>The newest rows of one kind, newest first.</summary>
    public IReadOnlyList<FeedRow> NewestFeed(string kind, int max) => Ask(c => c.Rows(
        "SELECT cursor, kind, fact, phase, event_us, recorded_us, json FROM feed WHERE kind = $1 ORDER BY cursor DESC LIMIT $2", FeedOf, kind, max));

    public long FeedHead() => Ask(c => (long)(c.Scalar("SELECT max(cursor) FROM feed") ?? 0L));

    public ItemRow? Item(string key) => Ask(c => c.Rows("SELECT key, epc, gtin, serial, lot, seen_us, seen_at FROM items WHERE key = $1", r => ItemOf(r, 0)!, key)).FirstOrDefault();

    public IReadOnlyList<ItemRow> ItemsOfProduct(string gtin, string? serial, int max) => Ask(c => c.Rows(
        "SELECT key, epc, gtin, serial, lot, seen_us, seen_at FROM items WHERE gtin = $1 AND ($2 IS NULL OR serial = $2) ORDER BY seen_us DESC LIMIT $3", r => ItemOf(r, 0)!, gtin, serial, max));

    public IReadOnlyList<ItemRow> ItemsByText(string text, int max) => Ask(c => c.Rows(
        "SELECT key, epc, gtin, serial, lot, seen_us, seen_at FROM items WHERE instr(key, $1) > 0 OR instr(epc, $1) > 0 OR serial = $1 OR lot = $1 ORDER BY seen_us DESC LIMIT $2", r => ItemOf(r, 0)!, text, max));

    public LocatedItem? WhereIs(string item) => Ask(c => c.Rows($"SELECT {LocatedColumns} WHERE l.item = $1", LocatedOf, item)).FirstOrDefault();

    public IReadOnlyList<LocatedItem> ItemsIn(string location, int max) => Ask(c => c.Rows(
        $"SELECT {LocatedColumns} WHERE l.location = $1 ORDER BY l.at_us DESC LIMIT $2", LocatedOf, location, max));

    /// <summary>Visits of an EPC, newest first, that ended before <paramref name="beforeUs"/>.</summary>
    public IReadOnlyList<VisitRow> VisitsOf(string epc, long beforeUs, int max) => Ask(c => c.Rows(
        $"SELECT {VisitColumns} WHERE v.epc = $1 AND v.last_us < $2 ORDER BY v.last_us DESC LIMIT $3", VisitOf, epc, beforeUs, max));

    public VisitRow? Visit(string id) => Ask(c => c.Rows($"SELECT {VisitColumns} WHERE v.id = $1", VisitOf, id)).FirstOrDefault();

    /// <summary>Visits in the order they were recorded, for projections with their own cursor.</summary>
    public IReadOnlyList<VisitRow> VisitsAfter(long seq, int max) => Ask(c => c.Rows($"SELECT {VisitColumns} WHERE v.seq > $1 ORDER BY v.seq LIMIT $2", VisitOf, seq, max));

    public IReadOnlyList<ScanRow> ScansOf(string item, long beforeUs, int max) => Ask(c => c.Rows(
        $"SELECT {ScanColumns} WHERE item = $1 AND at_us < $2 ORDER BY at_us DESC LIMIT $3", ScanOf, item, beforeUs, max));

    public IReadOnlyList<ScanRow> NewestScans(int max) => Ask(c => c.Rows($"SELECT {ScanColumns} ORDER BY at_us DESC LIMIT $1", ScanOf, max));

    /// <summary>The scans since a time, newest first.</summary>
    public IReadOnlyList<ScanRow> ScansSince(long sinceUs, int max) => Ask(c => c.Rows($"SELECT {ScanColumns} WHERE at_us >= $1 ORDER BY at_us DESC LIMIT $2", ScanOf, sinceUs, max));

    /// <summary>Episodes a person has still to answer or that still go on, oldest first.</summary>
    public IReadOnlyList<EpisodeRow> OpenAlarms(int max) => Ask(c => c.Rows($"""
        SELECT {EpisodeColumns} WHERE (e.raised_us IS NOT NULL OR e.gateway_raised_us IS NOT NULL)
            AND ((CASE WHEN e.limits IS NULL THEN e.gateway_ended_us ELSE e.ended_us END) IS NULL OR a.id IS NULL) ORDER BY e.start_us LIMIT $1
        """, EpisodeOf, max));

    /// <summary>Raised episodes of a point that touch a stretch of time, newest first.</summary>
    public IReadOnlyList<EpisodeRow> EpisodesOf(string point, long fromUs, long toUs, int max) => Ask(c => c.Rows($"""
        SELECT {EpisodeColumns} WHERE e.point = $1 AND e.start_us < $3 AND (e.raised_us IS NOT NULL OR e.gateway_raised_us IS NOT NULL)
            AND (e.start_us >= $2 OR coalesce(CASE WHEN e.limits IS NULL THEN e.gateway_ended_us ELSE e.ended_us END, $3) > $2) ORDER BY e.start_us DESC, e.rule LIMIT $4
        """, EpisodeOf, point, fromUs, toUs, max));

    public EpisodeRow? Episode(string id) => Ask(c => c.Rows($"SELECT {EpisodeColumns} WHERE e.id = $1", EpisodeOf, id)).FirstOrDefault();

    public Acknowledgement? Acknowledged(string alarm) => Ask(c => c.Rows(
        "SELECT id, acknowledged_by, reason, acknowledged_us FROM alarms WHERE id = $1", r => new Acknowledgement(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3)), alarm)).FirstOrDefault();

    /// <summary>Planned work that holds at a time: not yet over, and not ended by anybody; the newest first.</summary>
    public IReadOnlyList<PlannedWork> PlannedWork(long atUs) => Ask(c => c.Rows("""
        SELECT id, subject, actor, reason, from_us, until_us FROM planned_work
        WHERE until_us > $1 AND id NOT IN (SELECT id FROM planned_work_ended) ORDER BY from_us DESC, id
        """, r => new PlannedWork(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt64(4), r.GetInt64(5)), atUs));

    /// <summary>Batches that projections refused, the newest first.</summary>
    public IReadOnlyList<(long AtUs, QuarantinedBatch Of)> NewestQuarantined(int max) => Ask(c => c.Rows(
        "SELECT at_us, projection, zone, batch, position, cause FROM quarantine ORDER BY at_us DESC LIMIT $1",
        r => (r.GetInt64(0), new QuarantinedBatch(r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt64(4), r.GetString(5))), max));

    /// <summary>Batches that projections refused since a time, by zone: how many, since when, and the newest cause.</summary>
    public IReadOnlyList<(string Projection, string Zone, int Batches, long FirstUs, string Cause)> QuarantinedSince(long sinceUs) => Ask(c => c.Rows(
        "SELECT projection, zone, count(*), min(at_us), cause, max(at_us) FROM quarantine WHERE at_us >= $1 GROUP BY projection, zone ORDER BY 6 DESC",
        r => (r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetInt64(3), r.GetString(4)), sinceUs));

    public IReadOnlyList<EquipmentState> Equipment() => Ask(c => c.Rows(
        "SELECT id, gateway, kind, name, state, reason, remedy, since_us FROM equipment ORDER BY id",
        r => new EquipmentState(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetInt64(7))));

    /// <summary>What is in a Location, and what went in and out since a time.</summary>
    public LocationCounts Counts(string location, long sinceUs) => Ask(c => new LocationCounts(
        (int)(long)c.Scalar("SELECT count(*) FROM item_locations WHERE location = $1", location)!,
        (int)(long)c.Scalar("SELECT count(*) FROM movements WHERE to_location = $1 AND at_us >= $2", location, sinceUs)!,
        (int)(long)c.Scalar("SELECT count(*) FROM movements WHERE from_location = $1 AND at_us >= $2", location, sinceUs)!,
        (long?)c.Scalar("SELECT max(at_us) FROM (SELECT max(at_us) AS at_us FROM movements WHERE to_location = $1 UNION ALL SELECT max(at_us) FROM movements WHERE from_location = $1)", location)));

    /// <summary>Movements in or out per minute since <paramref name="sinceUs"/>: minute number from there, and how many.</summary>
    public IReadOnlyList<(int Minute, int Moves)> MovesPerMinute(string location, long sinceUs) => Ask(c => c.Rows("""
        SELECT (at_us - $2) / 60000000, count(*) FROM (
            SELECT at_us FROM movements WHERE to_location = $1 AND at_us >= $2 UNION ALL SELECT at_us FROM movements WHERE from_location = $1 AND at_us >= $2)
        GROUP BY 1
        """, r => (r.GetInt32(0), r.GetInt32(1)), location, sinceUs));

    public IReadOnlyList<ZoneRow> Zones() => Ask(c => c.Rows(
        "SELECT projection, zone, position, through_us, gateway, epoch, sequence FROM applied", r => new ZoneRow(
            new(r.GetString(0), r.GetString(1)), new(r.GetInt64(2), r.GetInt64(3), r.GetString(4), unchecked((ulong)r.GetInt64(5)), (ulong)r.GetInt64(6)))));

    public ZoneSnapshot? Snapshot(ZoneId zone) => Ask(c => c.Rows(
        "SELECT position, through_us, bytes FROM snapshots WHERE projection = $1 AND zone = $2",
        r => new ZoneSnapshot(zone, r.GetInt64(0), r.GetInt64(1), (byte[])r[2]), zone.Projection, zone.Zone)).FirstOrDefault();

    /// <summary>Nothing at or below this position of the log need be replayed.</summary>
    public long Checkpoint() => Ask(c => (long)c.Scalar("SELECT position FROM checkpoint")!);

    /// <summary>Positions a zone once refused: they are stepped over when its state is rebuilt.</summary>
    public IReadOnlyList<QuarantinedBatch> Quarantined(ZoneId zone) => Ask(c => c.Rows(
        "SELECT projection, zone, batch, position, cause FROM quarantine WHERE projection = $1 AND zone = $2",
        r => new QuarantinedBatch(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetString(4)), zone.Projection, zone.Zone));

    /// <summary>Where in the log the reads of a visit are.</summary>
    public IReadOnlyList<long> ReadBatches(string portal, long firstUs, long lastUs, int max) => Ask(c => c.Rows(
        "SELECT position FROM read_batches WHERE portal = $1 AND last_us >= $2 AND first_us <= $3 ORDER BY position LIMIT $4", r => r.GetInt64(0), portal, firstUs, lastUs, max));

    /// <summary>Portals that still know of reads below this position of the log. One look a portal, however many rows there are.</summary>
    public IReadOnlyList<string> PortalsWithReadBatchesBelow(long position) => Ask(c => c.Rows("""
        WITH RECURSIVE portals (portal) AS (
            SELECT min(portal) FROM read_batches UNION ALL SELECT (SELECT min(portal) FROM read_batches WHERE portal > portals.portal) FROM portals WHERE portal IS NOT NULL)
        SELECT portal FROM portals WHERE portal IS NOT NULL AND EXISTS (SELECT 1 FROM read_batches r WHERE r.portal = portals.portal AND position < $1)
        """, r => r.GetString(0), position));

    /// <summary>Event time to feed in ms of the newest rows of a kind, ascending.</summary>
    public IReadOnlyList<double> FeedDelays(string kind, int max)
    {
        var delays = Ask(c => c.Rows(
            "SELECT (recorded_us - event_us) / 1000.0 FROM feed WHERE kind = $1 ORDER BY cursor DESC LIMIT $2", r => r.GetDouble(0), kind, max));
        delays.Sort();
        return delays;
    }

    public IReadOnlyDictionary<string, long> Totals() => Ask(c => new Dictionary<string, long>(c.Rows(
        "SELECT visits, reads_in_visits, passages, movements, scans, items FROM totals",
        r => s_totals.Select((name, column) => KeyValuePair.Create(name, r.GetInt64(column))).ToList())[0])
    {
        ["episodes"] = (long)c.Scalar("SELECT count(*) FROM episodes")!,
        ["alarmsRaised"] = (long)c.Scalar("SELECT count(*) FROM episodes WHERE raised_us IS NOT NULL OR gateway_raised_us IS NOT NULL")!,
        ["quarantined"] = (long)c.Scalar("SELECT count(*) FROM quarantine")!,
    });

    internal T Ask<T>(Func<SqliteConnection, T> question)
    {
        using var connection = SqliteFile.OpenForReading(Path);
        return question(connection);
    }

    static FeedRow FeedOf(SqliteDataReader r) => new(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt64(4), r.GetInt64(5), r.GetString(6));

    static ItemRow? ItemOf(SqliteDataReader r, int at) =>
        r.IsDBNull(at) ? null : new(r.GetString(at), r.StringOrNull(at + 1), r.StringOrNull(at + 2), r.StringOrNull(at + 3), r.StringOrNull(at + 4), r.GetInt64(at + 5), r.GetString(at + 6));

    static LocatedItem LocatedOf(SqliteDataReader r) =>
        new(r.GetString(0), r.StringOrNull(1), r.GetString(2), r.GetInt64(3), r.GetString(4), r.GetDouble(5), r.GetString(6), ItemOf(r, 7));

    static ScanRow ScanOf(SqliteDataReader r) =>
        new(r.GetString(0), r.GetString(1), r.GetInt64(2), (byte[])r[3], r.GetString(4), r.StringOrNull(5), r.StringOrNull(6), r.StringOrNull(7), r.GetInt64(8));

    static EpisodeRow EpisodeOf(SqliteDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.LongOrNull(4), r.LongOrNull(5), (int?)r.LongOrNull(6), r.StringOrNull(7),
        r.LongOrNull(8), r.LongOrNull(9), (int?)r.LongOrNull(10), r.IsDBNull(11) ? null : new(r.GetString(0), r.GetString(12), r.GetString(13), r.GetInt64(11)));

    static VisitRow VisitOf(SqliteDataReader r) => new(
        new(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetInt32(6), r.GetInt32(7), r.GetInt32(8), r.GetInt32(9), r.GetInt32(10),
            r.GetString(11), r.GetString(12), r.GetDouble(13), r.StringOrNull(14), r.GetBoolean(15), r.GetBoolean(16), r.GetBoolean(17)),
        r.StringOrNull(18), r.StringOrNull(19), r.GetInt64(20), r.GetInt64(21));
}
