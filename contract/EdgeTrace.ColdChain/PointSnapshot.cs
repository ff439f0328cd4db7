using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace EdgeTrace.ColdChain;

/// <summary>The bytes of a judge at rest; drawn in this room's README, little-endian throughout.</summary>
static class PointSnapshot
{
    const uint Magic = 0x4A505445;   // "ETPJ"
    const ushort Version = 1;
    const int SampleBytes = 18;
    const int RuleBytes = 2 + 9 * 8;

    public static void Write(PointJudge judge, SortedSet<Sample> heldBack, IBufferWriter<byte> output)
    {
        var bytes = new byte[16 + 6 * 8 + 1 + SampleBytes + 8 + judge.Rules.Length * RuleBytes + heldBack.Count * SampleBytes + 4];
        var at = 0;
        U32(Magic);
        U16(Version);
        U16((ushort)judge.Rules.Length);
        U32(Fingerprint(judge));
        U32((uint)heldBack.Count);
        I64(judge.NewestUs);
        I64(judge.LateSamples);
        foreach (var heardUs in judge.HeardUs) I64(heardUs);
        bytes[at++] = (byte)judge.Fault;
        WriteSample(judge.Good);
        foreach (var rule in judge.Rules)
        {
            bytes[at++] = (byte)rule.Phase;
            bytes[at++] = (byte)rule.Fault;
            I64(rule.SinceUs);
            I64(rule.ActiveUs);
            I64(rule.ClearSinceUs);
            I64(rule.ToldUs);
            I64(BitConverter.DoubleToInt64Bits(rule.Peak));
            I64(rule.PeakUs);
            I64(rule.UncoveredUs);
            I64(rule.CumulativeUs);
            I64(rule.Day);
        }
        foreach (var sample in heldBack) WriteSample(sample);
        U32(Crc(0, bytes.AsSpan(0, at)));
        output.Write(bytes.AsSpan(0, at));

        void U16(ushort value) { BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value); at += 2; }
        void U32(uint value) { BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value); at += 4; }
        void I64(long value) { BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), value); at += 8; }
        void WriteSample(Sample sample)
        {
            I64(sample.TimeUs);
            I64(BitConverter.DoubleToInt64Bits(sample.Value));
            bytes[at++] = (byte)sample.Quantity;
            bytes[at++] = (byte)sample.Fault;
        }
    }

    public static void Read(ReadOnlySpan<byte> snapshot, PointJudge judge, SortedSet<Sample> heldBack)
    {
        if (snapshot.Length < 20) throw Refused($"{snapshot.Length} bytes are too few");
        var cursor = new Cursor(snapshot[..^4]);
        if (cursor.U32() != Magic) throw Refused("it does not begin with ETPJ");
        var version = cursor.U16();
        if (version != Version) throw Refused($"version {version} is not known, only {Version}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(snapshot[^4..]) != Crc(0, snapshot[..^4])) throw Refused("its checksum is wrong");
        var rules = cursor.U16();
        var fingerprint = cursor.U32();
        var held = cursor.U32();
        judge.NewestUs = cursor.I64();
        judge.Enter(judge.NewestUs);
        if (rules != judge.Rules.Length || fingerprint != Fingerprint(judge)) throw Refused("it was made under other limits");
        judge.LateSamples = cursor.I64();
        foreach (ref var heardUs in judge.HeardUs.AsSpan()) heardUs = cursor.I64();
        judge.Fault = (ProbeFault)cursor.U8();
        judge.Good = ReadSample(ref cursor);
        foreach (var rule in judge.Rules)
        {
            rule.Phase = (RulePhase)cursor.U8();
            rule.Fault = (ProbeFault)cursor.U8();
            rule.SinceUs = cursor.I64();
            rule.ActiveUs = cursor.I64();
            rule.ClearSinceUs = cursor.I64();
            rule.ToldUs = cursor.I64();
            rule.Peak = BitConverter.Int64BitsToDouble(cursor.I64());
            rule.PeakUs = cursor.I64();
            rule.UncoveredUs = cursor.I64();
            rule.CumulativeUs = cursor.I64();
            rule.Day = cursor.I64();
        }
        for (var i = 0u; i < held; i++) heldBack.Add(ReadSample(ref cursor));
        if (!cursor.AtEnd) throw Refused("bytes are left over");
    }

    static Sample ReadSample(ref Cursor cursor)
    {
        var timeUs = cursor.I64();
        var value = BitConverter.Int64BitsToDouble(cursor.I64());
        return new(timeUs, (Quantity)cursor.U8(), value, (ProbeFault)cursor.U8());
    }

    /// <summary>Names the point and the rules in force: a timer must not be continued under another rule.</summary>
    static uint Fingerprint(PointJudge judge)
    {
        var crc = Crc(0, Encoding.UTF8.GetBytes(judge.Point));
        crc = BitOperations.Crc32C(crc, (ulong)judge.Limits.GapUs);
        foreach (var rule in judge.Limits.Rules)
        {
            crc = Crc(crc, Encoding.UTF8.GetBytes(rule.Code));
            crc = BitOperations.Crc32C(crc, (uint)rule.Severity << 24 | (uint)rule.Watches << 16 | (uint)rule.Compare << 8 | (uint)rule.Timing);
            crc = BitOperations.Crc32C(crc, BitConverter.DoubleToUInt64Bits(rule.Limit));
            crc = BitOperations.Crc32C(crc, BitConverter.DoubleToUInt64Bits(rule.ClearAt ?? double.NaN));
            crc = BitOperations.Crc32C(crc, (ulong)rule.DelayUs);
            crc = BitOperations.Crc32C(crc, (ulong)rule.ClearDelayUs);
        }
        return crc;
    }

    static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    static InvalidDataException Refused(string why) => new($"Point snapshot refused: {why}.");

    ref struct Cursor(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> _bytes = bytes;

        public readonly bool AtEnd => _bytes.IsEmpty;

        public byte U8() => Bytes(1)[0];
        public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));
        public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));
        public long I64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

        ReadOnlySpan<byte> Bytes(int length)
        {
            if (length > _bytes.Length) throw Refused("it ends too early");
            var taken = _bytes[..length];
            _bytes = _bytes[length..];
            return taken;
        }
    }
}
