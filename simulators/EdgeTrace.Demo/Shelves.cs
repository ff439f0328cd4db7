using System.Text.Json.Nodes;

namespace EdgeTrace.Demo;

/// <summary>A thing as the hospital's count wrote it down.</summary>
/// <param name="Code">Its label: (01) GTIN (17) expiry (10) lot (21) serial.</param>
/// <param name="Epc">Of its tag; empty: it has none.</param>
sealed record Shelf(string Place, string Code, string Epc)
{
    public string Gtin => Code[4..18];
    public string Lot => Code[(Code.IndexOf("(10)", StringComparison.Ordinal) + 4)..Code.IndexOf("(21)", StringComparison.Ordinal)];

    /// <summary>YYMMDD: later is greater while the century lasts.</summary>
    public string Expiry => Code[22..28];

    public JsonObject Line() => Epc.Length == 0 ? new() { ["code"] = Code } : new() { ["code"] = Code, ["epc"] = Epc };
}

/// <summary>The count of <c>shelves.csv</c> and the names of <c>products.csv</c>.</summary>
sealed class Shelves
{
    readonly Dictionary<string, string> _gtins;
    readonly HashSet<string> _taken = [];
    readonly string _today;

    public Shelves(DemoFolder folder, TimeSpan day, TimeProvider time)
    {
        Things = [.. File.ReadLines(folder.File("shelves.csv")).Skip(1).Select(line => line.Split(',')).Select(parts => new Shelf(parts[0], parts[1], parts[2]))];
        _gtins = File.ReadLines(folder.File("products.csv")).Skip(1).Select(Product).ToDictionary(product => product.Name, product => product.Gtin);
        _today = time.GetUtcNow().ToString("yyMMdd", System.Globalization.CultureInfo.InvariantCulture);
        DayIsLong = day >= TimeSpan.FromSeconds(50);
    }

    public IReadOnlyList<Shelf> Things { get; }

    /// <summary>Long enough for what is lost to come back.</summary>
    public bool DayIsLong { get; }

    /// <summary>The EPC of what leaves over the loading bay: the one pacemaker that stands in goods-in.</summary>
    public string Lost => Things.Last(thing => thing.Place == "goods-in" && thing.Gtin == _gtins["Dual-chamber pacemaker, MRI"]).Epc;

    /// <summary>The EPC of the mesh whose label was printed twice: the one that the count wrote down last.</summary>
    public string PrintedTwice => Things.Last(thing => thing.Place == "corridor" && thing.Gtin == _gtins["Surgical mesh, 15 × 15 cm"]).Epc;

    /// <summary>A label of a product in a place that nobody has taken and that is not out of date.</summary>
    public string Label(string product, string place)
    {
        var thing = Things.First(thing => thing.Place == place && thing.Gtin == _gtins[product] && thing.Expiry.CompareTo(_today) > 0 && !_taken.Contains(thing.Code));
        _taken.Add(thing.Code);
        return thing.Code;
    }

    /// <summary>The lot of a product of which there is most, and how many of it were counted.</summary>
    public (string Gtin, string Lot, int Things) CommonestLot(string product)
    {
        var lot = Things.Where(thing => thing.Gtin == _gtins[product]).GroupBy(thing => thing.Lot).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).First();
        return (_gtins[product], lot.Key, lot.Count());
    }

    /// <summary>GTIN and name; a name with a comma is quoted.</summary>
    static (string Gtin, string Name) Product(string line) =>
        line[15] == '"' ? (line[..14], line[16..line.IndexOf('"', 16)]) : (line[..14], line[15..line.IndexOf(',', 15)]);
}
