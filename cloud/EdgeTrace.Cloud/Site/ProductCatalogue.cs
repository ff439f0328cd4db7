using System.Collections.Frozen;
using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using EdgeTrace.Stock;

namespace EdgeTrace.Cloud.Site;

/// <summary>Trade items by GTIN (of a HIBC by <c>+</c>, LIC and PCN), so that pages show names and rules know what they judge.</summary>
sealed class ProductCatalogue(IEnumerable<Product> products)
{
    /// <summary>NHS Supply Chain lists about 600,000 products; a file beyond this is the wrong file.</summary>
    const int ProductsMax = 2_000_000;

    public static readonly ProductCatalogue Empty = new([]);

    readonly FrozenDictionary<string, Product> _byGtin = products.GroupBy(p => p.Key).ToFrozenDictionary(g => g.Key, g => g.Last());

    public int Count => _byGtin.Count;

    public IEnumerable<Product> All => _byGtin.Values;

    /// <summary>This one, with others in the place of those of the same number.</summary>
    public ProductCatalogue With(IReadOnlyCollection<Product> others) => others.Count == 0 ? this : new(All.Concat(others));

    public Product? Find(string? gtin) => gtin is null ? null : _byGtin.GetValueOrDefault(gtin);

    /// <summary>Products whose name, maker or category contains every word; at most <paramref name="max"/>.</summary>
    public IReadOnlyList<Product> Search(IReadOnlyList<string> words, int max) =>
        [.. _byGtin.Values.Where(p => words.All(w => Says(p, w))).OrderBy(p => p.Name, StringComparer.Ordinal).Take(max)];

    static bool Says(Product p, string word) =>
        p.Name.Contains(word, StringComparison.OrdinalIgnoreCase) || p.Manufacturer.Contains(word, StringComparison.OrdinalIgnoreCase)
        || p.Category.Contains(word, StringComparison.OrdinalIgnoreCase) || p.Key.Contains(word, StringComparison.Ordinal)
        || p.CatalogueNumber?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// Reads a CSV with the columns <c>gtin,name</c> and, where they are there, <c>manufacturer,category,catalogue_number,implant,component,side,size_mm,taper,brand,storage,life_days_min,price,serialised,controlled,snomed</c>.
    /// A GTIN of 8, 12 or 13 digits is padded to 14; one that begins with + is the LIC and PCN of a HIBC. A price is in pounds.
    /// </summary>
    /// <exception cref="SiteModelException">Rows that cannot be used, each by its line.</exception>
    public static ProductCatalogue Load(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var (products, errors) = Read(reader);
            return errors.Count == 0 ? new(products) : throw new SiteModelException(path, errors);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SiteModelException(path, [$"it cannot be read ({error.Message.Split('\n')[0]}): set Site:ProductsFile to a file of gtin,name,manufacturer,category."]);
        }
    }

    /// <summary>Every product of a CSV that can be used, and what is wrong with every line that cannot.</summary>
    public static (IReadOnlyList<Product> Products, IReadOnlyList<string> Errors) Read(TextReader text)
    {
        var (products, errors) = (new List<Product>(), new List<string>());
        try
        {
            using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture)
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
                var isHibc = gtin is ['+', _, _, _, _, _, ..];
                if (!isHibc && (gtin.Length is not (8 or 12 or 13 or 14) || gtin.Any(c => !char.IsAsciiDigit(c)))) errors.Add($"line {csv.Parser.Row}: \"{gtin}\" is no GTIN of 8, 12, 13 or 14 digits.");
                else if (name.Length == 0) errors.Add($"line {csv.Parser.Row}: GTIN {gtin} has no name.");
                else if (products.Count == ProductsMax) errors.Add($"line {csv.Parser.Row}: more than {ProductsMax} products.");
                else products.Add(new ProductRow(csv, errors).Read(isHibc ? gtin : gtin.PadLeft(14, '0'), name));
            }
        }
        catch (CsvHelperException error)
        {
            errors.Add($"it cannot be read ({error.Message.Split('\n')[0]}): it must be a CSV that begins with gtin,name,manufacturer,category.");
        }
        return (products, errors);
    }

    /// <summary>One line: what is empty is not said, what cannot be understood is an error by its column.</summary>
    readonly struct ProductRow(CsvReader csv, List<string> errors)
    {
        public Product Read(string key, string name) => new(key, name, Text("manufacturer") ?? "", Text("category") ?? "")
        {
            CatalogueNumber = Text("catalogue_number"), Component = Text("component"), Side = Side(), Taper = Text("taper"), Brand = Text("brand"), Storage = Text("storage"), Snomed = Text("snomed"),
            Implant = Yes("implant"), Serialised = Yes("serialised"), Controlled = Yes("controlled"),
            SizeMm = Number("size_mm"), LifeDaysMin = (int?)Number("life_days_min"), Pence = Number("price") is { } pounds ? (long)Math.Round(pounds * 100) : null,
        };

        string? Text(string column) => csv.TryGetField<string>(column, out var text) && text is { Length: > 0 } ? text : null;

        string? Side()
        {
            if (Text("side")?.ToLowerInvariant() is not { } side) return null;
            if (side is not ("left" or "right")) errors.Add($"line {csv.Parser.Row}: side \"{side}\" is neither left nor right; leave it empty where it fits both.");
            return side;
        }

        bool Yes(string column)
        {
            var text = Text(column)?.ToLowerInvariant();
            if (text is not (null or "yes" or "no" or "true" or "false" or "1" or "0")) errors.Add($"line {csv.Parser.Row}: {column} \"{text}\" is neither yes nor no.");
            return text is "yes" or "true" or "1";
        }

        double? Number(string column)
        {
            if (Text(column) is not { } text) return null;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return number;
            errors.Add($"line {csv.Parser.Row}: {column} \"{text}\" is no number.");
            return null;
        }
    }
}
