using EdgeTrace.Identity;

namespace EdgeTrace.Stock;

/// <summary>Names a quantity of things that carry no number of their own. Its text is the canonical Digital Link of the class.</summary>
public static class Lot
{
    public static string Key(string gtin, string? lot) =>
        DigitalLink.Write(lot is null ? [new("01", gtin)] : [new("01", gtin), new("10", lot)]);
}
