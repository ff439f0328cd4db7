using System.Collections.Frozen;
using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace EdgeTrace.Cloud.Site;

/// <summary>A trade item as people call it.</summary>
/// <param name="Gtin">14 digits.</param>
sealed record Product(string Gtin, string Name, string Manufacturer, string Category);

/// <summary>GTIN to name, so that pages show names and not hex.</summary>
sealed class ProductCatalogue(IEnumerable<Product> products)
{
    /// <summary>NHS Supply Chain lists about 600,000 products; a file beyond this is the wrong file.</summary>
    const int ProductsMax = 2_000_000;

    public static readonly ProductCatalogue Empty = new([]);

    readonly FrozenDictionary<string, Product> _byGtin = products.GroupBy(p => p.Gtin).ToFrozenDictionary(g => g.Key, g => g.Last());

    public int Count => _byGtin.Count;

    public Product? Find(string? gtin) => gtin is null ? null : _byGtin.GetValueOrDefault(gtin);

    /// <summary>Products whose name, maker or category contains every word; at most <paramref name="max"/>.</summary>
    public IReadOnlyList<Product> Search(IReadOnlyList<string> words, int max) =>
        [.. _byGtin.Values.Where(p => words.All(w => Says(p, w))).OrderBy(p => p.Name, StringComparer.Ordinal).Take(max)];

    static bool Says(Product p, string word) =>
        p.Name.Contains(word, StringComparison.OrdinalIgnoreCase) || p.Manufacturer.Contains(word, StringComparison.OrdinalIgnoreCase)
        || p.Category.Contains(word, StringComparison.OrdinalIgnoreCase) || p.Gtin.Contains(word, StringComparison.Ordinal);

    /// <summary>Reads <c>gtin,name,manufacturer,category</c>; a GTIN of 8, 12 or 13 digits is padded to 14.</summary>
    /// <exception cref="SiteModelException">Rows that cannot be used, each by its line.</exception>
    public static ProductCatalogue Load(string path)
    {
        var (products, errors) = (new List<Product>(), new List<string>());
        try
        {
            using var reader = new StreamReader(path);
            using var csv = new CsvReader(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                PrepareHeaderForMatch = h => h.Header.Trim().ToLowerInvariant(), TrimOptions = TrimOptions.Trim, MissingFieldFound = null,
            });
            csv.Read();
            csv.ReadHeader();
            foreach (var column in (string[])["gtin", "name"])
                if (!(csv.HeaderRecord ?? []).Any(h => h.Trim().Equals(column, StringComparison.OrdinalIgnoreCase))) errors.Add($"column \"{column}\" is missing: the first line must be gtin,name,manufacturer,category.");
            var readable = errors.Count == 0;
            while (readable && csv.Read())
            {
                var gtin = csv.GetField("gtin") ?? "";
                var name = csv.GetField("name") ?? "";
                if (gtin.Length is not (8 or 12 or 13 or 14) || gtin.Any(c => !char.IsAsciiDigit(c))) errors.Add($"line {csv.Parser.Row}: \"{gtin}\" is no GTIN of 8, 12, 13 or 14 digits.");
                else if (name.Length == 0) errors.Add($"line {csv.Parser.Row}: GTIN {gtin} has no name.");
                else if (products.Count == ProductsMax) errors.Add($"line {csv.Parser.Row}: more than {ProductsMax} products.");
                else products.Add(new(gtin.PadLeft(14, '0'), name, csv.GetField("manufacturer") ?? "", csv.GetField("category") ?? ""));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CsvHelperException)
        {
            errors.Add($"it cannot be read ({error.Message.Split('\n')[0]}): set Site:ProductsFile to a file of gtin,name,manufacturer,category.");
        }
        return errors.Count == 0 ? new(products) : throw new SiteModelException(path, errors);
    }
}
