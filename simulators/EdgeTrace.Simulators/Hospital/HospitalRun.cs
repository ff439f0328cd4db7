using System.Numerics;
using EdgeTrace.Simulators.Llrp;
using EdgeTrace.Simulators.Scanner;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>
/// Lives the plan in real time, through devices a gateway can really connect to.
/// <code>
/// plan → walks under way → RadioField per reader → LlrpReader (TCP)
///      → cold stores     → SensorTree (files)
///      → desks           → BarcodeScanner (pty)        and all of it → Truth; lamps on the readers' outputs too
/// </code>
/// </summary>
sealed class HospitalRun : IAsyncDisposable
{
    const long Second = 1_000_000;
    const long FirstScanUs = 5 * Second / 2;
    const long ScanEveryUs = 2 * Second;
    const long ScansEndUs = 2 * Second;
    const int RubbishOneIn = 12;

    // The theatre's scanner falls off its cable once; nobody scans there until the gateway has had time to find it again.
    const long UnplugUs = 15 * Second;
    const long ReplugUs = 18 * Second;
    const long ScanAgainUs = 23 * Second;

    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    readonly int _seed;
    readonly TimeSpan? _length;
    readonly TimeProvider _time;
    readonly HospitalFiles _files;
    readonly Dictionary<string, LlrpReader> _readers = [];
    readonly Dictionary<string, RadioField> _fields = [];
    readonly Dictionary<string, IReadOnlySet<int>> _outputs = [];
    readonly Dictionary<string, BarcodeScanner> _scanners = [];
    readonly IReadOnlyList<ColdStoreRun> _stores;
    readonly Random _desks;
    readonly string _truthPath;

    readonly List<Walk> _underWay = [];
    readonly PriorityQueue<(Walk Walk, Crossing Crossing), long> _crossings = new();
    long _nextSampleUs, _nextScanUs = FirstScanUs;
    int _scanCount;

    public HospitalRun(string folder, int seed, TimeSpan? length, int brokerPort, int httpPort, TimeProvider time)
    {
        (_seed, _length, _time, _desks) = (seed, length, time, new(seed * 31 + 5));
        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(folder);
        _truthPath = Path.Combine(folder, "truth.jsonl");
        _files = new(folder, brokerPort, httpPort);
        var number = 0;
        foreach (var name in Building.Readers)
        {
            _readers[name] = new(name, 0, time);
            _outputs[name] = _readers[name].Outputs;
            _fields[name] = new([.. Building.Doors.Where(door => door.Reader == name)], seed * 101 + number++);
        }
        foreach (var (desk, _, _) in HospitalFiles.Desks)
        {
            _scanners[desk] = new(_files.ScannerLink(desk));
            _scanners[desk].Plug();
        }
        _stores = ColdStores.In(_files.SensorRoot, seed, HospitalFiles.Interval);
        _files.Write(_readers.ToDictionary(reader => reader.Key, reader => reader.Value.Port), seed);
    }

    public HospitalCounts Counts { get; } = new();

    /// <summary>Moves everything from now on; returns when the plan's time is over, with nobody in any door.</summary>
    public async Task LiveAsync(Action<HospitalCounts> progress, CancellationToken stop)
    {
        var began = _time.GetTimestamp();
        var startUs = Clock.Microseconds(_time);
        using var truth = new Truth(_truthPath, startUs);
        using var walks = new HospitalPlan(_seed, _length).Walks().GetEnumerator();
        var more = walks.MoveNext();
        using var timer = new PeriodicTimer(Beat, _time);
        var nextProgress = Second;
        long atUs = 0;
        try
        {
            while (_length is not { } length || atUs < Clock.Microseconds(length))
            {
                await timer.WaitForNextTickAsync(stop);
                atUs = Clock.Microseconds(_time.GetElapsedTime(began));
                for (; more && walks.Current.StartUs <= atUs; more = walks.MoveNext()) Set(walks.Current, truth);
                Listen(startUs, atUs);
                Leave(truth, atUs);
                Measure(truth, atUs);
                Scan(truth, atUs);
                Watch(truth, atUs);
                if (atUs < nextProgress) continue;
                nextProgress += Second;
                truth.Flush();
                Note(truth, atUs);
                progress(Counts);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop early: the truth so far is still the truth.
        }
        truth.End(atUs);
        Note(truth, atUs);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var scanner in _scanners.Values) scanner.Dispose();
        foreach (var reader in _readers.Values) await reader.DisposeAsync();
    }

    void Set(Walk walk, Truth truth)
    {
        _underWay.Add(walk);
        foreach (var crossing in Crossing.Of(walk)) _crossings.Enqueue((walk, crossing), crossing.ToUs);
        if (walk.Tags is [{ IsReprint: true } copy, ..]) truth.AddReprint(copy, walk.StartUs);
        if (walk.IsParked) truth.AddParked(Building.Doors.MinBy(door => Vector2.Distance(door.Position, walk.Path[0].Place))!, walk.Tags[0]);
    }

    void Listen(long startUs, long atUs)
    {
        var heard = new List<Heard>();
        foreach (var (name, field) in _fields)
        {
            heard.Clear();
            field.Advance(atUs, _underWay, heard);
            if (heard.Count == 0) continue;
            foreach (var read in heard) Counts.Add(read);
            _readers[name].Observe(heard.Select(read => new Sighting(read.Tag.Epc, read.Port, startUs + read.AtUs, read.RssiCentiDbm, read.Phase, read.Channel, read.Tag.Tid)));
        }
    }

    void Leave(Truth truth, long atUs)
    {
        while (_crossings.TryPeek(out var done, out var at) && at <= atUs)
        {
            _crossings.Dequeue();
            truth.Add(done.Walk, done.Crossing);
        }
        // A turn of the radio may still look back at who has just left.
        foreach (var walk in _underWay.Where(walk => atUs - Second > walk.EndUs).ToList())
        {
            _underWay.Remove(walk);
            foreach (var field in _fields.Values) field.Forget(walk);
        }
    }

    void Measure(Truth truth, long atUs)
    {
        for (; _nextSampleUs <= atUs; _nextSampleUs += Clock.Microseconds(HospitalFiles.Interval))
        {
            foreach (var store in _stores)
            {
                if (store.Step(_nextSampleUs)) Counts.Samples++;
                truth.Alarm(store.Store.Point, store.Due(_nextSampleUs, HospitalFiles.ExcursionDelay, HospitalFiles.Silence), _nextSampleUs);
            }
        }
    }

    void Scan(Truth truth, long atUs)
    {
        var theatre = _scanners["theatre-1-desk"];
        if (atUs is >= UnplugUs and < ReplugUs) theatre.Unplug();
        else theatre.Plug();
        for (; _nextScanUs <= atUs; _nextScanUs += ScanEveryUs)
        {
            if (_length is { } length && _nextScanUs > Clock.Microseconds(length) - ScansEndUs) return;
            var desk = _scanCount++ % 2 == 0 || _nextScanUs is >= UnplugUs - Second and < ScanAgainUs ? "goods-in-desk" : "theatre-1-desk";
            var rubbish = _scanCount % RubbishOneIn == RubbishOneIn / 2;
            var label = rubbish ? Labels.Rubbish(_desks) : Label(desk);
            if (!_scanners[desk].Emit(label)) continue;
            Counts.Scans++;
            if (rubbish) Counts.ScansRubbish++;
            truth.Scan(desk, _nextScanUs, label, rubbish);
        }
    }

    void Watch(Truth truth, long atUs)
    {
        foreach (var (name, reader) in _readers)
        {
            var (before, now) = (_outputs[name], reader.Outputs);
            if (ReferenceEquals(before, now)) continue;
            foreach (var port in now.Except(before)) truth.Output(name, port, on: true, atUs);
            foreach (var port in before.Except(now)) truth.Output(name, port, on: false, atUs);
            _outputs[name] = now;
        }
    }

    string Label(string desk)
    {
        if (desk == "goods-in-desk" && _desks.Next(4) == 0) return Labels.Sscc(CheckDigit.Append($"3{Catalogue.Own}{_desks.Next(1_000_000_000):D9}"));
        var product = Catalogue.Products[_desks.Next(Catalogue.Products.Count)];
        if (_desks.Next(5) == 0) return Labels.Ean13(product.Gtin[1..]);
        var expiry = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime).AddDays(90 + _desks.Next(900));
        return Labels.DataMatrix(product.Gtin, expiry, $"L{_desks.Next(10_000):D4}", $"{_desks.Next(1_000_000):D6}");
    }

    void Note(Truth truth, long atUs)
    {
        (Counts.Seconds, Counts.Passages, Counts.Alarms) = (atUs / (double)Second, truth.Passages, truth.Alarms);
        Counts.PeopleUnderWay = _underWay.Count(walk => !walk.IsParked && walk.IsUnderWay(atUs));
        Counts.Reported = _readers.Values.Sum(reader => reader.Reported);
    }
}
