using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using EdgeTrace.Faults;
using EdgeTrace.Simulators.Llrp;
using EdgeTrace.Simulators.Scanner;
using EdgeTrace.Simulators.Sensors;

namespace EdgeTrace.EndToEnd;

/// <summary>Everything that hangs on one gateway fails at once, each in its own way.</summary>
static class NightOfDevices
{
    static readonly string[] s_points = ["fridge-1", "fridge-2", "fridge-3"];
    static readonly string[] s_probes = ["28-000000000001", "28-000000000002", "28-000000000003"];

    public static async Task<IReadOnlyList<NamedFault>> RunAsync(string folder, CancellationToken stop)
    {
        await using var rig = await Rig.MakeAsync(new("smoke", 1, TimeSpan.Zero, folder, _ => { }, stop));
        var off = new LlrpReader("store-1-reader", 0, TimeProvider.System);
        await using var held = new LlrpReader("store-2-reader", 0, TimeProvider.System);
        await using var pulled = new LlrpReader("store-3-reader", 0, TimeProvider.System);
        using var desk = new BarcodeScanner(rig.File("dev/desk"));
        var tree = new SensorTree(rig.File("sensors"));
        var probes = s_probes.Select(tree.OneWire).ToArray();
        foreach (var probe in probes) probe.Set(5);
        desk.Plug();
        Configure(rig, [off.Port, held.Port, pulled.Port]);

        using var other = new TcpClient();
        await other.ConnectAsync(IPAddress.Loopback, held.Port, stop);
        _ = await other.GetStream().ReadAsync(new byte[256], stop);   // its greeting: now it is held
        await rig.StartAllAsync();
        await rig.UntilAsync("all devices but the held reader are fine", async () => await rig.AskAsync("/api/v1/now") is { } now
            && now.GetProperty("equipment").EnumerateArray().Count(device => device.GetProperty("kind").GetString() is "reader" or "scanner" or "probe" && device.GetProperty("state").GetString() == "fine") == 8, rig.Gateway);

        await off.DisposeAsync();
        pulled.SetAntenna(1, plugged: false);
        desk.Unplug();
        probes[0].Pull();
        probes[1].SetCorrupt(5);
        probes[2].Set(OneWireProbe.PowerOnCelsius);
        List<NamedFault> seen =
        [
            await NamedFault.OnPageAsync(rig, "a reader is off", "reader", "unreachable", "store-1"),
            await NamedFault.OnPageAsync(rig, "another program holds a reader", "reader", "taken", "store-2"),
            await NamedFault.OnPageAsync(rig, "an antenna's cable is pulled", "antenna", "unplugged", "store-3"),
            await NamedFault.OnPageAsync(rig, "a scanner is unplugged", "scanner", "unplugged", "desk"),
            await NamedFault.OnPageAsync(rig, "a probe is unplugged", "probe", "unplugged", s_points[0]),
            await NamedFault.OnPageAsync(rig, "a probe's wire is bad (checksum)", "probe", "unreadable", s_points[1]),
            await NamedFault.OnPageAsync(rig, "a probe says 85 °C", "probe", "implausible", s_points[2]),
        ];
        var doctor = await Oracle.DoctorAsync(rig, "EdgeTrace.Gateway", "edgetrace-gateway", "gateway.json");
        foreach (var (trouble, finding) in new[]
        {
            ("a reader is off", "reader store-1-reader"), ("another program holds a reader", "reader store-2-reader"), ("a scanner is unplugged", "scanner desk"), ("a probe is unplugged", "probe fridge-1"),
            ("a probe's wire is bad (checksum)", "probe fridge-2"), ("a probe says 85 °C", "probe fridge-3"),
        })
            seen.Add(NamedFault.Of(trouble, NamedFault.GatewayDoctor, finding, $"doctor: {finding}", doctor));
        return seen;
    }

    static void Configure(Rig rig, int[] readers)
    {
        rig.Amend("gateway.json", gateway =>
        {
            foreach (var (port, n) in readers.Select((port, i) => (port, i + 1)))
                gateway["Llrp"]!.AsArray().Add(new JsonObject
                {
                    ["Name"] = $"store-{n}-reader", ["Host"] = "127.0.0.1", ["Port"] = port,
                    ["Portals"] = new JsonArray(new JsonObject { ["Name"] = $"store-{n}-door", ["Antennas"] = new JsonArray(1, 2) }),
                });
            gateway["Barcode"] = new JsonArray(new JsonObject { ["Name"] = "desk", ["Port"] = "dev/desk" });
            gateway["Sensors"] = new JsonObject { ["Root"] = "sensors" };
            gateway["Temperature"] = new JsonArray([.. s_points.Zip(s_probes, (point, probe) => (JsonNode)new JsonObject { ["Point"] = point, ["Source"] = "OneWire", ["Device"] = probe, ["Interval"] = "00:00:00.500" })]);
        });
        rig.Amend("site.json", site =>
        {
            for (var n = 1; n <= readers.Length; n++)
                site["portals"]!.AsArray().Add(JsonNode.Parse($$"""
                    {"id":"store-{{n}}-door","name":"Store {{n}} door","kind":"door","gateway":"gw-1","inside":"store","outside":"corridor","antennas":[{"antenna":1,"side":"outside"},{"antenna":2,"side":"inside"}]}
                    """));
            site["scanners"] = JsonNode.Parse("""[{"id":"desk","name":"Goods-in desk","location":"store","gateway":"gw-1"}]""");
            site["points"] = new JsonArray([.. s_points.Select((point, i) => JsonNode.Parse($$"""{"id":"{{point}}","name":"Vaccine fridge {{i + 1}}","location":"store","gateway":"gw-1","class":"fridge-2-8","every":"00:00:00.500"}"""))]);
            site["equipment"] = JsonNode.Parse("""
                [{"gateway":"gw-1","name":"Stores","asset":"100200","room":"B2.14"},
                 {"gateway":"gw-1","kind":"reader","id":"store-1-reader","asset":"100211","room":"B2.15","port":"switch 4 port 7"},
                 {"gateway":"gw-1","kind":"reader","id":"store-2-reader","asset":"100212","room":"B2.16","port":"switch 4 port 8"},
                 {"gateway":"gw-1","kind":"reader","id":"store-3-reader","asset":"100213","room":"B2.17","port":"switch 4 port 9"},
                 {"gateway":"gw-1","kind":"scanner","id":"desk","asset":"100220","room":"B2.14"},
                 {"gateway":"gw-1","kind":"probe","id":"fridge-1","asset":"100231","room":"B2.20"}]
                """);
        });
    }
}
