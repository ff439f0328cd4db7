namespace EdgeTrace.Web.Frame;

/// <summary>A part of the page one can go to; only those that exist are listed.</summary>
sealed record Section(string Path, string Icon, string Name)
{
    /// <summary>So many stand in a phone's bottom bar, beside More.</summary>
    public const int OnPhone = 4;

    public static IReadOnlyList<Section> All { get; } =
    [
        new("", "now", "Now"),
        new("find", "search", "Find"),
        new("stock", "stock", "Stock"),
        new("goods-in", "goods-in", "Goods in"),
        new("cold-chain", "cold", "Cold chain"),
        new("completeness", "complete", "Completeness"),
        new("faults", "faults", "Faults"),
        new("gateways", "gateway", "Gateways"),
        new("reports", "report", "Reports"),
    ];
}
