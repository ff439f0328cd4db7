using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>The sentences the writer says, prepared once.</summary>
sealed class LedgerStatements : IDisposable
{
    readonly List<SqliteStatement> _all = [];
    readonly SqliteConnection _connection;
    readonly SqliteStatement _advance, _begin, _visit, _movement, _scan, _episode, _localEpisode, _sighting, _location, _equipment;
    readonly SqliteStatement _outgoing, _quarantine, _acknowledge, _plan, _endPlan, _audit, _readBatch, _trimReadBatches, _snapshot, _checkpoint;
    readonly SqliteStatement _received, _loss, _lossEnd, _mark;

    readonly StockStatements _stock;
    readonly ChipStatements _chips;
    readonly RecallStatements _recalls;
    readonly ExitStatements _exits;
    readonly DoorStatements _doors;
    readonly CatalogueStatements _catalogue;
    readonly TheatreStatements _theatre;

    public LedgerStatements(SqliteConnection connection)
    {
        _connection = connection;
        _stock = new(connection);
        _chips = new(connection);
        _recalls = new(connection);
        _exits = new(connection);
        _doors = new(connection);
        _catalogue = new(connection);
        _theatre = new(connection);
        _begin = Prepare("INSERT OR IGNORE INTO applied VALUES ($1, $2, 0, $3, '', 0, 0)", 3);
        _advance = Prepare("UPDATE applied SET position = $4, through_us = max(through_us, $5), gateway = $6, epoch = $7, sequence = $8 WHERE projection = $1 AND zone = $2 AND position = $3", 8);
        _visit = Prepare("INSERT OR IGNORE INTO visits (id, portal, epc, first_us, last_us, count, reads, reads_inside, reads_outside, peak_centi_dbm, peak_antenna, direction, side, confidence, continues_from, continues, truncated, late, actor, recorded_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)", 20);
        _movement = Prepare("INSERT OR IGNORE INTO movements VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)", 9);
        _scan = Prepare("INSERT OR IGNORE INTO scans VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", 11);
        // An episode that has been raised or has ended stays so when an older state of it is derived again after a crash.
        _episode = Prepare("""
            INSERT INTO episodes (id, point, rule, start_us, raised_us, ended_us, peak_milli, limits, actor, recorded_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (id) DO UPDATE SET raised_us = coalesce(raised_us, excluded.raised_us), peak_milli = CASE WHEN ended_us IS NULL THEN excluded.peak_milli ELSE peak_milli END,
                ended_us = coalesce(ended_us, excluded.ended_us), limits = coalesce(limits, excluded.limits)
            """, 10);
        _localEpisode = Prepare("""
            INSERT INTO episodes (id, point, rule, start_us, gateway_raised_us, gateway_ended_us, gateway_peak_milli, actor, recorded_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (id) DO UPDATE SET gateway_raised_us = coalesce(gateway_raised_us, excluded.gateway_raised_us),
                gateway_peak_milli = CASE WHEN gateway_ended_us IS NULL THEN excluded.gateway_peak_milli ELSE gateway_peak_milli END,
                gateway_ended_us = coalesce(gateway_ended_us, excluded.gateway_ended_us)
            """, 9);
        _sighting = Prepare("""
            INSERT INTO items VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (key) DO UPDATE SET
                epc = nullif(max(coalesce(epc, ''), coalesce(excluded.epc, '')), ''), gtin = nullif(max(coalesce(gtin, ''), coalesce(excluded.gtin, '')), ''),
                serial = nullif(max(coalesce(serial, ''), coalesce(excluded.serial, '')), ''), lot = nullif(max(coalesce(lot, ''), coalesce(excluded.lot, '')), ''),
                seen_at = CASE WHEN (excluded.seen_us, excluded.seen_at) > (seen_us, seen_at) THEN excluded.seen_at ELSE seen_at END,
                seen_us = max(seen_us, excluded.seen_us)
            """, 7);
        _location = Prepare("""
            INSERT INTO item_locations VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (item) DO UPDATE SET location = excluded.location, basis = excluded.basis,
                at_us = excluded.at_us, source = excluded.source, start_us = excluded.start_us, confidence = excluded.confidence, fact = excluded.fact
            WHERE (excluded.at_us, excluded.source, excluded.start_us, excluded.fact) > (at_us, source, start_us, fact)
            """, 8);
        _equipment = Prepare("INSERT OR REPLACE INTO equipment VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", 8);
        _outgoing = Prepare("INSERT OR IGNORE INTO feed (kind, fact, phase, event_us, recorded_us, json) VALUES ($1, $2, $3, $4, $5, $6)", 6);
        _quarantine = Prepare("INSERT OR IGNORE INTO quarantine VALUES ($1, $2, $3, $4, $5, $6)", 6);
        _acknowledge = Prepare("INSERT OR IGNORE INTO alarms VALUES ($1, $2, $3, $4)", 4);
        _plan = Prepare("INSERT OR IGNORE INTO planned_work VALUES ($1, $2, $3, $4, $5, $6)", 6);
        _endPlan = Prepare("INSERT OR IGNORE INTO planned_work_ended VALUES ($1, $2, $3, $4)", 4);
        _audit = Prepare("INSERT INTO audit VALUES ($1, $2, $3, $4, $5, $6, $7)", 7);
        _readBatch = Prepare("INSERT OR IGNORE INTO read_batches VALUES ($1, $2, $3, $4)", 4);
        _trimReadBatches = Prepare("""
            DELETE FROM read_batches WHERE portal = $1 AND position <= (
                SELECT max(position) FROM (SELECT position FROM read_batches WHERE portal = $1 AND position < $2 ORDER BY position LIMIT $3))
            """, 3);
        _snapshot = Prepare("INSERT OR REPLACE INTO snapshots VALUES ($1, $2, $3, $4, $5)", 5);
        // Adds up, so it is only ever said together with the advance of the cursor that was counted to.
        _received = Prepare("""
            INSERT INTO received VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO UPDATE SET readings = readings + excluded.readings,
                faults = faults + excluded.faults, batches = batches + excluded.batches, minutes = minutes | excluded.minutes
            """, 8);
        _loss = Prepare("INSERT OR IGNORE INTO losses VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", 12);
        _lossEnd = Prepare("""
            UPDATE losses SET to_us = min(to_us, $6), from_us = min(from_us, $6) WHERE gateway = $1 AND stream = $2 AND epoch = $3 AND sequence > $4 AND sequence < $5 AND to_us > $6
            """, 6);
        _mark = Prepare("""
            INSERT INTO stream_marks VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO UPDATE SET sequence = max(sequence, excluded.sequence),
                read_sequence = max(read_sequence, excluded.read_sequence), heard_us = max(heard_us, excluded.heard_us),
                through_us = max(through_us, excluded.through_us), since_us = min(since_us, excluded.since_us)
            """, 8);
        _checkpoint = Prepare("UPDATE checkpoint SET position = max(position, $1)", 1);
    }

    /// <summary>Writes one commit; returns the newest feed cursor, or 0 when it added none.</summary>
    public long Write(SqliteTransaction transaction, LedgerCommit commit, long nowUs)
    {
        foreach (var a in commit.Advances)
        {
            if (a.Expected == 0) _begin.Run(transaction, a.Zone.Projection, a.Zone.Zone, long.MinValue);
            var moved = _advance.Run(transaction, a.Zone.Projection, a.Zone.Zone, a.Expected, a.To.Position, a.To.ThroughUs, a.To.Gateway, unchecked((long)a.To.Epoch), (long)a.To.Sequence);
            if (moved == 0) throw new ZoneTakenException(a.Zone, a.Expected);
        }
        WriteFacts(transaction, commit, nowUs);
        foreach (var s in commit.Sightings) _sighting.Run(transaction, s.Item, s.Epc, s.Gtin, s.Serial, s.Lot, s.AtUs, s.Where);
        foreach (var l in commit.Locations) _location.Run(transaction, l.Item, l.Location, l.Basis, l.AtUs, l.Source, l.StartUs, l.Confidence, l.Fact);
        foreach (var e in commit.Equipment) _equipment.Run(transaction, e.Id, e.Gateway, e.Kind, e.Name, e.State, e.Reason, e.Remedy, e.SinceUs);
        foreach (var q in commit.Quarantined) _quarantine.Run(transaction, q.Projection, q.Zone, q.Batch, q.Position, q.Cause, nowUs);
        foreach (var b in commit.ReadBatches) _readBatch.Run(transaction, b.Portal, b.Position, b.FirstUs, b.LastUs);
        foreach (var t in commit.ReadBatchTrims) _trimReadBatches.Run(transaction, t.Portal, t.Below, t.RowsMax);
        foreach (var a in commit.Acknowledgements)
            if (_acknowledge.Run(transaction, a.Alarm, a.AtUs, a.Actor, a.Reason) == 1)
                WriteAudit(transaction, new(a.AtUs, a.Actor, "acknowledge", a.Alarm, a.Reason));
        foreach (var p in commit.PlannedWork)
            if (_plan.Run(transaction, p.Id, p.Subject, p.Actor, p.Reason, p.FromUs, p.UntilUs) == 1)
                WriteAudit(transaction, new(p.FromUs, p.Actor, "plan-work", p.Subject, p.Reason));
        foreach (var e in commit.PlannedWorkEnds)
            if (_endPlan.Run(transaction, e.Id, e.AtUs, e.Actor, e.Reason) == 1)
                WriteAudit(transaction, new(e.AtUs, e.Actor, "end-planned-work", e.Id, e.Reason));
        _exits.Write(transaction, commit.Exits, nowUs);
        _doors.Write(transaction, commit, nowUs);
        _stock.Write(transaction, commit, nowUs, _chips.Write(transaction, commit));
        foreach (var r in commit.Recalls)
            if (_recalls.Write(transaction, r) && r.Audit is { } entry) WriteAudit(transaction, entry);
        _catalogue.Write(transaction, commit);
        _theatre.Write(transaction, commit, nowUs);
        foreach (var a in commit.Audit) WriteAudit(transaction, a);
        foreach (var s in commit.Snapshots) _snapshot.Run(transaction, s.Zone.Projection, s.Zone.Zone, s.Position, s.ThroughUs, s.Bytes.ToArray());
        WriteCompleteness(transaction, commit, nowUs);
        if (commit.Checkpoint is { } position) _checkpoint.Run(transaction, position);
        var grown = false;
        foreach (var o in commit.Outgoing) grown |= _outgoing.Run(transaction, o.Kind, o.Fact, o.Phase, o.EventUs, nowUs, o.Json) == 1;
        return grown ? Convert.ToInt64(_connection.Scalar("SELECT max(cursor) FROM feed"), null) : 0;
    }

    /// <summary>The row before is asked for each time: a command beside this process may have written one since, and a commit that is rolled back takes its own with it.</summary>
    void WriteAudit(SqliteTransaction transaction, AuditEntry entry)
    {
        var (seq, before) = _connection.Rows("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", r => (r.GetInt64(0), (byte[])r[1])) is [var head] ? head : (0, AuditChain.Root);
        var hash = AuditChain.Hash(before, seq + 1, entry.AtUs, entry.Actor, entry.Action, entry.Subject, entry.Detail);
        _audit.Run(transaction, seq + 1, entry.AtUs, entry.Actor, entry.Action, entry.Subject, entry.Detail, hash);
    }

    void WriteFacts(SqliteTransaction transaction, LedgerCommit commit, long nowUs)
    {
        var actor = commit.Actor;
        foreach (var v in commit.Visits)
            _visit.Run(transaction, v.Id, v.Portal, v.Epc, v.FirstUs, v.LastUs, v.Count, v.Reads, v.ReadsInside, v.ReadsOutside, v.PeakCentiDbm, v.PeakAntenna,
                v.Direction, v.Side, v.Confidence, v.ContinuesFrom, v.Continues, v.Truncated, v.Late, actor, nowUs);
        foreach (var m in commit.Movements) _movement.Run(transaction, m.Id, m.Item, m.AtUs, m.Portal, m.From, m.To, m.Confidence, actor, nowUs);
        foreach (var s in commit.Scans)
            _scan.Run(transaction, s.Id, s.Scanner, s.AtUs, s.Raw.ToArray(), s.Framing, s.Understood, s.Item, s.Error, s.Location, actor, nowUs);
        foreach (var e in commit.Episodes) _episode.Run(transaction, e.Id, e.Point, e.Rule, e.StartUs, e.RaisedUs, e.EndedUs, e.PeakMilliCelsius, e.Limits, actor, nowUs);
        foreach (var e in commit.LocalEpisodes) _localEpisode.Run(transaction, e.Id, e.Point, e.Rule, e.StartUs, e.RaisedUs, e.EndedUs, e.PeakMilliCelsius, actor, nowUs);
    }

    void WriteCompleteness(SqliteTransaction transaction, LedgerCommit commit, long nowUs)
    {
        foreach (var r in commit.Received) _received.Run(transaction, r.HourUs, r.Gateway, r.Stream, r.Placed, r.Readings, r.Faults, r.Batches, r.Minutes);
        foreach (var l in commit.Losses)
            _loss.Run(transaction, l.Gateway, l.Stream, unchecked((long)l.Epoch), (long)l.Sequence, l.Ordinal, (long)l.ToSequence, l.Cause, l.Readings, l.FromUs, l.ToUs, l.Detail, nowUs);
        foreach (var e in commit.LossEnds) _lossEnd.Run(transaction, e.Gateway, e.Stream, unchecked((long)e.Epoch), (long)e.AfterSequence, (long)e.BeforeSequence, e.ToUs);
        foreach (var m in commit.Marks) _mark.Run(transaction, m.Gateway, m.Stream, unchecked((long)m.Epoch), (long)m.Sequence, (long)m.ReadSequence, m.HeardUs, m.ThroughUs, m.SinceUs);
    }

    SqliteStatement Prepare(string sql, int parameters)
    {
        var statement = new SqliteStatement(_connection, sql, parameters);
        _all.Add(statement);
        return statement;
    }

    public void Dispose()
    {
        _stock.Dispose();
        _chips.Dispose();
        _recalls.Dispose();
        _exits.Dispose();
        _doors.Dispose();
        _catalogue.Dispose();
        _theatre.Dispose();
        foreach (var statement in _all) statement.Dispose();
    }
}
