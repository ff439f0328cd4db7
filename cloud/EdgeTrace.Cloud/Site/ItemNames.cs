using EdgeTrace.Api;
using EdgeTrace.Identity;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Site;

/// <summary>A thing with everything it is called by.</summary>
/// <param name="Item">Its key in the ledger: the same for its label and its tag; a foreign tag's hex.</param>
sealed record NamedItem(string Item, string? Epc, string? Gtin, string? Serial, string? Lot, ItemName Name);

/// <summary>Says what an EPC or a scan is called: names, not hex.</summary>
sealed class ItemNames
{
    const string Nameless = "GTIN ";

    readonly ProductCatalogue _configured;
    volatile ProductCatalogue _products;

    public ItemNames(ProductCatalogue configured) => _configured = _products = configured;

    /// <summary>What is shown and judged by: the configured file, and what people have imported since.</summary>
    public ProductCatalogue Products => _products;

    /// <summary>Names by the configured file alone, for what is written from the log: an import must not change what a replay would say.</summary>
    public ItemNames AsConfigured => new(_configured);

    /// <summary>Swapped whole: whoever is asking goes on with the one they have.</summary>
    public void Use(ProductCatalogue catalogue) => _products = catalogue;

    /// <summary>A name as it was told, and a better one where nobody knew the product then.</summary>
    public ItemName Anew(ItemName told) =>
        told.Name.StartsWith(Nameless, StringComparison.Ordinal) && Products.Find(told.Name[Nameless.Length..]) is { } product ? told with { Name = product.Name } : told;

    public NamedItem Of(Epc epc)
    {
        var hex = epc.ToString();
        if (!Gs1Tag.TryDecode(epc, out var tag))
            return TagContent.TryDecode(epc, out var content, out _) ? Of(hex, content) : new(hex, hex, null, null, null, new(hex, Foreign(epc, hex), ""));
        var gtin = tag.Gtin?.ToString();
        var serial = gtin is null ? null : tag.Serial.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var name = gtin is null ? Unsold(hex, tag) : Named(hex, gtin, serial, null);
        return new(ItemKey.From(tag).ToString(), hex, gtin, serial, null, name);
    }

    /// <summary>A long tag, or one of TDS 2.x, which may say its lot too.</summary>
    NamedItem Of(string hex, TagContent content)
    {
        string? Element(string ai) => content.Elements.FirstOrDefault(element => element.Ai == ai).Value;
        var (gtin, serial, lot) = (Element("01"), Element("21"), Element("10"));
        var identity = content.PureUri ?? DigitalLink.Write(content.Key);
        var name = gtin is not null ? Named(hex, gtin, serial, lot) : Unsold(hex, content.Key.IsEmpty ? "" : content.Key[0].Ai, content.Key.IsEmpty ? identity : content.Key[0].Value, identity);
        return new(ItemKey.From(content).ToString(), hex, gtin, gtin is null ? null : serial, lot, name);
    }

    /// <summary>A row of the ledger: by its tag where it has one, else by what its label said.</summary>
    public ItemName Of(ItemRow row) =>
        row.Gtin is not null ? Named(row.Epc ?? row.Key, row.Gtin, row.Serial, row.Lot)
        : row.Epc is { } hex && Epc.TryParse(hex, out var epc) ? Of(epc).Name
        : new(row.Key, row.Key, "");

    public ItemName Named(string key, string gtin, string? serial, string? lot)
    {
        string[] details = [serial is null ? "" : $"serial {serial}", lot is null ? "" : $"lot {lot}"];
        return new(key, Products.Find(gtin)?.Name ?? Nameless + gtin, string.Join(", ", details.Where(d => d.Length > 0)));
    }

    /// <summary>A thing that is no trade item: what it is, then the number a person would find on its plate.</summary>
    static ItemName Unsold(string hex, Gs1Tag tag)
    {
        var identity = tag.ToPureUri();
        return Unsold(hex, tag.ToElements()[0].Ai, identity[(identity.LastIndexOf('.') + 1)..], identity);
    }

    static ItemName Unsold(string hex, string ai, string number, string identity) => ai switch
    {
        "8004" => new(hex, $"Asset {number}", identity),
        "8003" => new(hex, $"Returnable asset {number}", identity),
        "00" => new(hex, $"Delivery {number}", identity),
        "8018" => new(hex, "A patient's wristband", ""),   // its number is the patient's: no name of it goes onto a list of things
        "8017" => new(hex, $"Staff badge {number}", identity),
        "253" => new(hex, $"Document {number}", identity),
        _ => new(hex, identity, ""),
    };

    static string Foreign(Epc epc, string hex) => EpcSchemes.Of(epc) switch
    {
        _ when epc.IsEmpty => "A tag with no EPC",
        EpcScheme.Unprogrammed => $"Blank tag {hex}",
        EpcScheme.Unknown => $"Tag {hex}",
        var scheme => $"{scheme.Name()} {hex}",
    };
}
