using System.ComponentModel;
using BenchmarkDotNet.Attributes;
using EdgeTrace.Tracking;

namespace EdgeTrace.Benchmarks.Smoothing;

/// <summary>Do two zones on two threads smooth twice as much? They do if a zone's read costs the same whether or not another core smooths: they share nothing but cache and memory.</summary>
[MemoryDiagnoser]
[Description("Smoothing on two cores: what a read costs its own core, uniform | read")]
public class SmoothingOnTwoCores
{
    readonly Zone[] _zones = [new(), new()];

    [Params(10_000, 1_000_000)]
    public int Tags { get; set; }

    [GlobalSetup]
    public void Open()
    {
        for (var zone = 0; zone < 2; zone++) _zones[zone].Open(Tags, seed: 4 + zone);
    }

    [IterationSetup]
    public void Go_on()
    {
        foreach (var zone in _zones) zone.Next();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = FieldReads.Reads, Description = "one zone alone")]
    public int Smooth_one_zone() => _zones[0].Smooth();

    [Benchmark(OperationsPerInvoke = FieldReads.Reads, Description = "one zone while another is smoothed on another thread")]
    public int Smooth_two_zones()
    {
        var other = new Thread(() => _zones[1].Smooth());
        other.Start();
        var open = _zones[0].Smooth();
        other.Join();
        return open;
    }

    sealed class Zone
    {
        FieldReads _field = null!;
        ReadBatch[] _batches = [];
        ZoneTracker _tracker = null!;
        readonly List<Visit> _closed = [];

        public void Open(int tags, int seed)
        {
            _field = new(tags, Field.Uniform, seed);
            _tracker = _field.OpenAll();
        }

        public void Next()
        {
            _field.Next();
            _batches = _field.Batches();
        }

        public int Smooth()
        {
            foreach (var batch in _batches) _tracker.Apply(batch.Columns(), _closed);
            return _tracker.OpenVisits;
        }
    }
}
