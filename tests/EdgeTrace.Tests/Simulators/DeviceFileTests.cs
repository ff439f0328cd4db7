using System.Text;
using EdgeTrace.Simulators.Scanner;
using EdgeTrace.Simulators.Sensors;

namespace EdgeTrace.Tests.Simulators;

public sealed class DeviceFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-sim-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string Read(string path) => File.ReadAllText(Path.Combine(_folder, path));

    [Theory]
    [InlineData(20.625, "4a 01 4b 46 7f ff 06 10", "t=20625")]
    [InlineData(-0.5, "f8 ff 4b 46 7f ff 08 10", "t=-500")]
    [InlineData(85, "50 05 4b 46 7f ff 10 10", "t=85000")]
    public void A_1_Wire_probe_shows_scratchpad_and_value(double celsius, string pad, string value)
    {
        new SensorTree(_folder).OneWire("28-1").Set(celsius);
        var lines = Read("sys/bus/w1/devices/28-1/w1_slave").Split('\n');
        Assert.Matches($"^{pad} [0-9a-f]{{2}} : crc=[0-9a-f]{{2}} YES$", lines[0]);
        Assert.EndsWith(value, lines[1], StringComparison.Ordinal);
        Assert.Equal(value[2..] + "\n", Read("sys/bus/w1/devices/28-1/temperature"));
    }

    [Fact]
    public void A_bad_wire_says_NO_and_a_pulled_probe_is_gone()
    {
        var probe = new SensorTree(_folder).OneWire("28-1");
        probe.Set(5);
        probe.SetCorrupt(5);
        Assert.Contains("NO\n", Read("sys/bus/w1/devices/28-1/w1_slave"), StringComparison.Ordinal);
        probe.Pull();
        Assert.False(Directory.Exists(Path.Combine(_folder, "sys/bus/w1/devices/28-1")));
        probe.Set(4);
        Assert.Contains("YES", Read("sys/bus/w1/devices/28-1/w1_slave"), StringComparison.Ordinal);
    }

    [Fact]
    public void Hwmon_says_milli_degrees_and_IIO_what_makes_them()
    {
        var tree = new SensorTree(_folder);
        tree.Hwmon(2, "lm75").Set(-20.5);
        tree.Iio(0, "max31865").Set(-80);
        Assert.Equal(("lm75\n", "-20500\n"), (Read("sys/class/hwmon/hwmon2/name"), Read("sys/class/hwmon/hwmon2/temp1_input")));
        double Number(string file) => double.Parse(Read("sys/bus/iio/devices/iio:device0/" + file), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(-80_000, (Number("in_temp_raw") + Number("in_temp_offset")) * Number("in_temp_scale"), 20.0);
    }

    [Fact]
    public async Task What_a_scanner_emits_arrives_on_its_line_until_it_is_unplugged()
    {
        var link = Path.Combine(_folder, "ttyACM0");
        using var scanner = new BarcodeScanner(link);
        scanner.Plug();
        Assert.Equal("]E05098303403302\r", await RoundTripAsync("]E05098303403302"));
        scanner.Unplug();
        Assert.False(File.Exists(link));
        Assert.False(scanner.Emit("lost"));
        scanner.Plug();
        Assert.Equal("]C100\x1D\n\x04\r", await RoundTripAsync("]C100\x1D\n\x04"));   // raw: no letter means anything to the line

        async Task<string> RoundTripAsync(string symbol)
        {
            await using var line = new FileStream(link, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            Assert.True(scanner.Emit(symbol));
            var bytes = new byte[symbol.Length + 1];
            await line.ReadExactlyAsync(bytes);
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
