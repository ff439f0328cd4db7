using EdgeTrace.Simulators.Sensors;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>What is to go wrong with a cold store or its probe.</summary>
enum Mishap
{
    None,

    /// <summary>The compressor sticks on and the contents freeze: an excursion.</summary>
    Freezes,

    /// <summary>Somebody pulls the probe's cable: its samples say so, and no value comes.</summary>
    ProbePulled,

    /// <summary>The probe lost power for a moment: 85 °C once, then a bad CRC once. Neither is an excursion.</summary>
    ProbeHiccups,
}

/// <summary>
/// A place kept cold, as a thermostat keeps it: warming through its walls, cooled while the compressor runs, opened now and then.
/// Minutes pass in seconds, so that a page shows it breathing.
/// </summary>
/// <param name="Low">Limits of the class; what lies beyond is an excursion.</param>
sealed record ColdStore(
    string Point, string Name, string Location, string Class, string Source, string Device, string Channel,
    double Low, double High, double Set, double Band, double WarmPerSecond, double CoolPerSecond, Mishap Mishap)
{
    public static readonly IReadOnlyList<ColdStore> All =
    [
        new("fridge-1", "Vaccine fridge 1", "pharmacy", "fridge-2-8", "OneWire", "28-000005e2fdc3", "temp1", 2, 8, 4.8, 0.6, 0.13, 0.20, Mishap.ProbeHiccups),
        new("fridge-2", "Vaccine fridge 2", "pharmacy", "fridge-2-8", "OneWire", "28-000005e31b07", "temp1", 2, 8, 4.6, 0.5, 0.12, 0.18, Mishap.Freezes),
        new("freezer-1", "Plasma freezer", "pharmacy", "freezer", "Hwmon", "lm75", "temp1", -25, -15, -20.5, 1.0, 0.20, 0.28, Mishap.ProbePulled),
        new("ult-1", "Ultra-low freezer", "pharmacy", "ult", "Iio", "max31865", "temp", -90, -65, -79, 1.4, 0.25, 0.35, Mishap.None),
        new("blood-1", "Blood fridge", "theatre-1", "blood-2-6", "OneWire", "28-000005e2c8a1", "temp1", 2, 6, 4.0, 0.35, 0.08, 0.12, Mishap.None),
        new("store-3-room", "Store 3 room", "store-3", "ambient-15-25", "Hwmon", "sht4x", "temp1", 15, 25, 20.6, 0.4, 0.02, 0.02, Mishap.None),
    ];
}

/// <summary>The cold stores with their probes in a tree, each with a first value.</summary>
static class ColdStores
{
    public static IReadOnlyList<ColdStoreRun> In(string root, int seed, TimeSpan interval)
    {
        var tree = new SensorTree(root);
        var runs = new List<ColdStoreRun>();
        foreach (var store in ColdStore.All)
        {
            KernelProbe probe = store.Source switch
            {
                "OneWire" => tree.OneWire(store.Device),
                "Hwmon" => tree.Hwmon(runs.Count, store.Device),
                _ => tree.Iio(0, store.Device),
            };
            runs.Add(new(store, probe, seed * 17 + runs.Count, interval));
            runs[^1].Begin();
        }
        return runs;
    }
}

/// <summary>One cold store over run time: a value every interval, and which alarms are due.</summary>
sealed class ColdStoreRun(ColdStore store, KernelProbe probe, int seed, TimeSpan interval)
{
    const long Second = 1_000_000;
    const long FailsAtUs = 8 * Second;
    const long MendsAtUs = 180 * Second;
    const long PulledAtUs = 10 * Second;
    const long BackAtUs = 120 * Second;
    const long HiccupAtUs = 6 * Second;
    const long BadCrcAtUs = 13 * Second;
    const double FreezingPerSecond = 0.75;
    const double FloorCelsius = 0.6;   // below the range, and above where further rules (freezing, −0.5 °C) would raise alarms of their own
    const double DoorPerSecond = 0.3;
    const double DoorChancePerSecond = 0.03;

    readonly Random _random = new(seed);
    readonly double _seconds = interval.TotalSeconds;
    double _celsius = store.Set, _doorOpenSeconds;
    bool _cooling;
    long? _outsideSinceUs, _silentSinceUs;
    long _lastGoodUs;

    public ColdStore Store => store;

    /// <summary>Puts the first value in the tree, before anybody looks.</summary>
    public void Begin() => probe.Set(_celsius);

    /// <summary>One interval of run time. False: no value this time.</summary>
    public bool Step(long atUs)
    {
        Live(atUs);
        var shown = _celsius + Noise.Normal(_random, 0, 0.02);
        switch (store.Mishap)
        {
            case Mishap.ProbePulled when atUs is >= PulledAtUs and < BackAtUs:
                _silentSinceUs ??= _lastGoodUs;
                probe.Pull();
                return false;
            case Mishap.ProbeHiccups when atUs / Second == HiccupAtUs / Second:
                probe.Set(OneWireProbe.PowerOnCelsius);
                return true;
            case Mishap.ProbeHiccups when atUs / Second == BadCrcAtUs / Second:
                ((OneWireProbe)probe).SetCorrupt(shown);
                return true;
            default:
                break;
        }
        _silentSinceUs = null;
        _lastGoodUs = atUs;
        if (shown >= store.Low && shown <= store.High) _outsideSinceUs = null;
        else _outsideSinceUs ??= atUs;
        probe.Set(shown);
        return true;
    }

    /// <summary>Which alarm the rules owe by <paramref name="atUs"/>, and since when its cause lasts.</summary>
    public (string Rule, long FromUs)? Due(long atUs, TimeSpan excursionDelay, TimeSpan faultDelay) =>
        _silentSinceUs is { } quiet && atUs - quiet >= Clock.Microseconds(faultDelay) ? ("probe-fault", quiet)
        : _outsideSinceUs is { } outside && atUs - outside >= Clock.Microseconds(excursionDelay) ? ("excursion", outside)
        : null;

    void Live(long atUs)
    {
        if (store.Mishap == Mishap.Freezes && atUs is >= FailsAtUs and < MendsAtUs)
        {
            _celsius = Math.Max(FloorCelsius, _celsius - FreezingPerSecond * _seconds);
            return;
        }
        if (_celsius > store.Set + store.Band) _cooling = true;
        if (_celsius < store.Set - store.Band) _cooling = false;
        if (_doorOpenSeconds <= 0 && _random.NextDouble() < DoorChancePerSecond * _seconds) _doorOpenSeconds = 1 + 2 * _random.NextDouble();
        var door = _doorOpenSeconds > 0 && store.Class != "ambient-15-25" ? DoorPerSecond : 0;
        _doorOpenSeconds -= _seconds;
        _celsius += _seconds * (door + (_cooling ? -store.CoolPerSecond : store.WarmPerSecond));
    }
}
