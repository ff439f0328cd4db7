using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace EdgeTrace.Identity;

/// <summary>A thing, a place or a kind of thing without its carrier, as EPC URIs name it: a scheme and its fields, urn:epc:id:sgtin:0614141.812345.32a%2Fb (TDS 1.13 §6.3, §8).</summary>
/// <param name="Scheme">Name of the scheme in the URI, "sgtin".</param>
/// <param name="Fields">Unescaped, in the URI's order; the serial of a pattern is "*".</param>
/// <param name="IsPattern">It means every serial: urn:epc:idpat:sgtin:0614141.812345.*.</param>
public sealed record PureIdentity(string Scheme, ImmutableArray<string> Fields, bool IsPattern = false)
{
    const string IdPrefix = "urn:epc:id:";
    const string PatternPrefix = "urn:epc:idpat:";
    const string ClassPrefix = "urn:epc:class:";

    /// <summary>The serial of a pattern: any.</summary>
    const string Any = "*";

    /// <summary>Characters of a whole GIAI (General Specifications §3.9.4).</summary>
    const int GiaiMax = 30;

    /// <summary>Digits of a component's serial, (8011).</summary>
    const int CpiSerialMax = 12;

    // What each scheme is made of. Digits: how many the key has before its check digit, company prefix included; 0 where the reference is text.
    // A key whose reference begins with a digit of its own (indicator, extension) has it in front of the prefix in a barcode.
    sealed record Form(string Name, int Count, int Digits, bool HasDigitInFront, string Key, string? Serial);

    static readonly Form[] Forms =
    [
        new("sgtin", 3, 13, true, "01", "21"),
        new("lgtin", 3, 13, true, "01", "10"),
        new("upui", 3, 13, true, "01", "235"),
        new("itip", 5, 13, true, "8006", "21"),
        new("sscc", 2, 17, true, "00", null),
        new("sgln", 3, 12, false, "414", "254"),
        new("pgln", 2, 12, false, "417", null),
        new("grai", 3, 12, false, "8003", null),
        new("gdti", 3, 12, false, "253", null),
        new("sgcn", 3, 12, false, "255", null),
        new("gsrn", 2, 17, false, "8018", null),
        new("gsrnp", 2, 17, false, "8017", null),
        new("gsin", 2, 16, false, "402", null),
        new("giai", 2, 0, false, "8004", null),
        new("ginc", 2, 0, false, "401", null),
        new("cpi", 3, 0, false, "8010", "8011"),
        new("gid", 3, 0, false, "", null),
        new("usdod", 2, 0, false, "", null),
        new("adi", 3, 0, false, "", null),
    ];

    /// <summary>urn:epc:id:…, or urn:epc:idpat:… and urn:epc:class:… for kinds of things.</summary>
    public override string ToString() => (Scheme == "lgtin" ? ClassPrefix : IsPattern ? PatternPrefix : IdPrefix) + Scheme + ":" + Joined();

    /// <summary>What keeps these fields from being an identity of their scheme, or null.</summary>
    internal string? Fault => FieldFault(Array.Find(Forms, form => form.Name == Scheme)!, [.. Fields]);

    internal string Joined() => string.Join('.', Fields.Select(Escape));

    /// <summary>The elements a barcode of the same thing carries; none for the schemes GS1 has no element for (GID, USDOD, ADI).</summary>
    public ImmutableArray<Gs1Element> ToElements()
    {
        var form = Array.Find(Forms, form => form.Name == Scheme)!;
        if (form.Key.Length == 0) return [];
        var serial = Fields[^1];
        var key = form.Digits == 0 ? Fields[0] + Fields[1]
            : WithCheckDigit(form.HasDigitInFront ? Fields[1][..1] + Fields[0] + Fields[1][1..] : Fields[0] + Fields[1]);
        switch (Scheme)
        {
            case "grai": return [new("8003", "0" + key + (IsPattern ? "" : serial))];
            case "gdti" or "sgcn": return [new(form.Key, key + (IsPattern ? "" : serial))];
            case "itip": key += Fields[2] + Fields[3]; break;
            case "sgln" when serial == "0": return [new("414", key)];   // extension 0 says that there is none
        }
        return form.Serial is null || IsPattern ? [new(form.Key, key)] : [new(form.Key, key), new(form.Serial, serial)];
    }

    /// <summary>The canonical Digital Link; null where GS1 has no element for it.</summary>
    public string? ToDigitalLink() => ToElements() is { IsEmpty: false } elements ? DigitalLink.Write(elements) : null;

    /// <summary>Reads urn:epc:id:…, urn:epc:idpat:… and urn:epc:class:….</summary>
    public static bool TryParse([NotNullWhen(true)] string? uri, [NotNullWhen(true)] out PureIdentity? identity, [NotNullWhen(false)] out string? error)
    {
        identity = null;
        error = null;
        var start = uri is null ? null : new[] { IdPrefix, PatternPrefix, ClassPrefix }.FirstOrDefault(prefix => uri.StartsWith(prefix, StringComparison.Ordinal));
        if (start is null) error = $"'{uri}' begins with none of {IdPrefix}, {PatternPrefix} and {ClassPrefix}";
        else
        {
            var body = uri![start.Length..];
            var colon = body.IndexOf(':');
            if (colon < 0) error = $"{uri}: no scheme and fields, separated by a colon";
            else if (!TryRead(body[..colon], body[(colon + 1)..], out identity, out error)) error = $"{uri}: {error}";
            else if (start == PatternPrefix && identity.Fields[^1] != Any) error = $"{uri}: a pattern ends in {Any}";
            else if (start == ClassPrefix != (identity.Scheme == "lgtin")) error = $"{uri}: lots are of {ClassPrefix}, and nothing else is";
            else if (start == PatternPrefix) identity = identity with { IsPattern = true };
        }
        if (error is not null) identity = null;
        return identity is not null;
    }

    /// <summary>Reads the fields of a scheme, escaped and separated by dots.</summary>
    internal static bool TryRead(string scheme, string text, [NotNullWhen(true)] out PureIdentity? identity, [NotNullWhen(false)] out string? error)
    {
        identity = null;
        if (Array.Find(Forms, form => form.Name == scheme) is not { } form) { error = $"'{scheme}' is no scheme of the Tag Data Standard"; return false; }
        // The last field may have dots of its own.
        var fields = text.Split('.', form.Count);
        for (var i = 0; i < fields.Length; i++)
        {
            if (!TryUnescape(fields[i], out fields[i]!)) { error = $"'{fields[i]}' has a character or an escape no EPC URI may have"; return false; }
        }
        error = fields.Length != form.Count ? $"{scheme} has {form.Count} fields, separated by dots" : FieldFault(form, fields);
        if (error is null) identity = new(scheme, [.. fields]);
        return error is null;
    }

    static string? FieldFault(Form form, string[] fields)
    {
        if (form.Key.Length == 0) return fields.Where((_, at) => form.Name != "adi" || at != 1).Any(field => field.Length == 0) ? "a field is empty" : null;
        if (!CompanyPrefix.TryParse(fields[0], out var prefix)) return $"company prefix '{fields[0]}' is not {CompanyPrefix.LengthMin} to {CompanyPrefix.LengthMax} digits";
        if (form.Digits > 0)
        {
            var digits = form.Digits - prefix.Length;
            if (fields[1].Length != digits || fields[1].AsSpan().ContainsAnyExceptInRange('0', '9')) return $"reference '{fields[1]}' must have {digits} digits after a prefix of {prefix.Length}";
        }
        else if (fields[1].Length == 0) return "the reference is empty";
        if (form.Name == "giai" && fields[0].Length + fields[1].Length > GiaiMax) return $"prefix and reference together have more than {GiaiMax} characters";
        if (form.Name == "cpi" && fields[2] != Any && (fields[2].Length > CpiSerialMax || fields[2].AsSpan().ContainsAnyExceptInRange('0', '9'))) return $"serial '{fields[2]}' is not 1 to {CpiSerialMax} digits";
        if (form.Name == "itip" && (!IsTwoDigits(fields[2]) || !IsTwoDigits(fields[3]))) return "piece and total must have two digits";
        return fields[^1].Length == 0 && form.Count > 2 ? "the serial is empty" : null;
    }

    static bool IsTwoDigits(string text) => text.Length == 2 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[1]);

    /// <summary>The identity of what elements name, told how long the company prefix is: no barcode says it.</summary>
    public static bool TryFrom(IReadOnlyCollection<Gs1Element> elements, int companyPrefixLength, [NotNullWhen(true)] out PureIdentity? identity, [NotNullWhen(false)] out string? error)
    {
        identity = null;
        error = null;
        if (companyPrefixLength is < CompanyPrefix.LengthMin or > CompanyPrefix.LengthMax)
        {
            error = $"a company prefix has {CompanyPrefix.LengthMin} to {CompanyPrefix.LengthMax} digits, not {companyPrefixLength}";
            return false;
        }
        foreach (var form in Forms)
        {
            if (form.Key.Length == 0 || Find(elements, form.Key) is not { } value) continue;
            var serial = form.Serial is null ? null : Find(elements, form.Serial);
            if (form.Serial is not null && serial is null)
            {
                if (form.Name != "sgln") continue;   // a serial under another identifier, or a product alone
                serial = "0";
            }
            if (ElementValue.Fault(ApplicationIdentifier.Find(form.Key)!, value, DateOnly.MinValue.Year) is { } fault) { error = fault; return false; }
            if (form.Name == "grai") value = value[1..];
            var length = form.Digits == 0 ? value.Length : form.Digits + 1;
            if (value.Length <= companyPrefixLength) { error = $"({form.Key}) '{value}' is no longer than a company prefix of {companyPrefixLength} digits"; return false; }
            var front = form.HasDigitInFront ? value[..1] : "";
            var rest = value[front.Length..];
            string[] fields = [rest[..companyPrefixLength], front + rest[companyPrefixLength..(form.Digits == 0 ? rest.Length : form.Digits - front.Length)]];
            if (form.Name == "itip") fields = [.. fields, value[14..16], value[16..18]];
            if (form.Name is "grai" or "gdti" or "sgcn") serial = value[length..];
            if (form.Count > 2) fields = [.. fields, serial ?? ""];
            error = FieldFault(form, fields);
            if (error is null) identity = new(form.Name, [.. fields]);
            return error is null;
        }
        error = "no element here names a thing that has an EPC";
        return false;
    }

    static string? Find(IReadOnlyCollection<Gs1Element> elements, string ai)
    {
        foreach (var element in elements)
        {
            if (element.Ai == ai) return element.Value;
        }
        return null;
    }

    static string WithCheckDigit(string digits) => digits + DigitText.Of((ulong)CheckDigit.Of(digits));

    // TDS 1.13 §6.3: what stands as it is in a URI; the rest of character set 82, and '#', is escaped.
    const string Plain = "!'()*+,-.:;=_";
    const string Escaped = "\"%&/<>?#";

    static string Escape(string field)
    {
        var text = new StringBuilder();
        foreach (var c in field)
        {
            if (Escaped.Contains(c)) text.Append('%').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            else text.Append(c);
        }
        return text.ToString();
    }

    static bool TryUnescape(string field, out string text)
    {
        text = field;
        var plain = new StringBuilder();
        for (var i = 0; i < field.Length; i++)
        {
            var c = field[i];
            if (c == '%')
            {
                if (i + 2 >= field.Length || !byte.TryParse(field.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !Escaped.Contains((char)code)) return false;
                plain.Append((char)code);
                i += 2;
            }
            else if (char.IsAsciiLetterOrDigit(c) || Plain.Contains(c)) plain.Append(c);
            else return false;
        }
        text = plain.ToString();
        return true;
    }
}
