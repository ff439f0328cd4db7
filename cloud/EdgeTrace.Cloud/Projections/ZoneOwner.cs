using System.Diagnostics.CodeAnalysis;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Projections;

/// <summary>
/// Owns one zone: keeps its facts and its position together, steps over what it cannot use, and brings it back to the state it
/// had when a batch made it throw.
/// </summary>
sealed class ZoneOwner
{
    const int PageMax = 256;

    readonly ZoneId _id;
    readonly ZoneFactory _factory;
    readonly LedgerReader _ledger;
    readonly Func<long, int, IReadOnlyList<LoggedBatch>> _readLog;
    readonly HashSet<long> _refused;
    Zone _zone;
    ZonePosition _durable;
    ZonePosition _reached;
    long _seen;
    long _throughUs = long.MinValue;
    bool _changed;
    StreamPromise _promise;

    /// <param name="floor">Everything at or below this position is in the snapshot, or needs none.</param>
    public ZoneOwner(ZoneId id, ZoneFactory factory, LedgerReader ledger, Func<long, int, IReadOnlyList<LoggedBatch>> readLog, ZonePosition durable, long floor)
    {
        (_id, _factory, _ledger, _readLog, _durable, _reached) = (id, factory, ledger, readLog, durable, durable);
        _refused = [.. ledger.Quarantined(id).Select(q => q.Position)];
        var snapshot = ledger.Snapshot(id);
        try
        {
            _zone = factory.Make(id, snapshot?.Bytes.ToArray());
            _seen = Math.Max(snapshot?.Position ?? 0, floor);
        }
        catch (InvalidDataException unusable)
        {
            // Made under another site model or by another program: the log still knows everything it keeps.
            (State, Fault) = (ZoneState.Rebuilt, $"Its snapshot was not used and it was made again from the log: {unusable.Message}");
            Anew(upto: Math.Max(snapshot?.Position ?? 0, floor));
        }
        _throughUs = snapshot?.ThroughUs ?? long.MinValue;
    }

    public ZoneId Id => _id;

    /// <summary>The newest thing that went wrong; empty when nothing has.</summary>
    public string Fault { get; private set; } = "";

    public ZoneState State { get; private set; }

    /// <summary>Another process owns the zone; this one does nothing more to it.</summary>
    public bool Taken { get; private set; }

    public int Open => _zone.Open;

    /// <summary>What is to be committed; null when nothing is.</summary>
    public LedgerCommit? Pending { get; private set; }

    public void Apply(LoggedBatch logged, ZoneFactory.Route route)
    {
        if (Taken || logged.Position <= _seen) return;
        _seen = logged.Position;
        if (logged.Position > _reached.Position) _reached = Reached(logged, _reached);
        _changed = true;
        var facts = NewFacts();
        try
        {
            if (!_refused.Contains(logged.Position)) ApplyTo(_zone, logged, route, facts);
            Take(facts);
        }
        // Whatever a tracker throws is that batch's fault as far as all other batches are concerned.
        catch (Exception thrown)
        {
            Refuse(logged, thrown);
        }
        Keep();
    }

    /// <summary>The stream has promised: it counts as soon as every batch the promise speaks of has been applied.</summary>
    public void Advance(StreamPromise promise)
    {
        if (Taken) return;
        _promise = promise;
        Keep();
    }

    void Keep()
    {
        if (_promise.Epoch == 0 || _seen < _durable.Position || _promise.ThroughUs <= _throughUs) return;
        if (_reached.Gateway == _promise.Gateway && _reached.Epoch == _promise.Epoch && _reached.Sequence + 1 == _promise.NextSequence) AdvanceTo(_promise.ThroughUs);
    }

    public void AdvanceTo(long throughUs)
    {
        if (throughUs <= _throughUs) return;
        _throughUs = throughUs;
        _changed = true;
        var facts = NewFacts();
        _zone.Advance(throughUs, facts);
        Take(facts);
    }

    public void Flush()
    {
        var facts = NewFacts();
        _zone.Flush(facts);
        Take(facts);
    }

    /// <summary>Adds the open state, when it has changed since the last time.</summary>
    public void Checkpoint(long position)
    {
        if (Taken || !_changed) return;
        _changed = false;
        Pending ??= NewFacts();
        if (_zone.Snapshot() is { } bytes) Pending.Snapshots.Add(new(_id, Math.Max(position, _seen), _throughUs, bytes));
    }

    /// <summary>What has to become durable now, with the position it was made from.</summary>
    public LedgerCommit? Seal()
    {
        if (Taken) return null;
        var moved = _reached.Position > _durable.Position;
        if (Pending is null && !moved) return null;
        var commit = Pending ?? NewFacts();
        if (commit.Advances.Count == 0 && (moved || _durable.Position > 0)) commit.Advances.Add(new(_id, _durable.Position, _reached with { ThroughUs = _throughUs }));
        Pending = null;
        return commit;
    }

    public void Committed(LedgerCommit commit)
    {
        if (commit.Advances is [var advance]) _durable = advance.To;
        _zone.Committed();
    }

    public void LoseTo(ZoneTakenException why) => (Taken, State, Fault) = (true, ZoneState.Taken, why.Message);

    /// <summary>Not a batch's fault, so stepping over one would not help: this zone stands still, and says so, until a restart makes it anew from the log.</summary>
    public void StandStill(Exception why)
    {
        Pending = null;
        (Taken, State, Fault) = (true, ZoneState.StandsStill, $"Stands still until the cloud is started again: {why.GetType().Name}: {why.Message}");
    }

    ZonePosition Reached(LoggedBatch logged, ZonePosition before)
    {
        // A zone of two streams (a point's samples and alarms) is promised by its main one.
        var main = StreamName.TrySplit(logged.Id.Stream, out var kind, out _) && kind == _zone.Main;
        return main
            ? new(logged.Position, _throughUs, logged.Id.Gateway, logged.Id.Epoch, logged.Id.Sequence)
            : before with { Position = logged.Position };
    }

    static void ApplyTo(Zone zone, LoggedBatch logged, ZoneFactory.Route route, LedgerCommit facts)
    {
        if (logged.QuarantineCause is { } cause)
        {
            // Nobody could read it; it is told here so that what a dump shows is complete, and stepped over.
            facts.Quarantined.Add(new("log", logged.Id.Stream, logged.Id.ToString(), logged.Position, cause));
            return;
        }
        var batch = BatchOf(logged);
        if (route.Stray is { } stray) ((GatewayZone)zone).Stray(logged, batch, stray.Kind, stray.Name, stray.Owner, facts);
        else zone.Apply(logged, batch, facts);
    }

    /// <exception cref="InvalidDataException">The log and the batch's own header do not name the same batch.</exception>
    public static Batch BatchOf(LoggedBatch logged)
    {
        var batch = Batch.Parser.ParseFrom(logged.Body.Span);
        if (batch.Header is { Sequence: > 0 } header && (header.Stream, header.Epoch, header.Sequence) != (logged.Id.Stream, logged.Id.Epoch, logged.Id.Sequence))
            throw new InvalidDataException($"The log has it as {logged.Id}, its own header as {header.Stream} {header.Epoch:x16} {header.Sequence}: the disk has changed one of them.");
        return batch;
    }

    void Refuse(LoggedBatch logged, Exception thrown)
    {
        var cause = $"{thrown.GetType().Name}: {thrown.Message}";
        (State, Fault) = (ZoneState.Quarantined, $"Batch {logged.Id} was quarantined: {cause}");
        _refused.Add(logged.Position);
        var facts = NewFacts();
        facts.Quarantined.Add(new(_id.Projection, _id.Zone, logged.Id.ToString(), logged.Position, cause));
        Take(facts);
        Rebuild(logged.Position);
    }

    /// <summary>The zone threw in the middle of a batch, so its state is nobody's: back to the snapshot and forward again without that batch.</summary>
    void Rebuild(long upto)
    {
        var snapshot = _ledger.Snapshot(_id);
        try
        {
            _zone = _factory.Make(_id, snapshot?.Bytes.ToArray());
            Replay(upto, snapshot?.Position ?? 0);
        }
        catch (InvalidDataException)
        {
            Anew(upto);
        }
        var facts = NewFacts();
        _zone.Advance(_throughUs, facts);
        Take(facts);
    }

    /// <summary>From nothing, with what the log keeps. Where that is not all, a visit cut in two by its beginning must not become a fact a second time.</summary>
    [MemberNotNull(nameof(_zone))]
    void Anew(long upto)
    {
        _zone = _factory.Make(_id, null);
        var begins = _readLog(0, 1) is [var oldest] ? oldest.Position : 1;
        if (begins == 1)
        {
            Replay(upto);
            return;
        }
        Fault += $" The log begins at position {begins:N0}: what was open before then is not continued, and nothing the ledger has already is told again.";
        var told = Math.Min(upto, _durable.Position);
        Replay(told, silent: true);
        _zone.Advance(_durable.ThroughUs, NewFacts());
        Replay(upto, told);
    }

    /// <summary>Applies again what the log holds for this zone; what that says again has the same ids.</summary>
    /// <param name="silent">What is said of them is in the ledger already.</param>
    void Replay(long upto, long from = 0, bool silent = false)
    {
        for (var position = from; position < upto;)
        {
            var page = _readLog(position, PageMax);
            if (page.Count == 0) break;
            foreach (var logged in page)
            {
                position = logged.Position;
                if (position > upto) break;
                var route = _factory.RouteOf(logged.Id, ProjectionPump.EventTimeOf(logged));
                if (route.Zone != _id || _refused.Contains(position)) continue;
                var facts = NewFacts();
                try
                {
                    ApplyTo(_zone, logged, route, facts);
                    if (!silent) Take(facts);
                }
                catch (Exception thrown) when (!_refused.Contains(position))
                {
                    // Another one it cannot use: remember it and begin once more. Each turn refuses one batch more, so this ends.
                    _refused.Add(position);
                    var refusal = NewFacts();
                    refusal.Quarantined.Add(new(_id.Projection, _id.Zone, logged.Id.ToString(), position, $"{thrown.GetType().Name}: {thrown.Message}"));
                    Take(refusal);
                    Anew(upto);
                    return;
                }
            }
        }
        _seen = Math.Max(_seen, upto);
    }

    LedgerCommit NewFacts() => new($"system:tracker/{_id}");

    void Take(LedgerCommit facts)
    {
        if (facts.IsEmpty) return;
        if (Pending is null) Pending = facts;
        else Pending.Add(facts);
    }
}

/// <summary>What has become of a zone; the word of each is the page's and the doctor's.</summary>
enum ZoneState
{
    Current,

    /// <summary>Made again from the log: its snapshot was of another site model or program.</summary>
    Rebuilt,

    /// <summary>Stepped over a batch that it could not use.</summary>
    Quarantined,

    /// <summary>Nothing more is made of it until the cloud is started again.</summary>
    StandsStill,

    /// <summary>Another process makes it.</summary>
    Taken,
}

static class ZoneStates
{
    public static string Word(this ZoneState state) => state switch
    {
        ZoneState.Rebuilt => "rebuilt",
        ZoneState.Quarantined => "quarantined",
        ZoneState.StandsStill => "stands still",
        ZoneState.Taken => "taken",
        _ => "current",
    };
}

/// <summary>What a gateway promised of one stream: every event up to <paramref name="ThroughUs"/> is in batches below <paramref name="NextSequence"/>.</summary>
readonly record struct StreamPromise(string Gateway, string Stream, ulong Epoch, ulong NextSequence, long ThroughUs);
