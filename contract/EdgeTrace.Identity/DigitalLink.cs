using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EdgeTrace.Identity;

/// <summary>GS1 Digital Link: the elements of a barcode as a web address.</summary>
public static class DigitalLink
{
    /// <summary>The host of the canonical form.</summary>
    public const string Canonical = "https://id.gs1.org";

    // Keys, and all qualifiers that may follow them, in their order (the syntax dictionary's "dlpkey").
    static readonly Dictionary<string, string[]> QualifiersByKey =
        ApplicationIdentifier.Every.Where(ai => ai.LinkQualifiers is not null).ToDictionary(ai => ai.Code, ai => ai.LinkQualifiers!.SelectMany(sequence => sequence).ToArray());

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

    /// <summary>Whether a Digital Link can be made of these.</summary>
    public static bool HasKey(IReadOnlyCollection<Gs1Element> elements) => elements.Any(element => QualifiersByKey.ContainsKey(element.Ai));

    /// <summary>Reads a Digital Link of any host. Elements come in the order of the address, key first.</summary>
    /// <param name="shortGtins">Takes GTIN-8, -12 and -13 too; the standard wants fourteen digits.</param>
    public static bool TryParse(string uri, int currentYear, out IReadOnlyList<Gs1Element> elements, [NotNullWhen(false)] out string? error, bool shortGtins = false)
    {
        var reading = new ElementReading(currentYear);
        Read(uri, reading, shortGtins);
        elements = reading.Elements;
        error = reading.Error;
        return error is null;
    }

    internal static bool LooksLikeOne(ReadOnlySpan<char> text) =>
        text.StartsWith("https://") || text.StartsWith("http://") || text.StartsWith("HTTPS://") || text.StartsWith("HTTP://");

    internal static void Read(ReadOnlySpan<char> uri, ElementReading reading, bool shortGtins = false)
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
        ReadPath(segments[start..], reading, shortGtins);
        ReadQuery(query, key, reading, shortGtins);
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

    static void ReadPath(string[] segments, ElementReading reading, bool shortGtins)
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
            reading.Add(ApplicationIdentifier.Find(code)!, Value(code, segments[at + 1], shortGtins));
        }
        var here = segments.Where((_, at) => at > 0 && at % 2 == 0 && qualifiers.Contains(segments[at])).ToArray();
        if (!ApplicationIdentifier.Find(segments[0])!.LinkQualifiers!.Any(sequence => here.All(sequence.Contains))) reading.Fail($"({string.Join(") and (", here)}) do not qualify ({segments[0]}) together");
    }

    static void ReadQuery(ReadOnlySpan<char> query, string key, ElementReading reading, bool shortGtins)
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
            reading.Add(ai, equals < 0 ? "" : Value(code, pair[(equals + 1)..].ToString(), shortGtins));
        }
    }

    static string Value(string code, string escaped, bool shortGtins)
    {
        var value = Uri.UnescapeDataString(escaped);
        return shortGtins && code is "01" or "02" && value.Length is 8 or 12 or 13 && !value.AsSpan().ContainsAnyExceptInRange('0', '9') ? value.PadLeft(Gtin.Digits, '0') : value;
    }
}
