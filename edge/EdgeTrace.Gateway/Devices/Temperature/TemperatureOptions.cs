namespace EdgeTrace.Gateway.Devices.Temperature;

/// <summary>Where the kernel's trees begin; the simulators put theirs elsewhere than <c>/</c>.</summary>
sealed class SensorsOptions
{
    public string Root { get; set; } = "/";
}

/// <summary>One probe: which kernel driver speaks for it, and which Point it stands at.</summary>
sealed class TemperatureOptions
{
    /// <summary>The Point's word in the site model; its stream is <c>samples/{point}</c>.</summary>
    public string Point { get; set; } = "";

    public SensorSource Source { get; set; }

    /// <summary>1-Wire: the id, <c>28-000005e2fdc3</c>. hwmon and IIO: the driver's name (<c>sht3x</c>) or the folder (<c>hwmon2</c>, <c>iio:device0</c>).</summary>
    public string Device { get; set; } = "";

    /// <summary>hwmon: <c>temp1</c>, <c>temp2</c> …; IIO: <c>temp</c>, <c>temp1</c> …; not used by 1-Wire.</summary>
    public string? Channel { get; set; }

    /// <summary>10 s, as WHO DS01 samples (facts: cold chain §1.2).</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What the instrument can measure; a value outside is a fault, not a temperature. Default: the source's own range.</summary>
    public double? LowestCelsius { get; set; }
    public double? HighestCelsius { get; set; }

    /// <summary>A storage class such as <c>fridge-2-8</c>: the gateway then also judges on its own, with no network. Empty: it only measures.</summary>
    public string? Class { get; set; }

    public IEnumerable<string> Mistakes(string path)
    {
        if (!Contract.GatewayTopics.IsWord(Point)) yield return $"{path}.Point: '{Point}' cannot be part of a topic; use 1 to 40 of a-z, 0-9 and -.";
        if (Source == SensorSource.None) yield return $"{path}.Source: say which kernel tree the probe is in: OneWire, Hwmon or Iio.";
        if (Device.Length == 0) yield return $"{path}.Device: name the probe, as 28-000005e2fdc3 (1-Wire) or sht3x (hwmon, IIO).";
        if (Device.Contains('/', StringComparison.Ordinal) || Device.Contains("..", StringComparison.Ordinal)) yield return $"{path}.Device: '{Device}' is a path; give only the device's own name.";
        if (Interval < IntervalMin || Interval > IntervalMax) yield return $"{path}.Interval: {Interval} is outside {IntervalMin} to {IntervalMax}; 00:00:10 is usual.";
        if (LowestCelsius >= HighestCelsius) yield return $"{path}: LowestCelsius {LowestCelsius} is not below HighestCelsius {HighestCelsius}.";
        if (Class is { Length: > 0 } && ColdChain.StorageClass.Find(Class) is null)
            yield return $"{path}.Class: '{Class}' is no storage class; one of {string.Join(", ", ColdChain.StorageClass.All.Select(known => known.Code))}, or leave it out.";
    }

    /// <summary>A DS18B20 needs 750 ms for a 12-bit conversion; a demo's simulated tree can do better.</summary>
    static readonly TimeSpan IntervalMin = TimeSpan.FromMilliseconds(100);

    /// <summary>EN 12830 asks for at least every 5 minutes in transport; an hour would be silence.</summary>
    static readonly TimeSpan IntervalMax = TimeSpan.FromMinutes(30);
}

/// <summary>The kernel's three ways to show a thermometer.</summary>
enum SensorSource
{
    None,
    OneWire,
    Hwmon,
    Iio,
}
