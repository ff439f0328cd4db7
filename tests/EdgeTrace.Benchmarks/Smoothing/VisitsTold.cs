using System.ComponentModel;
using BenchmarkDotNet.Attributes;
using EdgeTrace.Tracking;

namespace EdgeTrace.Benchmarks.Smoothing;

/// <summary>And with everything a portal's day has: time goes on, tags leave, their visits are judged, named and told.</summary>
[MemoryDiagnoser]
[Description("Smoothing with visits closed and told, a thousand tags in the field at a time, gap 1.5 s | read")]
public class VisitsTold
{
    readonly FieldReads _field = new(10_000, Field.Bursty, seed: 6);
    readonly List<Visit> _closed = [];
    readonly ZoneTracker _tracker = new([FieldReads.Door with { Gap = TimeSpan.FromSeconds(1.5), SplitEvery = TimeSpan.FromHours(1) }]);
    ReadBatch[] _batches = [];

    [IterationSetup]
    public void Go_on()
    {
        _field.Next();
        _batches = _field.Batches();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = FieldReads.Reads, Description = "**ZoneTracker**: apply, advance, close")]
    public int Smooth_and_tell()
    {
        var told = 0;
        foreach (var batch in _batches)
        {
            var columns = batch.Columns();
            _tracker.Apply(columns, _closed);
            _tracker.Advance(columns.TimeUs[^1], _closed);
            told += _closed.Count;
            _closed.Clear();
        }
        return told;
    }
}
