using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EdgeTrace.Identity;

/// <summary>GS1 Digital Link: the elements of a barcode as a web address.</summary>
public static class DigitalLink
{
    /// <summary>The host of the canonical form.</summary>
    public const string Canonical = "https://id.gs1.org";

    // Primary keys, and the qualifiers that may follow them in this order (GS1 Digital Link URI Syntax §4.9).
    static readonly Dictionary<string, string[]> QualifiersByKey = new()
    {
        ["00"] = [],
        ["01"] = ["22", "10", "21", "235"],
        ["253"] = [],
        ["255"] = [],
        ["401"] = [],
        ["402"] = [],
        ["414"] = ["254", "7040"],
        ["415"] = ["8020"],
        ["417"] = ["7040"],
        ["8003"] = [],
        ["8004"] = ["7040"],
        ["8006"] = ["22", "10", "21"],
        ["8010"] = ["8011"],
        ["8013"] = [],
        ["8017"] = ["8019"],
        ["8018"] = ["8019"],
    };

    // RFC 3986 §2: what a URI may contain at all.
    static readonly SearchValues<char> UriCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");
    static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:[]");

    /// <summary>The canonical link of these elements: the key and its qualifiers are the path, the rest is the query.</summary>
    public static string Write(IReadOnlyCollection<Gs1Element> elements)
    {
        var key = elements.FirstOrDefault(element => QualifiersByKey.ContainsKey(element.Ai));
        if (key.Ai is null) throw new ArgumentException("None of the elements is a key a Digital Link can begin with.", nameof(elements));

        var qualifiers = QualifiersByKey[key.Ai];
        var link = new StringBuilder(Canonical);
        foreach (var element in elements.Where(element => element == key || qualifiers.Contains(element.Ai)).OrderBy(element => Array.IndexOf(qualifiers, element.Ai)))
            link.Append('/').Append(element.Ai).Append('/').Append(Uri.EscapeDataString(element.Value));

        var separator = '?';
        foreach (var element in elements.Where(element => element != key && !qualifiers.Contains(element.Ai)))
        {
            link.Append(separator).Append(element.Ai).Append('=').Append(Uri.EscapeDataString(element.Value));
            separator = '&';
        }
        return link.ToString();
    }

    /// <summary>Reads a Digital Link of any host. Elements come in the order of the address, key first.</summary>
    public static bool TryParse(string uri, int currentYear, out IReadOnlyList<Gs1Element> elements, [NotNullWhen(false)] out string? error)
    {
        var reading = new ElementReading(currentYear);
        Read(uri, reading);
        elements = reading.Elements;
        error = reading.Error;
        return error is null;
    }

    internal static bool LooksLikeOne(ReadOnlySpan<char> text) =>
        text.StartsWith("https://") || text.StartsWith("http://") || text.StartsWith("HTTPS://") || text.StartsWith("HTTP://");

    internal static void Read(ReadOnlySpan<char> uri, ElementReading reading)
    {
        if (!LooksLikeOne(uri)) { reading.Fail("a Digital Link begins with https:// or http://"); return; }
        if (uri.ContainsAnyExcept(UriCharacters)) { reading.Fail("the address has a character no address may have"); return; }

        var address = uri[(uri.IndexOf("://") + 3)..];
        var slash = address.IndexOf('/');
        if (slash <= 0) { reading.Fail("the address has no host and path"); return; }
        if (address[..slash].ContainsAnyExcept(HostCharacters)) { reading.Fail($"'{address[..slash]}' is no host"); return; }

        var path = address[(slash + 1)..];
        var fragment = path.IndexOf('#');
        if (fragment >= 0) path = path[..fragment];
        var question = path.IndexOf('?');
        var query = question < 0 ? default : path[(question + 1)..];
        if (question >= 0) path = path[..question];

        var segments = path.TrimEnd('/').ToString().Split('/');
        var start = KeyPosition(segments);
        if (start < 0) { reading.Fail("no key of a Digital Link is in the path"); return; }

        var key = segments[start];
        ReadPath(segments[start..], reading);
        ReadQuery(query, key, reading);
        reading.JudgeTogether();
    }

    /// <summary>The key is found from the right, pair by pair, because any host may put words of its own before it.</summary>
    static int KeyPosition(string[] segments)
    {
        for (var at = segments.Length - 2; at >= 0; at -= 2)
        {
            if (QualifiersByKey.ContainsKey(segments[at])) return at;
            if (ApplicationIdentifier.Find(segments[at]) is null) return -1;
        }
        return -1;
    }

    static void ReadPath(string[] segments, ElementReading reading)
    {
        var qualifiers = QualifiersByKey[segments[0]];
        var last = -1;
        for (var at = 0; at < segments.Length; at += 2)
        {
            var code = segments[at];
            if (at > 0)
            {
                var place = Array.IndexOf(qualifiers, code);
                if (place < 0) reading.Fail($"({code}) does not qualify ({segments[0]})");
                else if (place <= last) reading.Fail($"({code}) stands behind ({qualifiers[last]}), it belongs before it");
                last = Math.Max(last, place);
            }
            reading.Add(ApplicationIdentifier.Find(code)!, Uri.UnescapeDataString(segments[at + 1]));
        }
    }

    static void ReadQuery(ReadOnlySpan<char> query, string key, ElementReading reading)
    {
        foreach (var range in query.SplitAny('&', ';'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            var name = equals < 0 ? pair : pair[..equals];
            if (name.IsEmpty || name.ContainsAnyExceptInRange('0', '9')) continue;   // a host's own parameter, no business of ours
            var code = name.ToString();
            if (ApplicationIdentifier.Find(code) is not { } ai)
            {
                reading.Warnings.Add($"'{code}' in the address is no application identifier");
                continue;
            }
            if (reading.Elements.Exists(element => element.Ai == code)) reading.Fail($"({code}) is there twice");
            else if (QualifiersByKey[key].Contains(code)) reading.Fail($"({code}) belongs into the path, not behind the question mark");
            reading.Add(ai, equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]));
        }
    }
}
