using System.ComponentModel;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using EdgeTrace.Tracking;

namespace EdgeTrace.Benchmarks.Smoothing;

/// <summary>How many reads a second does one core smooth, with how many tags open?</summary>
[MemoryDiagnoser]
[Description("Smoothing: reads of tags whose visits are open, batches of 1,000 | read")]
public class OpenVisits
{
    FieldReads _field = null!;
    TagRead[] _reads = null!;
    ReadBatch[] _batches = null!;
    ZoneTracker _tracker = null!;
    readonly List<Visit> _closed = [];
    readonly Dictionary<Key, Sum> _structs = [];
    readonly Dictionary<string, Sum> _strings = [];

    [Params(10_000, 1_000_000)]
    public int Tags { get; set; }

    [Params(Field.Uniform, Field.Bursty)]
    public Field Field { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _field = new(Tags, Field, seed: 2);
        _reads = new TagRead[FieldReads.Reads];
        _tracker = _field.OpenAll();
    }

    [IterationSetup]
    public void Go_on()
    {
        _field.Next();
        _batches = _field.Batches();
        for (var i = 0; i < _reads.Length; i++)
            _reads[i] = new(_field.Epcs[_field.Tag[i]], _field.TimeUs[i], _field.Antenna[i], _field.Rssi[i], 1, _field.TimeUs[i]);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = FieldReads.Reads, Description = "**ZoneTracker**: first, last, count, peaks, sides, evidence of direction")]
    public int Smooth_into_visits()
    {
        foreach (var batch in _batches) _tracker.Apply(batch.Columns(), _closed);
        return _tracker.OpenVisits;
    }

    [Benchmark(OperationsPerInvoke = FieldReads.Reads, Description = "`Dictionary<struct, …>`: first, last, count, peak")]
    public int Sum_in_a_dictionary_of_structs()
    {
        foreach (ref readonly var read in _reads.AsSpan())
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_structs, new(read.Epc.High, read.Epc.Low), out var known);
            sum.Add(known, read.TimeUs, read.RssiCentiDbm);
        }
        return _structs.Count;
    }

    [Benchmark(OperationsPerInvoke = FieldReads.Reads, Description = "`Dictionary<string, …>`, the EPC as hex: first, last, count, peak")]
    public int Sum_in_a_dictionary_of_strings()
    {
        foreach (ref readonly var read in _reads.AsSpan())
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_strings, read.Epc.ToString(), out var known);
            sum.Add(known, read.TimeUs, read.RssiCentiDbm);
        }
        return _strings.Count;
    }

    readonly record struct Key(ulong High, ulong Low);

    struct Sum
    {
        long _first, _last;
        int _count;
        short _peak;

        public void Add(bool known, long timeUs, short rssi)
        {
            _first = known ? Math.Min(_first, timeUs) : timeUs;
            _last = Math.Max(_last, timeUs);
            _peak = known ? Math.Max(_peak, rssi) : rssi;
            _count++;
        }
    }
}
