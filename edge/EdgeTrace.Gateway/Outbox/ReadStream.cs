using System.Buffers;
using EdgeTrace.Contract;
using Google.Protobuf;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>Where the reads of one portal went since the process started: seen = outboxed + dropped + lost + pending.</summary>
readonly record struct ReadBalance(string Portal, ulong Seen, ulong Outboxed, ulong Dropped, ulong Lost, ulong Pending)
{
    public bool Balances => Seen == Outboxed + Dropped + Lost + Pending;
}

/// <summary>The reads, events and policy counts of one portal.</summary>
sealed class ReadStream(Sealer sealer, string portal) : StreamWriter(sealer, StreamName.Reads(portal))
{
    /// <summary>A batch's body is closed here: brokers are often set to refuse packets over 256 KiB.</summary>
    const int BodyBytesMax = 128 << 10;
    const int EventsMax = 1024;
    const int RulesMax = 256;

    readonly ReadColumnsWriter _columns = NewColumns();
    readonly List<PortalEvent> _events = [];
    readonly Dictionary<string, ulong> _dropped = [];
    readonly ArrayBufferWriter<byte> _body = new();
    readonly StreamTotals _before = sealer.Outbox.Totals(StreamName.Reads(portal)).Sealed;
    readonly Sealer _sealer = sealer;
    ulong _lost;

    /// <summary>Every read that came here or was counted away by policy, since this process began.</summary>
    public ulong ReadsSeen { get; private set; }

    static ReadColumnsWriter NewColumns()
    {
        var columns = new ReadColumnsWriter();
        columns.Clear();
        return columns;
    }

    /// <summary>Takes a read that the policy keeps; false when it is lost, which the next header will say.</summary>
    public bool Add(in ReadRow row, ReadOnlySpan<byte> epc, ushort pc = 0, ReadOnlySpan<byte> tid = default)
    {
        lock (Gate)
        {
            ReadsSeen++;
            if (!InTime(row.TimeUs))
            {
                _lost++;
                return false;
            }
            if (_columns.LengthEstimate > BodyBytesMax)
            {
                if (!SealNow())
                {
                    _lost++;
                    LoseFull(row.TimeUs);
                    return false;
                }
                CommitAtOnce();
            }
            _columns.Add(row, epc, pc, tid);
            Widen(row.TimeUs, row.LastUs);
            return true;
        }
    }

    /// <summary>A read that the EPC policy counts but does not keep.</summary>
    public void CountDropped(string rule, ulong reads = 1)
    {
        lock (Gate)
        {
            ReadsSeen += reads;
            if (_dropped.Count >= RulesMax && !_dropped.ContainsKey(rule)) rule = "other";
            _dropped[rule] = _dropped.GetValueOrDefault(rule) + reads;
        }
    }

    /// <summary>Where this portal's reads are, all at one moment: sealing waits meanwhile.</summary>
    public ReadBalance Balance()
    {
        lock (Gate)
        {
            var (sealedNow, durable) = _sealer.Outbox.Totals(Stream);
            // What was sealed before this process and is not durable yet is nobody's here.
            var (outboxed, dropped) = (Math.Max(durable.Readings, _before.Readings), Math.Max(durable.Dropped, _before.Dropped));
            var waiting = sealedNow.Readings - outboxed + (ulong)_columns.Count + (sealedNow.Dropped - dropped) + Dropped;
            return new(portal, ReadsSeen, outboxed - _before.Readings, dropped - _before.Dropped, _lost, waiting);
        }
    }

    /// <summary>Beam, door contact, antenna lost, overflow.</summary>
    public bool AddEvent(PortalEvent happened)
    {
        lock (Gate)
        {
            if (!InTime(happened.TimeUs)) return false;
            if (_events.Count >= EventsMax && !SealNow())
            {
                LoseFull(happened.TimeUs);
                return false;
            }
            _events.Add(happened);
            Widen(happened.TimeUs, happened.TimeUs);
            return true;
        }
    }

    protected override int Count => _columns.Count + _events.Count + _dropped.Count;
    protected override uint Readings => (uint)_columns.Count;
    protected override ulong Dropped => _dropped.Values.Aggregate(0ul, (sum, reads) => sum + reads);

    protected override void Fill(Batch batch)
    {
        _body.ResetWrittenCount();
        _columns.WriteTo(_body);
        batch.Reads = new() { Columns = ByteString.CopyFrom(_body.WrittenSpan) };
        batch.Reads.Events.AddRange(_events.OrderBy(happened => happened.TimeUs));
        foreach (var (rule, reads) in _dropped) batch.Reads.Dropped.Add(new PolicyCount { Rule = rule, Reads = reads });
    }

    protected override void Clear()
    {
        _columns.Clear();
        _events.Clear();
        _dropped.Clear();
    }
}
