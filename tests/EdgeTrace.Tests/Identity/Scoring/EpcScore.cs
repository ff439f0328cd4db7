using EdgeTrace.Identity;

namespace EdgeTrace.Tests.Identity.Scoring;

/// <summary>The vectors of tags: from bits to every spelling, and back to the bits from each.</summary>
static class EpcScore
{
    const int Year = 2026;

    public static string? Judge(Dictionary<string, string> row)
    {
        var hex = row["hex"];
        var uri = row["uri"];
        var said = Identification.Of(hex, Year);
        if (uri == "ERROR") return said.Error is not null ? null : $"should fail, became {said.DigitalLink}";
        if (said.Error is not null) return said.Error;
        var content = Decode(hex);
        if (uri.StartsWith("urn:", StringComparison.Ordinal) ? content.TagUri != uri : content.DigitalLink != uri && content.HostedLink != uri) return $"became {content.TagUri} {content.DigitalLink}, not {uri}";
        if (WayBack(content, hex) is { } lost) return lost;
        if (row["gs1_tdt22_check"].StartsWith("tool differs", StringComparison.Ordinal)) return Score.Known + $"the bits and {uri} hold; its other columns are GS1's demonstration tool's: {row["note"]}";
        if (row["pure_identity_uri"].Length > 0 && content.PureUri != row["pure_identity_uri"]) return $"became {content.PureUri}, not {row["pure_identity_uri"]}";
        if (row["gs1_ai_json"].Contains("\"8011\":\"\"")) return Score.Known + "the tool loses the serial (8011), which its own Digital Link has; all else holds";
        if (row["gs1_ai_json"].Length > 0 && Json(content.Elements) != row["gs1_ai_json"]) return $"became {Json(content.Elements)}, not {row["gs1_ai_json"]}";
        if (row["gs1_element_string"].Length > 0 && ElementString.ToBracketed(content.Elements) != row["gs1_element_string"]) return $"became {ElementString.ToBracketed(content.Elements)}, not {row["gs1_element_string"]}";
        var link = row["digital_link"];
        if (link.Length == 0 || content.DigitalLink == link || content.HostedLink == link) return null;
        return link.Contains('"') ? Score.Known + "the tool leaves a quotation mark in an address, where RFC 3986 has none; all else holds" : $"became {content.DigitalLink}, not {link}";
    }

    public static string? JudgeGenerated(Dictionary<string, string> row)
    {
        var said = Identification.Of(row["hex"], Year);
        if (said.Error is not null) return said.Error;
        var content = Decode(row["hex"]);
        if ((content.TagUri ?? "") != row["tag_uri"] || (content.PureUri ?? "") != row["pure_uri"]) return $"became {content.TagUri} {content.PureUri}";
        if (WayBack(content, row["hex"]) is { } lost) return lost;
        var isPlain = content.Scheme is EpcScheme.Sgln96 or EpcScheme.SglnPlus && content.DigitalLink + "/254/0" == row["digital_link"];
        if (isPlain) return Score.Known + "the tool writes the extension 0 that means none (TDS 1.13 §6.3.3); bits and URIs hold, and the canonical links of the third file do as we do";
        if (content.DigitalLink != row["digital_link"]) return $"became {content.DigitalLink}, not {row["digital_link"]}";
        return Json(content.Elements) == row["gs1_ai_json"] ? null : $"became {Json(content.Elements)}";
    }

    public static string? JudgeLink(Dictionary<string, string> row) =>
        CanonicalLink.TryFrom(row["input_uri"], out var link) && link == row["expected_canonical_gs1_digital_link"] ? null : $"became {link}, not {row["expected_canonical_gs1_digital_link"]}";

    /// <summary>The tag from each of its spellings.</summary>
    static string? WayBack(TagContent content, string hex)
    {
        if (Trimmed(content.ToEpc().ToString()) != Trimmed(hex)) return $"written back as {content.ToEpc()}";
        if (content.TagUri is null)
        {
            // A wrong check digit is read and named; written it is only back as it was.
            if (!content.Warnings.IsEmpty) return null;
            return TagContent.TryCreate(content.Scheme, content.Elements, content.Filter, content.Host, out var made, out var fault) && made.ToEpc() == content.ToEpc() ? null : $"its elements do not make it again: {fault}";
        }
        if (!TagContent.TryParse(content.TagUri, out var parsed, out var error) || parsed.ToEpc() != content.ToEpc()) return $"{content.TagUri} does not make it again: {error}";
        if (!PureIdentity.TryParse(content.PureUri, out var identity, out error) || identity.ToString() != content.PureUri) return $"{content.PureUri} is not read: {error}";
        if (content.Key.IsEmpty) return null;
        return PureIdentity.TryFrom(content.Key, identity.Fields[0].Length, out var from, out error) && from.ToString() == content.PureUri ? null : $"{ElementString.ToBracketed(content.Key)} does not name it again: {error}";
    }

    static TagContent Decode(string hex) =>
        TagContent.TryDecode(Epc.Parse(hex.Length % 2 == 0 ? hex : hex + "0"), out var content, out var error) ? content : throw new InvalidOperationException($"{hex}: {error}");

    /// <summary>Zeros at the end say how far somebody wrote a tag down, not what is in it.</summary>
    static string Trimmed(string hex) => hex.TrimEnd('0');

    static string Json(IEnumerable<Gs1Element> elements) => "{" + string.Join(",", elements.Select(element => $"\"{element.Ai}\":\"{element.Value}\"")) + "}";
}
