using System.Globalization;
using System.Text.Json.Nodes;
using EdgeTrace.Simulators.Sensors;

namespace EdgeTrace.Faults;

/// <summary>Probes that are pulled, restart, lie and talk rubbish: each a named state, and never a temperature.</summary>
static class SensorRows
{
    static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    /// <summary>What the fridges have all the time; whatever else is stored was not measured.</summary>
    const double Lowest = 4, Highest = 6;

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("sensor-faults", "probes pulled, at 85 °C and −127 °C, bad checksum, NaN, rubbish, nothing, huge numbers", RunAsync) { Smoke = true },
    ];

    static async Task<FaultResult> RunAsync(FaultContext context)
    {
        await using var rig = await Rig.MakeAsync(context);
        var tree = new SensorTree(rig.File("sensors"));
        var (wire, hwmon, iio) = (tree.OneWire("28-000005e2fdc3"), tree.Hwmon(0, "sht4x"), tree.Iio(0, "max31865"));
        KernelProbe[] probes = [wire, hwmon, iio];
        string[] points = ["fridge-1", "fridge-2", "fridge-3"];
        foreach (var probe in probes) probe.Set(5);
        Configure(rig, points);
        await rig.StartAllAsync();

        var chip = Path.Combine(tree.Root, "sys/class/hwmon/hwmon0/temp1_input");
        var converter = Path.Combine(tree.Root, "sys/bus/iio/devices/iio:device0/in_temp_raw");
        (int Probe, string State, Action Do)[] faults =
        [
            (0, "unplugged", wire.Pull), (0, "implausible", () => wire.Set(OneWireProbe.PowerOnCelsius)), (0, "implausible", () => wire.Set(-127)), (0, "unreadable", () => wire.SetCorrupt(5)),
            (1, "unplugged", hwmon.Pull), (1, "unreadable", () => Write(chip, "nan\n")), (1, "unreadable", () => Write(chip, "")), (1, "unreadable", () => Write(chip, "99999999999999999999\n")),
            (1, "unreadable", () => Write(chip, "\0\uFFFD{[")), (1, "implausible", () => Write(chip, "-999999\n")),
            (2, "unplugged", iio.Pull), (2, "implausible", () => Write(converter, "NaN\n")), (2, "implausible", () => Write(converter, "1e300\n")), (2, "unreadable", () => Write(converter, "\n")),
        ];
        // The page says what it was until the gateway's health has come through: each state is waited for.
        foreach (var (probe, state, spoil) in faults.OrderBy(_ => context.Random.Next()))
        {
            spoil();
            await UntilStateAsync(rig, points[probe], state);
            probes[probe].Set(4.5 + context.Random.NextDouble());
            await UntilStateAsync(rig, points[probe], "fine");
        }
        var fever = await FeverAsync(rig, points);
        // Probes go on while the ledger is compared with its replay, unless their gateway does not.
        await rig.DrainAsync();
        await rig.Gateway.KillAsync();
        var result = await rig.JudgeAsync(0, fever);
        return result with { Note = $"{faults.Length} faults, each by its name" };
    }

    static void Configure(Rig rig, string[] points)
    {
        JsonObject Probe(string point, string source, string device) => new() { ["Point"] = point, ["Source"] = source, ["Device"] = device, ["Interval"] = Every.ToString(), ["Class"] = "fridge-2-8" };
        rig.Amend("gateway.json", gateway =>
        {
            gateway["Sensors"] = new JsonObject { ["Root"] = "sensors" };
            gateway["Temperature"] = new JsonArray(Probe(points[0], "OneWire", "28-000005e2fdc3"), Probe(points[1], "Hwmon", "sht4x"), Probe(points[2], "Iio", "max31865"));
        });
        rig.Amend("site.json", site => site["points"] = new JsonArray([.. points.Select(point => (JsonNode)new JsonObject
        {
            ["id"] = point, ["name"] = point, ["location"] = "store", ["gateway"] = "gw-1", ["class"] = "fridge-2-8", ["every"] = Every.ToString(),
        })]));
    }

    static Task UntilStateAsync(Rig rig, string point, string state) => rig.UntilAsync($"the probe of {point} is {state}", async () =>
        await rig.AskAsync("/api/v1/now") is { } now && now.GetProperty("equipment").EnumerateArray()
            .Any(device => device.GetProperty("kind").GetString() == "probe" && device.GetProperty("name").GetString() == point && device.GetProperty("state").GetString() == state));

    static async Task<string?> FeverAsync(Rig rig, string[] points)
    {
        foreach (var point in points)
        {
            if (await rig.AskAsync($"/api/v1/points/{point}/samples?max=8000") is not { } samples) return "the samples cannot be had";
            var values = samples.GetProperty("buckets").EnumerateArray().Where(bucket => bucket.GetProperty("count").GetInt64() > 0 && bucket.GetProperty("min").ValueKind == System.Text.Json.JsonValueKind.Number)
                .SelectMany(bucket => (double[])[bucket.GetProperty("min").GetDouble(), bucket.GetProperty("max").GetDouble()]).ToList();
            if (values.Count == 0) return $"{point} has no temperatures";
            if (values.Exists(value => value is < Lowest or > Highest)) return string.Create(CultureInfo.InvariantCulture, $"{point} is said to have had {values.Min():0.0} to {values.Max():0.0} °C");
        }
        return null;
    }

    static void Write(string file, string text) => File.WriteAllText(file, text);
}
