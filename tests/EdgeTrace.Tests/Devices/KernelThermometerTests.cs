using EdgeTrace.Contract;
using EdgeTrace.Gateway.Devices.Temperature;

namespace EdgeTrace.Tests.Devices;

/// <summary>The double is the kernel's own file tree, one layer below the code: what the files say is from the kernel's documentation.</summary>
public sealed class KernelThermometerTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("edgetrace-sensors-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("4a 00 4b 46 7f ff 06 10 5e : crc=5e YES\n4a 00 4b 46 7f ff 06 10 5e t=4625\n", 4625, 0)]
    [InlineData("f8 ff 4b 46 7f ff 08 10 1c : crc=1c YES\nf8 ff 4b 46 7f ff 08 10 1c t=-500\n", -500, 0)]
    [InlineData("4a 00 4b 46 7f ff 06 10 5e : crc=11 NO\n4a 00 4b 46 7f ff 06 10 5e t=4625\n", 0, 3)]
    [InlineData("50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000\n", 0, 4)]
    [InlineData("00 00 : crc=1c YES\n00 t=-127000\n", 0, 5)]
    [InlineData("00 00 : crc=1c YES\n00 t=\n", 0, 2)]
    [InlineData("rubbish", 0, 2)]
    [InlineData("", 0, 2)]
    public void A_1_Wire_slave_says_a_value_or_a_named_fault(string file, int expected, int fault)
    {
        Write("sys/bus/w1/devices/28-000005e2fdc3/w1_slave", file);
        var measured = Thermometer(SensorSource.OneWire, "28-000005e2fdc3").Read();
        Assert.Equal((expected, (ProbeFault)fault), (measured.MilliCelsius, measured.Fault));
    }

    [Fact]
    public void A_pulled_probe_has_vanished_and_comes_back()
    {
        var thermometer = Thermometer(SensorSource.OneWire, "28-1");
        Assert.Equal(ProbeFault.Vanished, thermometer.Read().Fault);
        Write("sys/bus/w1/devices/28-1/w1_slave", "xx : crc=5e YES\nxx t=4625\n");
        Assert.Equal(4625, thermometer.Read().MilliCelsius);
    }

    [Fact]
    public void Hwmon_is_found_by_its_drivers_name_whatever_its_number()
    {
        Write("sys/class/hwmon/hwmon0/name", "cpu_thermal\n");
        Write("sys/class/hwmon/hwmon7/name", "sht3x\n");
        Write("sys/class/hwmon/hwmon7/temp1_input", "-24800\n");
        Assert.Equal(-24800, Thermometer(SensorSource.Hwmon, "sht3x").Read().MilliCelsius);
        Assert.Equal(-24800, Thermometer(SensorSource.Hwmon, "hwmon7").Read().MilliCelsius);
    }

    [Fact]
    public void Two_devices_of_one_name_are_a_fault_that_says_so()
    {
        Write("sys/class/hwmon/hwmon1/name", "sht3x\n");
        Write("sys/class/hwmon/hwmon2/name", "sht3x\n");
        var measured = Thermometer(SensorSource.Hwmon, "sht3x").Read();
        Assert.Equal(ProbeFault.Unreadable, measured.Fault);
        Assert.Contains("2 devices are named 'sht3x'", measured.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public void Iio_raw_is_offset_and_scaled()
    {
        Write("sys/bus/iio/devices/iio:device0/name", "max31865\n");
        Write("sys/bus/iio/devices/iio:device0/in_temp_raw", "-2560\n");
        Write("sys/bus/iio/devices/iio:device0/in_temp_scale", "31.25\n");
        Write("sys/bus/iio/devices/iio:device0/in_temp_offset", "0\n");
        Assert.Equal(-80_000, Thermometer(SensorSource.Iio, "max31865").Read().MilliCelsius);
    }

    [Theory]
    [InlineData("nan")]
    [InlineData("1e300")]
    [InlineData("∞")]
    public void Iio_numbers_that_are_none_are_faults(string text)
    {
        Write("sys/bus/iio/devices/iio:device0/in_temp_input", text);
        Assert.NotEqual(ProbeFault.None, Thermometer(SensorSource.Iio, "iio:device0").Read().Fault);
    }

    KernelThermometer Thermometer(SensorSource source, string device) => new(new() { Point = "fridge-1", Source = source, Device = device }, _root);

    void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
