using System.Buffers;
using EdgeTrace.Contract;
using EdgeTrace.Simulators.Hospital;
using Google.Protobuf;

namespace EdgeTrace.Simulators.Load;

/// <summary>What one stream of a load sends: every body follows from its sequence, so a batch sent again is the same bytes.</summary>
abstract class LoadStream(string name)
{
    public string Name => name;
    public virtual ulong Epoch { get; } = (ulong)Random.Shared.NextInt64(1, long.MaxValue);

    /// <summary>Whether the batch's identity travels beside the body, as the contract wants it.</summary>
    public virtual bool HasEnvelope => true;

    /// <summary>The longest body there can be, bytes.</summary>
    public abstract int LengthMax { get; }

    /// <summary>Writes a body and returns its length.</summary>
    public abstract int Write(ulong sequence, Span<byte> to);

    /// <summary>Event time of the newest reading in a batch, µs.</summary>
    public abstract long LastUs(ulong sequence);
}

/// <summary>
/// A portal's reads, encoded before the clock starts: a cycle of bodies through which people carry stock from antenna 1 to antenna 2. A
/// send copies one, sets its event time and writes its header.
/// </summary>
sealed class PortalStream : LoadStream
{
    /// <summary>Tags come back after so many batches, a minute of a full portal: longer than any door's gap.</summary>
    const int Cycle = 64;

    /// <summary>A tag stays for so many batches.</summary>
    const int Stay = 20;

    /// <summary>Between 2^48 and 2^55 µs (the years 1978 and 3111) the columns' first time takes eight bytes, so it can be set in place.</summary>
    const int FirstTimeBytes = 8;

    readonly byte[][] _bodies;
    readonly int _firstTimeAt;
    readonly long _startUs, _spanUs;
    readonly BatchHeader _header;

    public PortalStream(LoadPlan plan, int gateway, int portal, string boot, long startUs) : base(StreamName.Reads(plan.Portal(gateway, portal)))
    {
        (_startUs, _spanUs) = (startUs, plan.Batch * plan.SpacingUs);
        _header = new()
        {
            Gateway = plan.Topics(gateway).Gateway, Stream = Name, Epoch = Epoch, Boot = boot, Readings = (uint)plan.Batch, TimeQuality = TimeQuality.Ntp, ConfigurationHash = 1,
        };
        var writer = new ReadColumnsWriter();
        var random = new Random(gateway * 1000 + portal);
        _bodies = [.. Enumerable.Range(0, Cycle).Select(n => Encode(plan, writer, n, gateway * 1000 + portal, random))];
        _firstTimeAt = FirstTimeAt(_bodies[0], plan);
    }

    public override int LengthMax => _bodies.Max(body => body.Length) + 512;   // the header's words have 40 letters each

    public override long LastUs(ulong sequence) => _startUs + (long)sequence * _spanUs;

    public override int Write(ulong sequence, Span<byte> to)
    {
        _header.Sequence = sequence;
        (_header.FirstUs, _header.LastUs) = (LastUs(sequence - 1), LastUs(sequence));
        (_header.ThroughUs, _header.SealedUs) = (_header.LastUs, _header.LastUs);
        var size = _header.CalculateSize();
        to[0] = Batch.HeaderFieldNumber << 3 | 2;
        var used = 1 + MqttPacket.WriteVarint(to[1..], size);
        _header.WriteTo(to.Slice(used, size));
        used += size;
        var body = _bodies[sequence % Cycle];
        body.CopyTo(to[used..]);
        WriteFirstTime(to.Slice(used + _firstTimeAt, FirstTimeBytes), _header.FirstUs);
        return used + body.Length;
    }

    /// <summary>Field 2 of a Batch: tag, length, ReadBatch.</summary>
    static byte[] Encode(LoadPlan plan, ReadColumnsWriter writer, int n, int portal, Random random)
    {
        var arriving = Math.Max(1, plan.Tags / Stay);
        writer.Clear();
        for (var read = 0; read < plan.Batch; read++)
        {
            // A reader's reports are no metronome's.
            var atUs = (1L << 50) + read * plan.SpacingUs + (read == 0 ? 0 : random.NextInt64(plan.SpacingUs / 2 + 1));
            var age = random.Next(Stay);                            // in batches since the tag came
            var tag = (n - age + Cycle) % Cycle * arriving + random.Next(arriving);
            var inside = random.NextDouble() < (age + 0.5) / Stay;  // further in the longer it has been there
            var epc = TagEncoding.Sgtin96(Catalogue.Products[tag % Catalogue.Products.Count], (ulong)(portal * 100_000 + tag));
            var row = new ReadRow(atUs, (ushort)(inside ? 2 : 1), (short)(-5500 - random.Next(10) * 100));
            if (plan.Phase) row = row with { Phase = (short)random.Next(4096), Channel = (ushort)(1 + random.Next(4)) };
            writer.Add(row, epc);
        }
        var columns = new ArrayBufferWriter<byte>(writer.LengthEstimate);
        writer.WriteTo(columns);
        return new Batch { Reads = new ReadBatch { Columns = ByteString.CopyFrom(columns.WrittenSpan) } }.ToByteArray();
    }

    /// <summary>Where the columns' first time stands: behind version, read count and tag count (contract/README.md).</summary>
    static int FirstTimeAt(byte[] body, LoadPlan plan)
    {
        var columns = Batch.Parser.ParseFrom(body).Reads.Columns.Span;
        var at = body.AsSpan().IndexOf(columns);
        var decoded = new ReadColumns();
        decoded.Decode(columns);
        Span<byte> number = stackalloc byte[5];
        return at + 1 + MqttPacket.WriteVarint(number, plan.Batch) + MqttPacket.WriteVarint(number, decoded.DistinctTags);
    }

    static void WriteFirstTime(Span<byte> to, long us)
    {
        var value = (ulong)us << 1;   // ZigZag of a time after 1970
        for (var n = 0; n < FirstTimeBytes; n++, value >>= 7) to[n] = (byte)(n < FirstTimeBytes - 1 ? value | 0x80 : value);
    }
}
