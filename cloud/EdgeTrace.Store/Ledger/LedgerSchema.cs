using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>The tables of <c>ledger.db</c>, drawn in README.md. Facts are inserted by deterministic id and never edited; projections say so.</summary>
static partial class LedgerSchema
{
    /// <summary>Grows with every change of the tables; an older program refuses a newer file instead of guessing.</summary>
    public static int Version => s_steps.Length;

    /// <summary>From version n to n + 1; a new file takes all of them. A step that has been released is never edited.</summary>
    static readonly string[] s_steps = [Tables, PlannedWork, Completeness, Totals, AuditHashes, Stock, Recalls, Exits, Catalogue, Theatre, Glances, Chips, Excursions, Doors];

    const string Tables = """
        -- Facts. Their id is a function of what they say, so that deriving one again changes nothing.
        CREATE TABLE visits (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, portal TEXT NOT NULL, epc TEXT NOT NULL,
            first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, count INTEGER NOT NULL, reads INTEGER NOT NULL,
            reads_inside INTEGER NOT NULL, reads_outside INTEGER NOT NULL, peak_centi_dbm INTEGER NOT NULL, peak_antenna INTEGER NOT NULL,
            direction TEXT NOT NULL, side TEXT NOT NULL, confidence REAL NOT NULL,
            continues_from TEXT, continues INTEGER NOT NULL, truncated INTEGER NOT NULL, late INTEGER NOT NULL,
            actor TEXT NOT NULL, recorded_us INTEGER NOT NULL);
        CREATE INDEX visits_by_epc ON visits (epc, last_us);
        CREATE TABLE movements (
            id TEXT PRIMARY KEY, item TEXT NOT NULL, at_us INTEGER NOT NULL, portal TEXT NOT NULL,
            from_location TEXT, to_location TEXT, confidence REAL NOT NULL, actor TEXT NOT NULL, recorded_us INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX movements_in ON movements (to_location, at_us);
        CREATE INDEX movements_out ON movements (from_location, at_us);
        CREATE TABLE scans (
            id TEXT PRIMARY KEY, scanner TEXT NOT NULL, at_us INTEGER NOT NULL, raw BLOB NOT NULL, framing TEXT NOT NULL,
            understood TEXT NOT NULL, item TEXT, error TEXT, location TEXT, actor TEXT NOT NULL, recorded_us INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX scans_by_time ON scans (at_us);
        CREATE INDEX scans_by_item ON scans (item, at_us);
        -- An episode lives: raised, worse, ended. What the gateway itself decided stands beside what the cloud decided; the cloud's wins.
        CREATE TABLE episodes (
            id TEXT PRIMARY KEY, point TEXT NOT NULL, rule TEXT NOT NULL, start_us INTEGER NOT NULL,
            raised_us INTEGER, ended_us INTEGER, peak_milli INTEGER, limits TEXT,
            gateway_raised_us INTEGER, gateway_ended_us INTEGER, gateway_peak_milli INTEGER,
            actor TEXT NOT NULL, recorded_us INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX episodes_by_point ON episodes (point, start_us);
        -- Projections of the facts.
        CREATE TABLE items (
            key TEXT PRIMARY KEY, epc TEXT, gtin TEXT, serial TEXT, lot TEXT, seen_us INTEGER NOT NULL, seen_at TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX items_by_gtin ON items (gtin, serial);
        CREATE INDEX items_by_serial ON items (serial);
        CREATE TABLE item_locations (
            item TEXT PRIMARY KEY, location TEXT, basis TEXT NOT NULL, at_us INTEGER NOT NULL, source TEXT NOT NULL, start_us INTEGER NOT NULL,
            confidence REAL NOT NULL, fact TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX item_locations_by_location ON item_locations (location);
        CREATE TABLE equipment (
            id TEXT PRIMARY KEY, gateway TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
            state TEXT NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL, since_us INTEGER NOT NULL) WITHOUT ROWID;
        -- What people did.
        CREATE TABLE alarms (
            id TEXT PRIMARY KEY, acknowledged_us INTEGER NOT NULL, acknowledged_by TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE declared_wrong (
            kind TEXT NOT NULL, fact TEXT NOT NULL, at_us INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (kind, fact)) WITHOUT ROWID;
        CREATE TABLE audit (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, at_us INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL);
        -- What leaves, in order. A row is written only with a new fact: (kind, fact, phase) is the fact's own name.
        CREATE TABLE feed (
            cursor INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, fact TEXT NOT NULL, phase TEXT NOT NULL,
            event_us INTEGER NOT NULL, recorded_us INTEGER NOT NULL, json TEXT NOT NULL, UNIQUE (kind, fact, phase));
        CREATE INDEX feed_by_kind ON feed (kind, cursor);
        -- How far each zone of each projection has come, committed with its facts; its open state, to go on from after a crash.
        CREATE TABLE applied (
            projection TEXT NOT NULL, zone TEXT NOT NULL, position INTEGER NOT NULL, through_us INTEGER NOT NULL,
            gateway TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (projection, zone)) WITHOUT ROWID;
        CREATE TABLE snapshots (
            projection TEXT NOT NULL, zone TEXT NOT NULL, position INTEGER NOT NULL, through_us INTEGER NOT NULL, bytes BLOB NOT NULL,
            PRIMARY KEY (projection, zone)) WITHOUT ROWID;
        CREATE TABLE checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL);
        INSERT INTO checkpoint VALUES (1, 0);
        CREATE TABLE quarantine (
            projection TEXT NOT NULL, zone TEXT NOT NULL, batch TEXT NOT NULL, position INTEGER NOT NULL, cause TEXT NOT NULL, at_us INTEGER NOT NULL,
            PRIMARY KEY (projection, zone, batch)) WITHOUT ROWID;
        -- Which batches hold a portal's reads of a time: the way from a visit back to its evidence in the log.
        CREATE TABLE read_batches (
            portal TEXT NOT NULL, position INTEGER NOT NULL, first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, PRIMARY KEY (portal, position)) WITHOUT ROWID;
        CREATE INDEX read_batches_by_time ON read_batches (portal, last_us);
        """;

    const string PlannedWork = """
        -- Somebody will be working on something until a time; ended early by a row of its own. Neither is ever edited.
        CREATE TABLE planned_work (
            id TEXT PRIMARY KEY, subject TEXT NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, from_us INTEGER NOT NULL, until_us INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX planned_work_by_end ON planned_work (until_us);
        CREATE TABLE planned_work_ended (id TEXT PRIMARY KEY, at_us INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
        """;

    const string Completeness = """
        -- What came, by stream and hour of its own event time; placed = 0: its clock never knew the time, so the hour is that of its arrival.
        -- minutes is a bit for each minute of the hour that has a reading, faults the samples that carry a fault instead of a value.
        CREATE TABLE received (
            hour_us INTEGER NOT NULL, gateway TEXT NOT NULL, stream TEXT NOT NULL, placed INTEGER NOT NULL,
            readings INTEGER NOT NULL, faults INTEGER NOT NULL, batches INTEGER NOT NULL, minutes INTEGER NOT NULL,
            PRIMARY KEY (hour_us, gateway, stream, placed)) WITHOUT ROWID;
        -- What will never come, or came and could not be read. readings NULL: nobody can count it.
        CREATE TABLE losses (
            gateway TEXT NOT NULL, stream TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, ordinal INTEGER NOT NULL,
            to_sequence INTEGER NOT NULL, cause TEXT NOT NULL, readings INTEGER, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL,
            detail TEXT NOT NULL, recorded_us INTEGER NOT NULL, PRIMARY KEY (gateway, stream, epoch, sequence, ordinal)) WITHOUT ROWID;
        CREATE INDEX losses_by_time ON losses (to_us, from_us);
        -- How far each life of a stream is accounted for: read_sequence is the newest whose body could be read.
        CREATE TABLE stream_marks (
            gateway TEXT NOT NULL, stream TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, read_sequence INTEGER NOT NULL,
            heard_us INTEGER NOT NULL, through_us INTEGER NOT NULL, since_us INTEGER NOT NULL, PRIMARY KEY (gateway, stream, epoch)) WITHOUT ROWID;
        """;

    const string Totals = """
        -- What every look at the status says is counted when it is written, so that ten million visits are not counted to say so.
        CREATE TABLE totals (
            one INTEGER PRIMARY KEY CHECK (one = 1), visits INTEGER NOT NULL, reads_in_visits INTEGER NOT NULL, passages INTEGER NOT NULL,
            movements INTEGER NOT NULL, scans INTEGER NOT NULL, items INTEGER NOT NULL);
        INSERT INTO totals SELECT 1, count(*), coalesce(sum(reads), 0), coalesce(sum(direction <> 'unknown'), 0),
            (SELECT count(*) FROM movements), (SELECT count(*) FROM scans), (SELECT count(*) FROM items) FROM visits;
        CREATE TRIGGER visits_counted AFTER INSERT ON visits BEGIN
            UPDATE totals SET visits = visits + 1, reads_in_visits = reads_in_visits + NEW.reads, passages = passages + (NEW.direction <> 'unknown'); END;
        CREATE TRIGGER movements_counted AFTER INSERT ON movements BEGIN UPDATE totals SET movements = movements + 1; END;
        CREATE TRIGGER scans_counted AFTER INSERT ON scans BEGIN UPDATE totals SET scans = scans + 1; END;
        CREATE TRIGGER items_counted AFTER INSERT ON items BEGIN UPDATE totals SET items = items + 1; END;
        """;

    const string AuditHashes = """
        -- Each row's hash covers the row before it (AuditChain.cs draws it). Rows of an older ledger are chained as they stand.
        ALTER TABLE audit RENAME TO audit_unchained;
        CREATE TABLE audit (
            seq INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL, hash BLOB NOT NULL);
        WITH RECURSIVE chained (old, n, at_us, actor, action, subject, detail, hash) AS (
            SELECT seq, 1, at_us, actor, action, subject, detail, audit_hash(NULL, 1, at_us, actor, action, subject, detail)
                FROM audit_unchained WHERE seq = (SELECT min(seq) FROM audit_unchained)
            UNION ALL
            SELECT next.seq, n + 1, next.at_us, next.actor, next.action, next.subject, next.detail,
                    audit_hash(hash, n + 1, next.at_us, next.actor, next.action, next.subject, next.detail)
                FROM chained JOIN audit_unchained AS next ON next.seq = (SELECT min(seq) FROM audit_unchained WHERE seq > chained.old))
            INSERT INTO audit SELECT n, at_us, actor, action, subject, detail, hash FROM chained;
        DROP TABLE audit_unchained;
        CREATE INDEX audit_by_time ON audit (at_us);
        -- Whoever means to change it must first say so in the file's own tables.
        CREATE TRIGGER audit_is_never_edited BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'a row of the audit is never edited'); END;
        CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'a row of the audit is never deleted'); END;
        """;

    const string Stock = """
        -- What happened to Items and Lots, by people and rules: appended, never edited; one that was declared wrong stays here, and its row in declared_wrong ('event', id) says so.
        CREATE TABLE stock_events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, subject TEXT NOT NULL, kind TEXT NOT NULL, at_us INTEGER NOT NULL, offset_minutes INTEGER NOT NULL,
            place TEXT, read_point TEXT, act TEXT NOT NULL, actor TEXT NOT NULL, detail TEXT NOT NULL, recorded_us INTEGER NOT NULL);
        CREATE INDEX stock_events_by_subject ON stock_events (subject, at_us);
        CREATE INDEX stock_events_by_act ON stock_events (act);
        CREATE INDEX stock_events_by_time ON stock_events (at_us, kind);
        -- Projections: what all the events of an Item, and of a Lot, come to. holds is the number of open ones; state is the whole as JSON.
        CREATE TABLE stock_items (
            key TEXT PRIMARY KEY, product TEXT, lot TEXT, serial TEXT, expiry TEXT, made TEXT, status TEXT NOT NULL, holds INTEGER NOT NULL, case_id TEXT, patient TEXT, owner TEXT, container TEXT,
            state TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX stock_items_by_product ON stock_items (product, lot, serial);
        CREATE INDEX stock_items_by_lot ON stock_items (lot) WHERE lot IS NOT NULL;
        CREATE INDEX stock_items_by_patient ON stock_items (patient) WHERE patient IS NOT NULL;
        CREATE INDEX stock_items_by_case ON stock_items (case_id) WHERE case_id IS NOT NULL;
        CREATE INDEX stock_items_by_container ON stock_items (container) WHERE container IS NOT NULL;
        CREATE INDEX stock_items_held ON stock_items (holds) WHERE holds > 0;
        CREATE TABLE stock_lots (key TEXT PRIMARY KEY, product TEXT, lot TEXT, expiry TEXT, holds INTEGER NOT NULL, owner TEXT, state TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX stock_lots_by_product ON stock_lots (product, lot);
        CREATE TABLE stock_pieces (lot TEXT NOT NULL, place TEXT NOT NULL, pieces INTEGER NOT NULL, PRIMARY KEY (lot, place)) WITHOUT ROWID;
        CREATE INDEX stock_pieces_by_place ON stock_pieces (place);
        -- Trade items as the catalogue knew them from a time on; the newest counts.
        CREATE TABLE products (key TEXT NOT NULL, valid_from_us INTEGER NOT NULL, product TEXT NOT NULL, actor TEXT NOT NULL, PRIMARY KEY (key, valid_from_us)) WITHOUT ROWID;
        -- How far in the feed the scans of desks that do something have been done.
        CREATE TABLE scan_desk (one INTEGER PRIMARY KEY CHECK (one = 1), cursor INTEGER NOT NULL);
        INSERT INTO scan_desk VALUES (1, 0);
        """;

    /// <summary>Makes the tables in a new file and brings an older one up to date, whole or not at all.</summary>
    /// <exception cref="InvalidDataException">The file is of a newer program, or no ledger.</exception>
    public static void Ensure(SqliteConnection connection) => Ensure(connection, Version);

    /// <param name="upTo">A ledger as an older program left it, for a test of what becomes of it.</param>
    internal static void Ensure(SqliteConnection connection, int upTo)
    {
        var version = Convert.ToInt32(connection.Scalar("PRAGMA user_version"), null);
        if (version == upTo) return;
        if (version > Version) throw new InvalidDataException($"{connection.DataSource} has ledger version {version}; this program knows {Version}. Run a newer edgetrace-cloud.");
        AuditChain.Teach(connection);
        using var transaction = connection.BeginTransaction();
        foreach (var step in s_steps[version..upTo]) connection.Execute(step);
        connection.Execute($"PRAGMA user_version = {upTo}");
        transaction.Commit();
    }
}
