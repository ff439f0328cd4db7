using System.Diagnostics.CodeAnalysis;

namespace EdgeTrace.Identity;

/// <summary>The one Digital Link of a thing or a kind of thing, whatever address or URI it came under: host id.gs1.org, numbers for names, fourteen digits of GTIN, the finest qualifier alone, no query. What EPCIS hashes, and what two addresses are compared by.</summary>
/// <remarks>Values are not judged: a wrong check digit names the same thing in both addresses.</remarks>
public static class CanonicalLink
{
    // The words GS1 allowed for identifiers until Digital Link 1.2; old addresses still have them.
    static readonly Dictionary<string, string> Words = new()
    {
        ["gtin"] = "01", ["itip"] = "8006", ["cpv"] = "22", ["lot"] = "10", ["ser"] = "21", ["sscc"] = "00", ["gln"] = "414", ["glnx"] = "254", ["party"] = "417",
        ["payTo"] = "415", ["refno"] = "8020", ["grai"] = "8003", ["giai"] = "8004", ["gsrn"] = "8018", ["gsrnp"] = "8017", ["srin"] = "8019", ["gdti"] = "253",
        ["gcn"] = "255", ["cpid"] = "8010", ["cpsn"] = "8011", ["ginc"] = "401", ["gsin"] = "402", ["gmn"] = "8013",
    };

    // What makes one thing of a kind, the finest first.
    static readonly Dictionary<string, string[]> Finest = new() { ["01"] = ["21", "235", "10"], ["8006"] = ["21", "10"], ["414"] = ["254"], ["8010"] = ["8011"], ["415"] = ["8020"] };

    /// <summary>Reads a Digital Link of any host or a pure identity URI.</summary>
    public static bool TryFrom(string uri, [NotNullWhen(true)] out string? link)
    {
        link = uri.StartsWith("urn:", StringComparison.Ordinal)
            ? PureIdentity.TryParse(uri, out var identity, out _) ? identity.ToDigitalLink() : null
            : FromLink(uri);
        return link is not null;
    }

    static string? FromLink(string uri)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) return null;
        // Pairs of identifier and value, the key found from the right because any host may put words of its own before it.
        var segments = address.AbsolutePath.Trim('/').Split('/');
        Gs1Element? key = null;
        var qualifiers = new Dictionary<string, string>();
        for (var at = segments.Length - 2; at >= 0 && key is null; at -= 2)
        {
            var code = Words.GetValueOrDefault(segments[at], segments[at]);
            if (ApplicationIdentifier.Find(code) is not { } ai) return null;
            var value = Uri.UnescapeDataString(segments[at + 1]);
            if (ai.LinkQualifiers is not null) key = new(code, code == "01" ? value.PadLeft(Gtin.Digits, '0') : value);
            else qualifiers[code] = value;
        }
        if (key is not { } found) return null;
        var finest = Finest.GetValueOrDefault(found.Ai)?.FirstOrDefault(qualifiers.ContainsKey);
        return finest is null || finest == "254" && qualifiers[finest] == "0" ? DigitalLink.Write([found]) : DigitalLink.Write([found, new(finest, qualifiers[finest])]);
    }
}
