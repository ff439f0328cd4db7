using System.Buffers;
using System.Buffers.Binary;
using System.ComponentModel;
using BenchmarkDotNet.Attributes;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Contract;
using EdgeTrace.Identity;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Benchmarks.Smoothing;

/// <summary>What it costs to look for two tags with one number: batches of a second from a busy door, decoded, and the chips in them looked at.</summary>
[MemoryDiagnoser]
[Description("Twenty minutes of a busy door, 1,000 reads a second of 50 tags: decoded, and their chips looked at | read")]
public class ChipsLooked
{
    const int Batches = 1200, BatchReads = 1000, Tags = 50;

    readonly ReadColumns _columns = new();
    readonly Epc[] _epcs = new Epc[Tags];
    readonly ChipWatch _watch = new("door");
    byte[][] _plain = [], _withTids = [];
    long _atUs = TagSet.StartUs;

    [IterationSetup]
    public void Go_on()
    {
        (_plain, _withTids) = (Make(tids: false), Make(tids: true));
        _atUs += Batches * 1_000_000L;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Batches * BatchReads, Description = "decoded alone, TIDs in the batch")]
    public int Decode() => Read(_withTids, look: false);

    [Benchmark(OperationsPerInvoke = Batches * BatchReads, Description = "**ChipWatch**, no TIDs in the batch")]
    public int Look_where_there_are_none() => Read(_plain, look: true);

    [Benchmark(OperationsPerInvoke = Batches * BatchReads, Description = "**ChipWatch**, a TID of each tag")]
    public int Look() => Read(_withTids, look: true);

    int Read(byte[][] batches, bool look)
    {
        var facts = new LedgerCommit("benchmark");
        foreach (var batch in batches)
        {
            _columns.Decode(batch);
            if (!look) continue;
            for (var i = 0; i < _columns.DistinctTags; i++) _epcs[i] = Epc.From(_columns.Epc(i));
            _watch.Look(_columns, _epcs.AsSpan(0, _columns.DistinctTags), _columns.TimeUs[0], _columns.LastUs[^1], epc => epc.ToString(), facts);
        }
        return facts.Chips.Count;
    }

    byte[][] Make(bool tids)
    {
        var writer = new ReadColumnsWriter();
        var batches = new byte[Batches][];
        for (var n = 0; n < Batches; n++)
        {
            writer.Clear();
            for (var i = 0; i < BatchReads; i++) writer.Add(new(_atUs + n * 1_000_000L + i * 1_000, 1, -5000), Number(0x30, i % Tags), tid: tids ? Number(0xE2, i % Tags) : []);
            var bytes = new ArrayBufferWriter<byte>();
            writer.WriteTo(bytes);
            batches[n] = bytes.WrittenSpan.ToArray();
        }
        return batches;
    }

    static byte[] Number(byte header, int tag)
    {
        var number = new byte[12];
        number[0] = header;
        BinaryPrimitives.WriteInt32BigEndian(number.AsSpan(8), tag);
        return number;
    }
}
