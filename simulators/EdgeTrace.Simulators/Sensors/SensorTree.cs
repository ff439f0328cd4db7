using System.Globalization;

namespace EdgeTrace.Simulators.Sensors;

/// <summary>A folder that looks like the kernel's <c>/sys</c> to whoever reads thermometers from it.</summary>
sealed class SensorTree(string root)
{
    public string Root => root;

    public OneWireProbe OneWire(string id) => new(Path.Combine(root, "sys/bus/w1/devices", id), id);

    /// <param name="number">hwmon folders are numbered in probe order.</param>
    /// <param name="name">The driver's chip name, as <c>sht4x</c>.</param>
    public HwmonProbe Hwmon(int number, string name) => new(Path.Combine(root, "sys/class/hwmon", "hwmon" + Text(number)), name);

    public IioProbe Iio(int number, string name) => new(Path.Combine(root, "sys/bus/iio/devices", "iio:device" + Text(number)), name);

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One probe's folder in the tree. A value replaces its file whole, so a reader never sees half of one.</summary>
abstract class KernelProbe(string folder)
{
    /// <summary>Null until the first value, and while the probe is pulled.</summary>
    public double? Celsius { get; private set; }

    public void Set(double celsius)
    {
        Celsius = celsius;
        Directory.CreateDirectory(folder);
        Write(celsius);
    }

    /// <summary>The probe is pulled: the kernel removes its folder.</summary>
    public void Pull()
    {
        Celsius = null;
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    protected abstract void Write(double celsius);

    protected void Replace(string name, string text)
    {
        var fresh = Path.Combine(folder, "." + name);
        File.WriteAllText(fresh, text);
        File.Move(fresh, Path.Combine(folder, name), overwrite: true);
    }

    protected static string Milli(double celsius) => Math.Round(celsius * 1000).ToString(CultureInfo.InvariantCulture) + "\n";
}

/// <summary>
/// A DS18B20 as w1_therm shows it (Documentation/w1/slaves/w1_therm.rst): nine bytes of scratchpad with their CRC, then the value.
/// <code>
/// 4a 01 4b 46 7f ff 06 10 b1 : crc=b1 YES
/// 4a 01 4b 46 7f ff 06 10 b1 t=20625
/// </code>
/// </summary>
sealed class OneWireProbe(string folder, string id) : KernelProbe(folder)
{
    /// <summary>What the scratchpad holds before the first conversion (DS18B20 datasheet, table 1).</summary>
    public const double PowerOnCelsius = 85;

    /// <summary>A bad wire: the kernel read a scratchpad whose CRC is wrong, and says NO.</summary>
    public void SetCorrupt(double celsius) => WriteSlave(celsius, corrupt: true);

    protected override void Write(double celsius)
    {
        WriteSlave(celsius, corrupt: false);
        Replace("temperature", Milli(Sixteenths(celsius) / 16.0));
        Replace("name", id + "\n");
    }

    void WriteSlave(double celsius, bool corrupt)
    {
        var raw = Sixteenths(celsius);
        Span<byte> pad = [(byte)raw, (byte)(raw >> 8), 0x4B, 0x46, 0x7F, 0xFF, (byte)(0x10 - (raw & 0x0F)), 0x10, 0];
        pad[8] = Crc8(pad[..8]);
        if (corrupt) pad[0] ^= 0x20;
        var bytes = string.Join(' ', pad.ToArray().Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture)));
        var milli = ((short)(pad[0] | (pad[1] << 8)) * 1000 / 16).ToString(CultureInfo.InvariantCulture);
        Replace("w1_slave", $"{bytes} : crc={pad[8]:x2} {(corrupt ? "NO" : "YES")}\n{bytes} t={milli}\n");
    }

    /// <summary>12 bits: the instrument knows steps of 0.0625 °C.</summary>
    static int Sixteenths(double celsius) => (int)Math.Round(celsius * 16);

    /// <summary>Dallas: x⁸ + x⁵ + x⁴ + 1, reflected.</summary>
    static byte Crc8(ReadOnlySpan<byte> bytes)
    {
        var crc = 0;
        foreach (var octet in bytes)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x8C : crc >> 1;
        }
        return (byte)crc;
    }
}

/// <summary>A chip with a hwmon driver: its name, and milli-degrees in temp1_input (Documentation/hwmon/sysfs-interface.rst).</summary>
sealed class HwmonProbe(string folder, string name) : KernelProbe(folder)
{
    protected override void Write(double celsius)
    {
        Replace("name", name + "\n");
        Replace("temp1_input", Milli(celsius));
    }
}

/// <summary>An IIO converter (a PT100 behind a MAX31865): (raw + offset) × scale is milli-degrees (Documentation/ABI/testing/sysfs-bus-iio).</summary>
sealed class IioProbe(string folder, string name) : KernelProbe(folder)
{
    const int Offset = -8192;
    const double MilliPerStep = 31.25;

    protected override void Write(double celsius)
    {
        Replace("name", name + "\n");
        Replace("in_temp_scale", MilliPerStep.ToString("F9", CultureInfo.InvariantCulture) + "\n");
        Replace("in_temp_offset", Offset.ToString(CultureInfo.InvariantCulture) + "\n");
        Replace("in_temp_raw", (Math.Round(celsius * 1000 / MilliPerStep) - Offset).ToString(CultureInfo.InvariantCulture) + "\n");
    }
}
