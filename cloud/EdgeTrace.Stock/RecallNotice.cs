namespace EdgeTrace.Stock;

/// <summary>What a maker or the MHRA wants back.</summary>
/// <param name="Reference">Of the notice: FSN, NatPSA or CAS number.</param>
/// <param name="Product">The trade item: a GTIN of 14 digits, or <c>+</c>, LIC and PCN of a HIBC, which stand for every unit of measure.</param>
/// <param name="Lots">Lots by their whole number; empty: every lot.</param>
public sealed record RecallNotice(string Id, string Reference, string Product, IReadOnlyList<string> Lots)
{
    /// <summary>From and to, both included, by number where both are numbers and else by letters; null: not limited so.</summary>
    public string? SerialFrom { get; init; }
    public string? SerialTo { get; init; }
    public DateOnly? ExpiryFrom { get; init; }
    public DateOnly? ExpiryTo { get; init; }
    public DateOnly? MadeFrom { get; init; }
    public DateOnly? MadeTo { get; init; }

    /// <summary>Whether it may be meant. What is not known of a thing is no reason to let it pass: a hip without a known lot is held until somebody has looked.</summary>
    public bool Names(string? product, string? lot, string? serial, DateOnly? expiry, DateOnly? made) =>
        IsProduct(product)
        && (Lots.Count == 0 || lot is null || Lots.Contains(lot))
        && (SerialFrom is null && SerialTo is null || serial is null || IsBetween(serial))
        && (expiry is not { } e || !(e < ExpiryFrom) && !(e > ExpiryTo))
        && (made is not { } m || !(m < MadeFrom) && !(m > MadeTo));

    /// <summary>The keys of the books that it may mean. A HIBC's last digit is how many are in the box, and a notice speaks of the thing.</summary>
    public IEnumerable<string> ProductKeys() => Product.StartsWith('+') ? Enumerable.Range(0, 10).Select(unit => $"{Product}{unit}").Prepend(Product) : [Product];

    public bool IsProduct(string? product) => product is not null
        && (product == Product || Product.StartsWith('+') && product.Length == Product.Length + 1 && char.IsAsciiDigit(product[^1]) && product.StartsWith(Product, StringComparison.Ordinal));

    /// <summary>Whether everything it asks about is known of the thing: if not, the thing may be meant, and somebody must look at it.</summary>
    public bool IsSure(string? lot, string? serial, DateOnly? expiry, DateOnly? made) =>
        (Lots.Count == 0 || lot is not null)
        && (SerialFrom is null && SerialTo is null || serial is not null)
        && (ExpiryFrom is null && ExpiryTo is null || expiry is not null)
        && (MadeFrom is null && MadeTo is null || made is not null);

    bool IsBetween(string serial) => (SerialFrom is null || Compare(serial, SerialFrom) >= 0) && (SerialTo is null || Compare(serial, SerialTo) <= 0);

    static int Compare(string a, string b) => a.Length > 0 && b.Length > 0 && a.All(char.IsAsciiDigit) && b.All(char.IsAsciiDigit)
        ? Digits(a).Length != Digits(b).Length ? Digits(a).Length.CompareTo(Digits(b).Length) : string.CompareOrdinal(Digits(a), Digits(b))
        : string.CompareOrdinal(a, b);

    static string Digits(string number) => number.TrimStart('0');
}
