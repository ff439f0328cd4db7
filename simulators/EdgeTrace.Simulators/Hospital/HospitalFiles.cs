using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>Writes what gateway and cloud are to be told of this hospital: two configurations, the site model and the product list.</summary>
sealed class HospitalFiles(string folder, int brokerPort, int httpPort)
{
    public const string Gateway = "gw-1";
    const string Trust = "demo-trust", Site = "st-elsewhere", Secret = "gw-1.secret";

    /// <summary>Demonstration delays: an alarm shows within half a minute, where a hospital's own delays are minutes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ExcursionDelay = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(4);

    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly IReadOnlyList<(string Id, string Name, string Location)> Desks =
        [("goods-in-desk", "Goods-in desk", "goods-in"), ("theatre-1-desk", "Theatre 1 desk", "theatre-1")];

    public string SensorRoot => Path.Combine(folder, "sensors");
    public string ScannerLink(string desk) => Path.Combine(folder, "dev", desk);

    public void Write(IReadOnlyDictionary<string, int> readerPorts, int seed)
    {
        var secret = Path.Combine(folder, Secret);
        File.WriteAllText(secret, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        WriteJson("gateway.json", GatewayConfiguration(readerPorts));
        WriteJson("cloud.json", CloudConfiguration());
        WriteJson("site.json", SiteModel());
        Shelf.Write(Path.Combine(folder, "shelves.csv"), seed, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));
        File.WriteAllLines(Path.Combine(folder, "products.csv"),
            [$"gtin,name,manufacturer,category,{string.Join(',', Catalogue.FactColumns)}", .. Catalogue.Products.Concat(Catalogue.ForTheatre).Select(Line)]);
    }

    JsonObject GatewayConfiguration(IReadOnlyDictionary<string, int> readerPorts) => new()
    {
        ["Gateway"] = new JsonObject { ["Trust"] = Trust, ["Site"] = Site, ["Id"] = Gateway, ["DataDirectory"] = "gateway-data" },
        ["Broker"] = new JsonObject { ["Host"] = "127.0.0.1", ["Port"] = brokerPort, ["PasswordFile"] = Secret, ["Tls"] = false, ["CaFile"] = null },
        ["Llrp"] = List(readerPorts, reader => new()
        {
            ["Name"] = reader.Key,
            ["Host"] = "127.0.0.1",
            ["Port"] = reader.Value,
            ["Tid"] = true,
            ["Portals"] = List(Building.Doors.Where(door => door.Reader == reader.Key), door => new()
            {
                ["Name"] = door.Portal,
                // The lamp at the way out hangs on the reader's first two outputs.
                ["Beacon"] = door.Outside == "outside" ? new JsonObject { ["AmberPort"] = 1, ["RedPort"] = 2 } : null,
                ["Antennas"] = new JsonArray([.. door.Antennas.Select(antenna => (JsonNode)antenna.Port)]),
            }),
        }),
        ["Barcode"] = List(Desks, desk => new()
        {
            ["Name"] = desk.Id, ["Port"] = ScannerLink(desk.Id), ["BaudRate"] = 9600, ["Terminator"] = "\r", ["Silence"] = "00:00:00.100",
        }),
        ["Temperature"] = List(ColdStore.All, store => new()
        {
            ["Point"] = store.Point, ["Source"] = store.Source, ["Device"] = store.Device, ["Channel"] = store.Channel,
            ["Interval"] = Text(Interval), ["Class"] = store.Class,
        }),
        ["Sensors"] = new JsonObject { ["Root"] = SensorRoot },
        ["EpcPolicy"] = new JsonArray(
            new JsonObject { ["Name"] = "staff-badges", ["Prefix"] = Catalogue.BadgePrefix, ["Do"] = "Drop" },
            Keep("sgtin", "30"), Keep("sscc", "31"), Keep("grai", "33"), Keep("giai", "34"),
            new JsonObject { ["Name"] = "other", ["Do"] = "Count" }),
        ["Outbox"] = new JsonObject { ["DiskBudgetBytes"] = 1L << 30, ["SealReadsAfter"] = "00:00:01" },
    };

    JsonObject CloudConfiguration() => new()
    {
        ["Cloud"] = new JsonObject { ["DataDirectory"] = "cloud-data", ["Roles"] = new JsonArray("Broker", "Ingest", "Api"), ["Url"] = $"http://127.0.0.1:{httpPort}" },
        ["Broker"] = new JsonObject
        {
            ["Port"] = brokerPort,
            ["Gateways"] = new JsonArray(new JsonObject { ["Id"] = Gateway, ["Trust"] = Trust, ["Site"] = Site, ["PasswordFile"] = Secret }),
        },
        ["Site"] = new JsonObject { ["ModelFile"] = "site.json", ["ProductsFile"] = "products.csv" },
    };

    static JsonObject SiteModel() => new()
    {
        ["trust"] = new JsonObject { ["id"] = Trust, ["name"] = "Demonstration Trust" },
        ["site"] = new JsonObject { ["id"] = Site, ["name"] = "St Elsewhere (demonstration delays)", ["timeZone"] = "Europe/London" },
        ["locations"] = List(Building.Locations, location => new() { ["id"] = location.Id, ["name"] = location.Name, ["kind"] = location.Kind }),
        ["portals"] = List(Building.Doors, door => new()
        {
            ["id"] = door.Portal,
            ["name"] = door.Name,
            ["kind"] = "door",
            ["gateway"] = Gateway,
            ["inside"] = door.Inside,
            ["outside"] = door.Outside,
            ["antennas"] = List(door.Antennas, antenna => new() { ["antenna"] = antenna.Port, ["side"] = antenna.Inside ? "inside" : "outside" }),
            ["gap"] = "00:00:02",
            ["validFrom"] = null,
        }),
        ["scanners"] = List(Desks, desk => new() { ["id"] = desk.Id, ["name"] = desk.Name, ["location"] = desk.Location, ["gateway"] = Gateway }),
        ["points"] = List(ColdStore.All, store => new()
        {
            ["id"] = store.Point,
            ["name"] = store.Name,
            ["location"] = store.Location,
            ["gateway"] = Gateway,
            ["class"] = store.Class,
            ["every"] = Text(Interval),
            ["warnDelay"] = null,
            ["excursionDelay"] = Text(ExcursionDelay),
            ["silence"] = Text(Silence),
            ["validFrom"] = null,
            ["probe"] = ProbeOf(store),
        }),
        ["equipment"] = List(Building.Equipment, one => new()
        {
            ["gateway"] = Gateway, ["kind"] = one.Kind, ["id"] = one.Id, ["name"] = one.Name, ["asset"] = one.Asset, ["room"] = one.Room, ["port"] = one.Port,
        }),
    };

    /// <summary>Calibrated for a year, each at another time; the first certificate is about to run out, so that the page has something to say.</summary>
    static JsonObject ProbeOf(ColdStore store)
    {
        var number = ColdStore.All.ToList().IndexOf(store);
        var until = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(12 + 55 * number);
        return new()
        {
            ["serial"] = store.Device, ["certificate"] = $"DEMO {4711 + number}", ["calibratedAt"] = Day(until.AddYears(-1)), ["calibratedUntil"] = Day(until),
        };
        static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    static JsonObject Keep(string name, string header) => new() { ["Name"] = name, ["Header"] = header, ["Do"] = "Keep" };

    static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonObject> write) => new([.. items.Select(item => (JsonNode)write(item))]);

    static string Text(TimeSpan span) => span.ToString("c");

    static string Line(Product product) => string.Join(',',
        [product.Gtin, Quoted(product.Name), Quoted(product.Manufacturer), Quoted(product.Category), .. Catalogue.FactColumns.Select(column => product.Facts.GetValueOrDefault(column, ""))]);

    /// <summary>RFC 4180: a comma needs quotes.</summary>
    static string Quoted(string text) => text.Contains(',', StringComparison.Ordinal) ? $"\"{text}\"" : text;

    void WriteJson(string name, JsonObject content) => File.WriteAllText(Path.Combine(folder, name), content.ToJsonString(Readable) + "\n");
}
