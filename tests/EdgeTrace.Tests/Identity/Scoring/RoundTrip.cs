using EdgeTrace.Identity;

namespace EdgeTrace.Tests.Identity.Scoring;

/// <summary>Random tags of every scheme, from a seed: written, read, spelled, read from each spelling and written again.</summary>
sealed record RoundTrip(int Tags, int Seed, int SchemesSeen, IReadOnlyList<string> Failures)
{
    const string Set82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    const string Set39 = "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const string Upper = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    const int FailuresMax = 20;

    static readonly EpcScheme[] s_plus = [.. Enum.GetValues<EpcScheme>().Where(scheme => PlusTag.KeyOf(scheme) is not null)];

    public static int Schemes => TagScheme.All.Length + s_plus.Length;

    public static RoundTrip Run(int tags, int seed)
    {
        var random = new Random(seed);
        var seen = new HashSet<EpcScheme>();
        var failures = new List<string>();
        for (var i = 0; i < tags && failures.Count < FailuresMax; i++)
        {
            var drawn = random.Next(Schemes);
            var content = drawn < TagScheme.All.Length ? DrawOld(TagScheme.All[drawn], random) : DrawPlus(s_plus[drawn - TagScheme.All.Length], random);
            seen.Add(content.Scheme);
            if (Fault(content) is { } fault) failures.Add($"tag {i} of seed {seed}, {content.ToEpc()}: {fault}");
        }
        return new(tags, seed, seen.Count, failures);
    }

    static string? Fault(TagContent content)
    {
        var epc = content.ToEpc();
        if (!TagContent.TryDecode(epc, out var decoded, out var error)) return error;
        if (decoded.ToEpc() != epc) return $"written again as {decoded.ToEpc()}";
        if (!decoded.Elements.SequenceEqual(content.Elements)) return $"elements {ElementString.ToBracketed(decoded.Elements)}, not {ElementString.ToBracketed(content.Elements)}";
        if (decoded.Host != content.Host) return $"host {decoded.Host}";
        if (content.TagUri is not null && (!TagContent.TryParse(content.TagUri, out var parsed, out error) || parsed.ToEpc() != epc)) return $"{content.TagUri}: {error}";
        if (Gs1Tag.TryDecode(epc, out var tag) && (tag.ToEpc() != epc || tag.ToTagUri() != content.TagUri)) return "the reader of plain tags differs";
        if (content.Key.IsEmpty) return null;
        var scan = ScanCode.Parse("]d2" + ElementString.ToRaw(content.Elements), 2026);
        if (scan.Error is not null || !scan.Elements.SequenceEqual(content.Elements)) return $"as a barcode: {scan.Error}";
        return ItemKey.TryFrom(scan, out var key, out error) && key == ItemKey.From(content) ? null : $"the barcode's key is {key} {error}";
    }

    static TagContent DrawOld(TagScheme scheme, Random random)
    {
        var prefixLength = random.Next(CompanyPrefix.LengthMin, CompanyPrefix.LengthMax + 1);
        var prefixBits = (int)TagScheme.PrefixBits[CompanyPrefix.LengthMax - prefixLength];
        var fields = new List<string>();
        foreach (var (part, bits) in scheme.Parts)
        {
            if (part is TagPart.KeyDigits or TagPart.KeyNumber or TagPart.KeyText or TagPart.KeyText6) fields.Add(Digits(prefixLength, random));
            switch (part)
            {
                case TagPart.KeyDigits: fields.Add(Digits(scheme.KeyDigits - prefixLength, random)); break;
                case TagPart.KeyNumber: fields.Add(Number(scheme.NumberMax(prefixLength, bits - prefixBits), random)); break;
                case TagPart.KeyText: fields.Add(Text(Set82, 1, 30 - prefixLength, random)); break;
                case TagPart.KeyText6: fields.Add(Text(Set39, 1, 18, random)); break;
                case TagPart.Number when scheme.Uri == "cpi": fields.Add(DigitText.Of((ulong)random.NextInt64(1, bits == 31 ? 1L << 31 : 1_000_000_000_000))); break;   // (8011) has 1 to 12 digits and no zero in front
                case TagPart.Number: fields.Add(Number(ulong.MaxValue >> (64 - bits), random)); break;
                case TagPart.TwoDigits: fields.Add("01"); break;
                case TagPart.Digits: fields.Add(Digits(random.Next(1, bits == 58 ? 18 : 13), random)); break;
                case TagPart.Text: fields.Add(Text(Set82, 1, bits / 7, random)); break;
                case TagPart.Text6: fields.Add(Text(Upper, fields.Count == 1 ? 0 : 1, 30, random)); break;
                case TagPart.Code6 or TagPart.Code8: fields.Add(Text(Upper, 5, 6, random)); break;
            }
        }
        if (scheme.Uri == "itip") fields[3] = "09";
        var uri = $"urn:epc:tag:{scheme.TagName}:{(scheme.HasFilter ? random.Next(scheme.FilterMax + 1) + "." : "")}{new PureIdentity(scheme.Uri, [.. fields]).Joined()}";
        return TagContent.TryParse(uri, out var content, out var error) ? content : throw new InvalidOperationException(error);
    }

    static TagContent DrawPlus(EpcScheme scheme, Random random)
    {
        var elements = new List<Gs1Element>();
        foreach (var ai in PlusTag.KeyOf(scheme)!)
        {
            elements.Add(new(ai, ai switch
            {
                "01" => Checked(13, random),
                "00" or "8017" or "8018" => Checked(17, random),
                "414" => Checked(12, random),
                "8003" => "0" + Checked(12, random) + Serial(16, random),
                "253" => Checked(12, random) + Serial(17, random),
                "255" => Checked(12, random) + Digits(random.Next(1, 13), random),
                "8006" => Checked(13, random) + "0109",
                "8004" => Digits(7, random) + Serial(20, random),
                "8010" => Digits(7, random) + Text(Set39, 1, 20, random),
                "8011" => DigitText.Of((ulong)random.NextInt64(1, 1_000_000_000_000)),
                _ => Serial(20, random),
            }));
        }
        if (PlusTag.HasDate(scheme) || random.Next(3) == 0) elements.Add(new("17", Gs1Date.Write(new DateOnly(2000, 1, 1).AddDays(random.Next(36_000)))));
        if (random.Next(3) == 0) elements.Add(new("10", Serial(12, random)));
        string? host = PlusTag.HasHost(scheme) ? random.Next(2) == 0 ? "id.example.com" : "www." + Text("abcdefghijklmnopqrstuvwxyz0123456789-", 1, 8, random) + ".org" : null;
        if (TagContent.TryCreate(scheme, elements, random.Next(8), host, out var content, out var error)) return content;
        throw new InvalidOperationException(error);
    }

    /// <summary>Of every encoding the standard has: digits, hexadecimal of both cases, base 64, capitals, and all 82 characters.</summary>
    static string Serial(int most, Random random) => random.Next(6) switch
    {
        0 => Digits(random.Next(1, most + 1), random),
        1 => Text("0123456789ABCDEF", 1, most, random),
        2 => Text("0123456789abcdef", 1, most, random),
        3 => Text("ABCxyz019-_", 1, most, random),
        4 => Text("ABCXYZ019-.:", 1, most, random),
        _ => Text(Set82, 1, most, random),
    };

    static string Checked(int digits, Random random)
    {
        var text = Digits(digits, random);
        return text + DigitText.Of((ulong)CheckDigit.Of(text));
    }

    static string Digits(int count, Random random) => Text("0123456789", count, count, random);

    static string Text(string alphabet, int least, int most, Random random) =>
        new([.. Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => alphabet[random.Next(alphabet.Length)])]);

    /// <summary>Boundaries as often as the middle: 0, 1 and the greatest are where drawings break.</summary>
    static string Number(ulong most, Random random) => DigitText.Of(random.Next(4) switch
    {
        0 => 0,
        1 => Math.Min(1, most),
        2 => most,
        _ => (ulong)(random.NextDouble() * most),
    });

    public override string ToString() => $"round trip: {Tags:N0} random tags of {SchemesSeen} schemes (seed {Seed}), {Failures.Count} fail{string.Concat(Failures.Select(failure => $"{Environment.NewLine}  FAILS        {failure}"))}";
}
