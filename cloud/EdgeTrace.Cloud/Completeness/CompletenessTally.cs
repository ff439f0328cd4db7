using EdgeTrace.Cloud.Projections;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Completeness;

/// <summary>
/// Counts what came and names what did not, by stream and hour of event time. Pure but for what it remembers of streams: the same batches
/// and gaps in any order that keeps each stream's own say the same.
/// </summary>
sealed class CompletenessTally
{
    /// <summary>A batch that waited for its clock may hold days; one that spans more hours has times nobody can believe, and would fill the ledger.</summary>
    const int BatchHoursMax = 24 * 14;

    /// <summary>A gateway tells at most 16 a seal and what a restart adds; what is beyond is folded into one without a count.</summary>
    const int BatchLossesMax = 64;

    readonly SiteHours _hours;
    readonly ReadColumns _columns = new();
    readonly Dictionary<(string Gateway, string Stream, ulong Epoch), StreamMark> _marks;
    readonly Dictionary<(string Gateway, string Stream), long> _heardUs = [];
    readonly Dictionary<(long HourUs, string Gateway, string Stream, bool Placed), ReceivedHour> _received = [];
    readonly Dictionary<long, ReceivedHour> _batch = [];
    readonly HashSet<(string Gateway, string Stream, ulong Epoch)> _moved = [];

    public CompletenessTally(TimeZoneInfo zone, IEnumerable<StreamMark> marks)
    {
        _hours = new(zone);
        _marks = marks.ToDictionary(m => (m.Gateway, m.Stream, m.Epoch));
        foreach (var mark in _marks.Values) Hear(mark);
    }

    public IReadOnlyCollection<StreamMark> Marks => _marks.Values;

    /// <summary>Counts one batch of the log; <paramref name="gapsOf"/> knows why sequences before it are missing.</summary>
    public void Apply(LoggedBatch logged, Func<BatchId, IEnumerable<LoggedGap>> gapsOf, LedgerCommit facts)
    {
        var id = logged.Id;
        var key = (id.Gateway, id.Stream, id.Epoch);
        var begins = !_marks.TryGetValue(key, out var mark);
        mark ??= Begin(id, gapsOf(id));
        if (id.Sequence > mark.Sequence + 1)
            foreach (var gap in gapsOf(id).Where(g => g.FromSequence > mark.Sequence && g.ToSequence < id.Sequence)) mark = Lose(mark, gap, facts);
        if (id.Sequence > mark.Sequence + 1) mark = Lose(mark, mark.Sequence + 1, id.Sequence - 1, logged.ReceivedUs, "they are not in the log, and nobody has said why", facts);
        _moved.Add(key);
        mark = mark with { Sequence = id.Sequence };
        var batch = Open(logged, out var cause);
        if (batch is null)
        {
            _marks[key] = mark;
            var fromUs = HeardBefore(mark, logged.ReceivedUs);
            facts.Losses.Add(new(id.Gateway, id.Stream, id.Epoch, id.Sequence, 0, id.Sequence, LossCauses.Quarantined, null, fromUs, logged.ReceivedUs, cause));
            return;
        }
        var header = batch.Header;
        var placed = header.TimeQuality != TimeQuality.Relative;
        var beganUs = !placed ? logged.ReceivedUs : header.FirstUs > 0 ? header.FirstUs : header.ThroughUs > 0 ? header.ThroughUs : header.SealedUs;
        if (mark.ReadSequence + 1 < id.Sequence) facts.LossEnds.Add(new(id.Gateway, id.Stream, id.Epoch, mark.ReadSequence, id.Sequence, beganUs));
        TellLosses(logged, header, placed, HeardBefore(mark, beganUs), beganUs, facts);
        // A restart is told in the header; an outbox that was wiped or replaced knows of nothing it could tell.
        if (begins && id.Sequence == 1 && placed && header.Losses.Count == 0 && _heardUs.GetValueOrDefault((id.Gateway, id.Stream)) is > 0 and var oldUs && oldUs < beganUs)
            facts.Losses.Add(new(id.Gateway, id.Stream, id.Epoch, id.Sequence, 0, id.Sequence, LossCauses.Gap, null, oldUs, beganUs, "the gateway's numbering began anew, so what it had not sent before is gone"));
        Add(id, placed);
        mark = mark with { ReadSequence = id.Sequence };
        if (placed)
            mark = mark with
            {
                HeardUs = Math.Max(mark.HeardUs, Math.Max(header.LastUs, header.ThroughUs)), ThroughUs = Math.Max(mark.ThroughUs, header.ThroughUs),
                SinceUs = Math.Min(mark.SinceUs, beganUs > 0 ? beganUs : long.MaxValue),
            };
        _marks[key] = mark;
        Hear(mark);
    }

    /// <summary>A gap that nothing follows yet: it lasts until it was recorded, or until the next batch says that it was shorter.</summary>
    public void Apply(LoggedGap gap, LedgerCommit facts)
    {
        var key = (gap.Gateway, gap.Stream, gap.Epoch);
        // Of a life not met yet, batches before the gap may still come from the log.
        var mark = _marks.GetValueOrDefault(key) ?? new(gap.Gateway, gap.Stream, gap.Epoch, 0, 0, 0, 0, long.MaxValue);
        if (gap.FromSequence != mark.Sequence + 1) return;
        _marks[key] = Lose(mark, gap, facts);
        _moved.Add(key);
    }

    /// <summary>
    /// A heartbeat's promise counts once every batch it speaks of is counted. Of a stream that has never sent one it counts for nothing: its gateway
    /// tells of no restart there, so nobody could say what was missed.
    /// </summary>
    public void Take(StreamPromise promise)
    {
        var key = (promise.Gateway, promise.Stream, promise.Epoch);
        if (!_marks.TryGetValue(key, out var mark) || mark.Sequence + 1 < promise.NextSequence || promise.ThroughUs <= mark.ThroughUs) return;
        _marks[key] = mark with { ThroughUs = promise.ThroughUs };
        _moved.Add(key);
    }

    /// <summary>Hands over what was counted since the last time, to be committed together with the cursor.</summary>
    public void Seal(LedgerCommit facts)
    {
        facts.Received.AddRange(_received.Values);
        facts.Marks.AddRange(_moved.Select(key => _marks[key]));
        _received.Clear();
        _moved.Clear();
    }

    /// <summary>What came before a life of a stream was first met is not ours to miss: retention may have taken it. A gap right before it is.</summary>
    static StreamMark Begin(BatchId first, IEnumerable<LoggedGap> gaps)
    {
        var before = first.Sequence - 1;
        foreach (var gap in gaps.OrderByDescending(g => g.ToSequence))
            if (gap.ToSequence == before) before = gap.FromSequence - 1;
        return new(first.Gateway, first.Stream, first.Epoch, before, before, 0, 0, long.MaxValue);
    }

    /// <summary>The batch, with its readings counted into <see cref="_batch"/>; null with the cause where nobody can read it.</summary>
    Batch? Open(LoggedBatch logged, out string cause)
    {
        _batch.Clear();
        cause = logged.QuarantineCause ?? "";
        if (cause.Length > 0) return null;
        try
        {
            var batch = ZoneOwner.BatchOf(logged);
            if (batch.Header is null) throw new InvalidDataException("It has no header.");
            if (batch.Header.TimeQuality == TimeQuality.Relative) CountAt(logged.ReceivedUs, CountOf(batch));
            else CountTimes(batch);
            return batch;
        }
        catch (Exception unreadable) when (unreadable is Google.Protobuf.InvalidProtocolBufferException or InvalidDataException or FormatException)
        {
            _batch.Clear();
            cause = unreadable.Message;
            return null;
        }
    }

    int CountOf(Batch batch)
    {
        if (batch.BodyCase == Batch.BodyOneofCase.Reads && !batch.Reads.Columns.IsEmpty)
        {
            _columns.Decode(batch.Reads.Columns.Span);
            return _columns.Count;
        }
        return batch.BodyCase switch
        {
            Batch.BodyOneofCase.Scans => batch.Scans.Scans.Count,
            Batch.BodyOneofCase.Samples => batch.Samples.Samples.Count,
            Batch.BodyOneofCase.Alarms => batch.Alarms.Alarms.Count,
            Batch.BodyOneofCase.Health => batch.Health.States.Count,
            _ => 0,
        };
    }

    void CountTimes(Batch batch)
    {
        switch (batch.BodyCase)
        {
            case Batch.BodyOneofCase.Reads when !batch.Reads.Columns.IsEmpty:
                _columns.Decode(batch.Reads.Columns.Span);
                CountAt(_columns.TimeUs);
                break;
            case Batch.BodyOneofCase.Scans:
                foreach (var scan in batch.Scans.Scans) CountAt(scan.TimeUs);
                break;
            case Batch.BodyOneofCase.Samples:
                foreach (var sample in batch.Samples.Samples) CountAt(sample.TimeUs, 1, sample.Fault == ProbeFault.None ? 0 : 1);
                break;
            case Batch.BodyOneofCase.Alarms:
                foreach (var alarm in batch.Alarms.Alarms) CountAt(alarm.EndedUs == 0 ? alarm.RaisedUs : alarm.EndedUs);
                break;
            case Batch.BodyOneofCase.Health:
                foreach (var state in batch.Health.States) CountAt(state.SinceUs);
                break;
        }
    }

    /// <summary>The whole column, an hour at a time: a batch touches one hour, rarely two.</summary>
    void CountAt(ReadOnlySpan<long> times)
    {
        for (var at = 0; at < times.Length;)
        {
            var (hourUs, first, minutes) = (_hours.HourOf(times[at]), at, 0L);
            for (; at < times.Length && times[at] >= hourUs && times[at] - hourUs < SiteHours.HourUs; at++) minutes |= 1L << (int)((times[at] - hourUs) / SiteHours.MinuteUs);
            Count(hourUs, at - first, 0, minutes);
        }
    }

    void CountAt(long atUs, int readings = 1, int faults = 0)
    {
        var hourUs = _hours.HourOf(atUs);
        if (readings > 0) Count(hourUs, readings, faults, 1L << (int)((atUs - hourUs) / SiteHours.MinuteUs));
    }

    void Count(long hourUs, int readings, int faults, long minutes)
    {
        if (!_batch.TryGetValue(hourUs, out var hour))
        {
            if (_batch.Count == BatchHoursMax) throw new InvalidDataException($"Its readings are of more than {BatchHoursMax} different hours, which no gateway seals into one batch.");
            hour = new(hourUs, "", "", true, 0, 0, 0, 0);
        }
        _batch[hourUs] = hour with { Readings = hour.Readings + readings, Faults = hour.Faults + faults, Minutes = hour.Minutes | minutes };
    }

    void Add(BatchId id, bool placed)
    {
        if (_batch.Count == 0) return;
        var earliest = _batch.Keys.Min();
        foreach (var (hourUs, hour) in _batch)
        {
            var key = (hourUs, id.Gateway, id.Stream, placed);
            var before = _received.GetValueOrDefault(key) ?? new(hourUs, id.Gateway, id.Stream, placed, 0, 0, 0, 0);
            _received[key] = before with
            {
                Readings = before.Readings + hour.Readings, Faults = before.Faults + hour.Faults, Batches = before.Batches + (hourUs == earliest ? 1 : 0),
                Minutes = before.Minutes | hour.Minutes,
            };
        }
    }

    static void TellLosses(LoggedBatch logged, BatchHeader header, bool placed, long heardUs, long beganUs, LedgerCommit facts)
    {
        var id = logged.Id;
        for (var i = 0; i < Math.Min(header.Losses.Count, BatchLossesMax); i++)
        {
            var loss = header.Losses[i];
            // Without a time of its own it lies between what was heard before and this batch.
            var toUs = !placed ? logged.ReceivedUs : loss.ToUs > 0 ? loss.ToUs : beganUs;
            var fromUs = !placed ? logged.ReceivedUs : loss.FromUs > 0 ? loss.FromUs : heardUs;
            var detail = placed ? loss.Detail : $"{loss.Detail}; the gateway's clock was not set, so this is when it was told";
            facts.Losses.Add(new(id.Gateway, id.Stream, id.Epoch, id.Sequence, i, id.Sequence, Word(loss.Cause), loss.Readings == 0 ? null : (long)loss.Readings, Math.Min(fromUs, toUs), toUs, detail));
        }
        if (header.Losses.Count > BatchLossesMax)
            facts.Losses.Add(new(id.Gateway, id.Stream, id.Epoch, id.Sequence, BatchLossesMax, id.Sequence, LossCauses.Unnamed, null, Math.Min(heardUs, beganUs), beganUs, $"{header.Losses.Count - BatchLossesMax} more losses were told in one batch than are kept one by one"));
    }

    StreamMark Lose(StreamMark mark, LoggedGap gap, LedgerCommit facts) => Lose(mark, gap.FromSequence, gap.ToSequence, gap.RecordedUs, gap.Cause, facts);

    StreamMark Lose(StreamMark mark, ulong from, ulong to, long recordedUs, string cause, LedgerCommit facts)
    {
        facts.Losses.Add(new(mark.Gateway, mark.Stream, mark.Epoch, from, 0, to, LossCauses.Gap, null, HeardBefore(mark, recordedUs), recordedUs, cause));
        return mark with { Sequence = to };
    }

    /// <summary>What the stream had told before; from another life of it where this one has told nothing yet.</summary>
    long HeardBefore(StreamMark mark, long atUs)
    {
        var heardUs = mark.HeardUs > 0 ? mark.HeardUs : _heardUs.GetValueOrDefault((mark.Gateway, mark.Stream));
        return heardUs > 0 ? Math.Min(heardUs, atUs) : atUs;
    }

    void Hear(StreamMark mark)
    {
        var stream = (mark.Gateway, mark.Stream);
        _heardUs[stream] = Math.Max(_heardUs.GetValueOrDefault(stream), mark.HeardUs);
    }

    static string Word(LossCause cause) => cause switch
    {
        LossCause.Thinned => LossCauses.Thinned,
        LossCause.Blind => LossCauses.Blind,
        LossCause.Corrupt => LossCauses.Corrupt,
        LossCause.Full => LossCauses.Full,
        LossCause.Late => LossCauses.Late,
        _ => LossCauses.Unnamed,
    };
}
