using System.Globalization;
using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Devices.Temperature;

/// <summary>What a probe said once: milli-degrees Celsius, or why there is no value.</summary>
readonly record struct Measurement(int MilliCelsius, ProbeFault Fault, string Raw)
{
    public static Measurement Of(int milliCelsius) => new(milliCelsius, ProbeFault.None, "");
    public static Measurement Failed(ProbeFault fault, string raw) => new(0, fault, raw.Length <= RawMax ? raw : raw[..RawMax]);

    /// <summary>Enough for both lines of w1_slave; a driver that says more is not quoted further.</summary>
    const int RawMax = 160;
}

/// <summary>
/// Reads a probe through the kernel's own driver: 1-Wire, hwmon or IIO sysfs files (Documentation/ABI/testing/sysfs-bus-iio,
/// Documentation/hwmon/sysfs-interface.rst, Documentation/w1/slaves/w1_therm.rst). Every failure is a named fault, never an exception.
/// </summary>
sealed class KernelThermometer(TemperatureOptions options, string root)
{
    /// <summary>What a DS18B20 holds before its first conversion (datasheet, table 1): a power cut on the probe, not a hot fridge.</summary>
    const int PowerOnMilliCelsius = 85_000;

    readonly int _lowest = (int)((options.LowestCelsius ?? (options.Source == SensorSource.OneWire ? -55 : -200)) * 1000);
    readonly int _highest = (int)((options.HighestCelsius ?? (options.Source == SensorSource.OneWire ? 125 : 850)) * 1000);

    public Measurement Read()
    {
        try
        {
            return Judge(options.Source switch
            {
                SensorSource.OneWire => ReadOneWire(),
                SensorSource.Hwmon => ReadHwmon(),
                _ => ReadIio(),
            });
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return Measurement.Failed(ProbeFault.Vanished, gone.Message);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return Measurement.Failed(ProbeFault.Unreadable, refused.Message);
        }
    }

    Measurement Judge(Measurement measured)
    {
        if (measured.Fault != ProbeFault.None) return measured;
        if (options.Source == SensorSource.OneWire && measured.MilliCelsius == PowerOnMilliCelsius)
            return Measurement.Failed(ProbeFault.PowerOnValue, "85000");
        return measured.MilliCelsius >= _lowest && measured.MilliCelsius <= _highest
            ? measured
            : Measurement.Failed(ProbeFault.OutOfRange, measured.MilliCelsius.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Two lines: the scratchpad with <c>crc=5e YES</c>, then <c>t=4625</c>. The CRC is the kernel's; NO means a bad wire.</summary>
    Measurement ReadOneWire()
    {
        var text = File.ReadAllText(Path.Combine(root, "sys/bus/w1/devices", options.Device, "w1_slave"));
        if (text.Length == 0) return Measurement.Failed(ProbeFault.Unreadable, "");
        var lines = text.Split('\n');
        if (lines[0].TrimEnd().EndsWith("NO", StringComparison.Ordinal)) return Measurement.Failed(ProbeFault.Checksum, text);
        var at = text.LastIndexOf("t=", StringComparison.Ordinal);
        return lines[0].TrimEnd().EndsWith("YES", StringComparison.Ordinal) && at >= 0 && TryMilli(text.AsSpan(at + 2), out var value)
            ? Measurement.Of(value)
            : Measurement.Failed(ProbeFault.Unreadable, text);
    }

    Measurement ReadHwmon()
    {
        var folder = Find(Path.Combine(root, "sys/class/hwmon"));
        var text = File.ReadAllText(Path.Combine(folder, (options.Channel ?? "temp1") + "_input"));
        return TryMilli(text, out var value) ? Measurement.Of(value) : Measurement.Failed(ProbeFault.Unreadable, text);
    }

    /// <summary>Either a processed milli-degree value, or (raw + offset) × scale.</summary>
    Measurement ReadIio()
    {
        var folder = Find(Path.Combine(root, "sys/bus/iio/devices"));
        var channel = Path.Combine(folder, "in_" + (options.Channel ?? "temp"));
        if (File.Exists(channel + "_input"))
        {
            var text = File.ReadAllText(channel + "_input");
            return TryNumber(text, out var milli) ? Rounded(milli, text) : Measurement.Failed(ProbeFault.Unreadable, text);
        }
        var raw = File.ReadAllText(channel + "_raw");
        var scale = File.ReadAllText(channel + "_scale");
        var offset = File.Exists(channel + "_offset") ? File.ReadAllText(channel + "_offset") : "0";
        var all = $"raw {raw.Trim()} offset {offset.Trim()} scale {scale.Trim()}";
        return TryNumber(raw, out var r) && TryNumber(scale, out var s) && TryNumber(offset, out var o)
            ? Rounded((r + o) * s, all)
            : Measurement.Failed(ProbeFault.Unreadable, all);
    }

    static Measurement Rounded(double milliCelsius, string raw) =>
        double.IsFinite(milliCelsius) && Math.Abs(milliCelsius) < 10_000_000
            ? Measurement.Of((int)Math.Round(milliCelsius))
            : Measurement.Failed(ProbeFault.OutOfRange, raw);

    /// <summary>hwmon and IIO folders are numbered in probe order, which a reboot may change: the driver's name is looked up every time.</summary>
    string Find(string devices)
    {
        var direct = Path.Combine(devices, options.Device);
        if (Directory.Exists(direct)) return direct;
        var named = Directory.EnumerateDirectories(devices)
            .Where(folder => File.Exists(Path.Combine(folder, "name")) && File.ReadAllText(Path.Combine(folder, "name")).Trim() == options.Device)
            .ToList();
        return named.Count switch
        {
            1 => named[0],
            0 => throw new DirectoryNotFoundException($"No device named '{options.Device}' in {devices}."),
            _ => throw new IOException($"{named.Count} devices are named '{options.Device}' in {devices}: give the folder's name instead."),
        };
    }

    static bool TryMilli(ReadOnlySpan<char> text, out int value) => int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    static bool TryNumber(ReadOnlySpan<char> text, out double value) => double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
