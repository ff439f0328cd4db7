using EdgeTrace.Api;
using EdgeTrace.Web.Accounts;

namespace EdgeTrace.Web.Frame;

/// <summary>A part of the page one can go to; only those that exist, and that whoever is here may see, are listed.</summary>
sealed record Section(string Path, string Icon, string Name, Permission Needs = Permission.SeeSite)
{
    /// <summary>So many stand in a phone's bottom bar, beside More.</summary>
    public const int OnPhone = 4;

    public static IReadOnlyList<Section> All { get; } =
    [
        new("", "now", "Now"),
        new("find", "search", "Find", Permission.SeeStock),
        new("stock", "stock", "Stock", Permission.SeeStock),
        new("goods-in", "goods-in", "Goods in", Permission.HandleStock),
        new("exits", "exit", "Exits", Permission.SeeStock),
        new("cold-chain", "cold", "Cold chain", Permission.SeeColdChain),
        new("theatre", "theatre", "Theatre", Permission.Theatre),
        new("recalls", "recall", "Recalls", Permission.Recall),
        new("completeness", "complete", "Completeness"),
        new("faults", "faults", "Faults"),
        new("gateways", "gateway", "Gateways"),
        new("reports", "report", "Reports", Permission.SeeStock),
        new("audit", "audit", "Audit", Permission.SeeAudit),
        new("people", "person", "People", Permission.Administer),
    ];

    /// <summary>Pages below a section, and what they need.</summary>
    static readonly (string Path, Permission Needs)[] s_below = [("items", Permission.SeeStock), ("places", Permission.SeeStock), ("catalogue", Permission.SeeStock), ("points", Permission.SeeColdChain)];

    public static IReadOnlyList<Section> For(Me me) => [.. All.Where(section => me.May(section.Needs))];

    /// <summary>What a page's address needs; null: nothing but somebody.</summary>
    /// <param name="address">Relative to the page's base.</param>
    public static Permission? NeedOf(string address)
    {
        var first = address.Split('/', '?', '#')[0];
        return s_below.Where(page => page.Path == first).Select(page => (Permission?)page.Needs).FirstOrDefault() ?? All.FirstOrDefault(section => section.Path == first)?.Needs;
    }
}
