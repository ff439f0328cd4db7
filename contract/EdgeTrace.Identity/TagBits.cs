using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace EdgeTrace.Identity;

/// <summary>Bits of TDS 1.x to the fields of a URI and back, by the drawings of <see cref="TagScheme"/>.</summary>
static class TagBits
{
    const int PartitionBits = 3;

    // Filled up to whole words of 16 bits by the reader; a byte more at most where somebody wrote down an odd number of digits.
    const int PaddingMax = 15;

    public static bool TryRead(TagScheme scheme, ReadOnlySpan<byte> bytes, out int filter, out List<string> fields, [NotNullWhen(false)] out string? error)
    {
        filter = 0;
        fields = [];
        var bits = bytes.Length * 8;
        if (scheme.Bits == 96 ? bits != 96 : bits < scheme.Bits || scheme.Bits > 0 && bits > scheme.Bits + PaddingMax)
        {
            error = $"{scheme.Scheme.Name()} has {scheme.Bits} bits; this EPC has {bits}";
            return false;
        }
        var cursor = new BitCursor(bytes);
        cursor.Take(8);
        foreach (var (part, width) in scheme.Parts)
        {
            error = part switch
            {
                TagPart.Filter => ReadFilter(ref cursor, width, out filter),
                TagPart.KeyDigits or TagPart.KeyNumber or TagPart.KeyText or TagPart.KeyText6 => ReadKey(scheme, part, width, ref cursor, fields),
                TagPart.Zero => Skip(ref cursor, width),
                _ => ReadField(part, width, ref cursor, fields),
            };
            if (error is null) continue;
            error = $"{scheme.Scheme.Name()}: {error}";
            return false;
        }
        error = cursor.IsShort ? $"{scheme.Scheme.Name()}: the EPC ends inside a field"
            : !cursor.RestIsZero || scheme.Bits == 0 && cursor.Left > PaddingMax ? $"{scheme.Scheme.Name()}: {cursor.Left} bits are left over"
            : null;
        return error is null;
    }

    /// <summary>Reserved bits: a tag whose are not zero is read all the same, and does not come back as it was.</summary>
    static string? Skip(ref BitCursor cursor, int width)
    {
        cursor.Take(width);
        return null;
    }

    static string? ReadFilter(ref BitCursor cursor, int width, out int filter)
    {
        filter = (int)cursor.Take(width);
        return null;
    }

    static string? ReadKey(TagScheme scheme, TagPart part, int width, ref BitCursor cursor, List<string> fields)
    {
        var partition = (int)cursor.Take(PartitionBits);
        if (partition >= TagScheme.PrefixBits.Length) return "partition 7 is reserved";
        var prefixLength = CompanyPrefix.LengthMax - partition;
        var prefixBits = TagScheme.PrefixBits[partition];
        var prefix = cursor.Take(prefixBits);
        if (prefix >= PowerOfTen.Of(prefixLength)) return $"company prefix {prefix} has more than the {prefixLength} digits its partition allows";
        fields.Add(DigitText.Of(prefix, prefixLength));
        if (part is TagPart.KeyText) return ReadText(width - prefixBits, ref cursor, fields);
        if (part is TagPart.KeyText6) return ReadText6(ref cursor, fields);
        var reference = cursor.Take(width - prefixBits);
        if (part == TagPart.KeyNumber)
        {
            fields.Add(DigitText.Of(reference));
            return reference > scheme.NumberMax(prefixLength, width - prefixBits) ? $"reference {reference} does not fit the digits its partition leaves for it" : null;
        }
        var digits = scheme.KeyDigits - prefixLength;
        fields.Add(DigitText.Of(reference, digits));
        return reference >= PowerOfTen.Of(digits) ? $"reference {reference} does not fit the digits its partition leaves for it" : null;
    }

    static string? ReadField(TagPart part, int width, ref BitCursor cursor, List<string> fields)
    {
        switch (part)
        {
            case TagPart.Number:
                fields.Add(DigitText.Of(cursor.Take(width)));
                return null;
            case TagPart.TwoDigits:
                var two = cursor.Take(width);
                fields.Add(DigitText.Of(two, 2));
                return two > 99 ? $"{two} where two digits belong" : null;
            case TagPart.Digits:
                var text = DigitText.Of(cursor.Take(width));
                if (text.Length < 2 || text[0] != '1') return $"serial {text} does not begin with the 1 that guards it";
                fields.Add(text[1..]);
                return null;
            case TagPart.Text:
                return ReadText(width, ref cursor, fields);
            case TagPart.Text6:
                return ReadText6(ref cursor, fields, mayBeEmpty: fields.Count == 1);
            default:
                return ReadCode(part == TagPart.Code8 ? 8 : 6, ref cursor, fields);
        }
    }

    static string? ReadText(int width, ref BitCursor cursor, List<string> fields)
    {
        var text = new StringBuilder();
        var ended = false;
        for (; width >= 7; width -= 7)
        {
            var c = (char)cursor.Take(7);
            if (c == 0) ended = true;
            else if (ended) return "characters stand behind the end of its text";
            else if (!ElementValue.IsSet82(c)) return $"character {(int)c:X2} is none of the standard's 82";
            else text.Append(c);
        }
        if (cursor.Take(width) != 0) return "bits stand behind the end of its text";
        fields.Add(text.ToString());
        return text.Length == 0 ? "its text is empty" : null;
    }

    static string? ReadText6(ref BitCursor cursor, List<string> fields, bool mayBeEmpty = false)
    {
        var text = new StringBuilder();
        while (!cursor.IsShort)
        {
            var bits = cursor.Take(6);
            if (bits == 0) break;
            var c = Char6(bits);
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c) && c is not ('#' or '-' or '/')) return $"{bits} is no 6-bit character";
            text.Append(c);
        }
        fields.Add(text.ToString());
        return text.Length == 0 && !mayBeEmpty ? "its text is empty" : null;
    }

    static char Char6(ulong bits) => (char)(bits < 32 ? bits + 64 : bits);

    static string? ReadCode(int width, ref BitCursor cursor, List<string> fields)
    {
        var code = "";
        for (var i = 0; i < 6; i++) code += width == 8 ? (char)cursor.Take(8) : Char6(cursor.Take(6));
        code = code.TrimStart(' ');
        if (code.Length < 5 || !code.All(char.IsAsciiLetterOrDigit)) return $"'{code}' is no CAGE code or DoDAAC of five or six characters";
        fields.Add(code);
        return null;
    }

    public static bool TryWrite(TagScheme scheme, int filter, IReadOnlyList<string> fields, out Epc epc, [NotNullWhen(false)] out string? error)
    {
        epc = default;
        var name = scheme.Scheme.Name();
        if (filter < 0 || filter > scheme.FilterMax) { error = $"{name}: filter {filter} is not 0 to {scheme.FilterMax}"; return false; }
        var writer = new BitWriter();
        writer.Put((byte)scheme.Scheme, 8);
        var at = 0;
        foreach (var (part, width) in scheme.Parts)
        {
            error = part switch
            {
                TagPart.Filter => Put(writer, (ulong)filter, width),
                TagPart.Zero => Put(writer, 0, width),
                TagPart.KeyDigits or TagPart.KeyNumber or TagPart.KeyText or TagPart.KeyText6 => WriteKey(scheme, part, width, fields[at++], fields[at++], writer),
                _ => WriteField(part, width, fields[at++], writer),
            };
            if (error is null) continue;
            error = $"{name}: {error}";
            return false;
        }
        error = writer.TryFinish(out epc) ? null : $"{name}: longer than {Epc.BytesMax} bytes";
        return error is null;
    }

    static string? Put(BitWriter writer, ulong value, int width)
    {
        writer.Put(value, width);
        return null;
    }

    static string? WriteKey(TagScheme scheme, TagPart part, int width, string prefixText, string reference, BitWriter writer)
    {
        if (!CompanyPrefix.TryParse(prefixText, out var prefix)) return $"company prefix '{prefixText}' is not {CompanyPrefix.LengthMin} to {CompanyPrefix.LengthMax} digits";
        var partition = CompanyPrefix.LengthMax - prefix.Length;
        var prefixBits = TagScheme.PrefixBits[partition];
        writer.Put((ulong)partition, PartitionBits);
        writer.Put(prefix.Value, prefixBits);
        switch (part)
        {
            case TagPart.KeyText: return WriteText(width - prefixBits, reference, writer);
            case TagPart.KeyText6: return WriteText6(reference, writer);
            case TagPart.KeyNumber:
                if (!IsPlain(reference, out var number) || number > scheme.NumberMax(prefix.Length, width - prefixBits)) return $"reference '{reference}' is not a plain number it can hold";
                return Put(writer, number, width - prefixBits);
            default:
                var digits = scheme.KeyDigits - prefix.Length;
                if (reference.Length != digits || reference.AsSpan().ContainsAnyExceptInRange('0', '9')) return $"reference '{reference}' must have {digits} digits after a prefix of {prefix.Length}";
                return Put(writer, digits == 0 ? 0 : ulong.Parse(reference, NumberStyles.None, CultureInfo.InvariantCulture), width - prefixBits);
        }
    }

    static string? WriteField(TagPart part, int width, string field, BitWriter writer)
    {
        switch (part)
        {
            case TagPart.Number:
                return IsPlain(field, out var number) && number <= ulong.MaxValue >> (64 - width) ? Put(writer, number, width)
                    : $"serial '{field}' is not a plain number (digits, no leading zero, at most {ulong.MaxValue >> (64 - width)})";
            case TagPart.TwoDigits:
                return field.Length == 2 && ulong.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var two) ? Put(writer, two, width) : $"'{field}' is not two digits";
            case TagPart.Digits:
                return field.Length > 0 && ulong.TryParse("1" + field, NumberStyles.None, CultureInfo.InvariantCulture, out var guarded) && guarded <= ulong.MaxValue >> (64 - width) ? Put(writer, guarded, width)
                    : $"serial '{field}' is not digits it can hold";
            case TagPart.Text: return WriteText(width, field, writer);
            case TagPart.Text6: return WriteText6(field, writer);
            default:
                if (field.Length is not (5 or 6) || !field.All(char.IsAsciiLetterOrDigit)) return $"'{field}' is no CAGE code or DoDAAC of five or six characters";
                foreach (var c in field.PadLeft(6)) writer.Put(part == TagPart.Code8 ? c : c & 63u, part == TagPart.Code8 ? 8 : 6);
                return null;
        }
    }

    static string? WriteText(int width, string text, BitWriter writer)
    {
        if (text.Length == 0 || text.Length > width / 7) return $"'{text}' is not 1 to {width / 7} characters";
        foreach (var c in text)
        {
            if (!ElementValue.IsSet82(c)) return $"'{c}' is none of the standard's 82 characters";
            writer.Put(c, 7);
        }
        writer.PutZeros(width - 7 * text.Length);
        return null;
    }

    static string? WriteText6(string text, BitWriter writer)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c) && c is not ('#' or '-' or '/')) return $"'{c}' is no 6-bit character";
            writer.Put(c & 63u, 6);
        }
        writer.Put(0, 6);
        return null;
    }

    /// <summary>An integer as tags hold it: no sign, no spaces, no leading zeros.</summary>
    static bool IsPlain(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && (text.Length == 1 || text[0] != '0');
}
