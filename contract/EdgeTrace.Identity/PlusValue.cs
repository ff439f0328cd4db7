using System.Globalization;
using System.Numerics;
using System.Text;

namespace EdgeTrace.Identity;

/// <summary>Values of application identifiers as TDS 2.x writes them into tags: in "+" EPCs and in the data behind them (TDS 2.x §14.5, tables B, E, F and K).</summary>
/// <remarks>
/// <code>
/// n18    18 digits, four bits each                         v20/5  text of up to 20: 3 bits of encoding, 5 of length, the characters
/// b6/20  6 digits as a number of 20 bits                   u8/4   up to 8 digits: 4 bits of length, a number
/// g30/5  digits, four bits each, to an F; or to an E, behind which text follows as with v
/// d      date, 7 + 4 + 5 bits        t  date, hour and minute, 27 bits     r  a bit, then one date or two     p  two bits of precision, then date and time
/// c      two letters, 12 bits        o  a digit of one bit                 m  a bit: minus or nothing         s  position and how many, 4 + 4 bits
/// </code>
/// Pieces joined by + follow each other; text and digits of length 0 are a piece that is absent.
/// </remarks>
static class PlusValue
{
    /// <summary>A value's form, grouped; a test holds it against GS1's table F, row by row.</summary>
    public static readonly (string Form, string Codes)[] Table =
    [
        ("n18", "00 8006 8017 8018 8026"), ("n14", "01 02"), ("n13", "410-417"), ("n2", "7241"),
        ("n13+v17/5", "253"), ("n13+u12/4", "255"), ("n14+v16/5", "8003"),
        ("v20/5", "10 21 22 243 254 420 4318 7020-7022 710-716 7240 8002 8012"),
        ("v24/5", "8007"), ("v25/5", "7242 8013 8020"), ("v28/5", "235"), ("v30/5", "240 241 250 251 400 401 403 4308 4319 7002 7230-7239 90"),
        ("v2/2", "7010"), ("v3/2", "427 7008"), ("v4/3", "7040 7041"), ("v10/4", "7009 7255"), ("v12/4", "7005"),
        ("v35/6", "4300 4301 4310 4311 4320"), ("v40/6", "7253 7254 7259"), ("v50/6", "8009"),
        ("v70/7", "4302-4306 4312-4316 7257 8110 8112 8200"), ("v90/7", "7256 8030 91-99"),
        ("u4/3", "7004"), ("u6/3", "242"), ("u8/4", "30 37"), ("u10/4", "8019"), ("u12/4", "8011"), ("u15/4", "3900-3909 3920-3929 423 425"),
        ("b1/4", "7252"), ("b2/7", "20"), ("b3/10", "422 424 426"), ("b4/14", "3940-3943 8111"), ("b8/27", "7250"), ("b12/40", "7251"),
        ("b13/44", "7001"), ("b14/47", "8001"), ("b17/57", "402"), ("b20/67", "4309"),
        ("b6/20", "3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165 3200-3205 3210-3215 3220-3225 3230-3235 3240-3245 3250-3255 "
            + "3260-3265 3270-3275 3280-3285 3290-3295 3300-3305 3310-3315 3320-3325 3330-3335 3340-3345 3350-3355 3360-3365 3370-3375 3400-3405 3410-3415 "
            + "3420-3425 3430-3435 3440-3445 3450-3455 3460-3465 3470-3475 3480-3485 3490-3495 3500-3505 3510-3515 3520-3525 3530-3535 3540-3545 3550-3555 "
            + "3560-3565 3570-3575 3600-3605 3610-3615 3620-3625 3630-3635 3640-3645 3650-3655 3660-3665 3670-3675 3680-3685 3690-3695 3950-3953 8005"),
        ("b3/10+v9/4", "421"), ("b3/10+v27/5", "7030-7039"), ("b3/10+u15/4", "3910-3919 3930-3939"), ("b6/20+m", "4330-4333"),
        ("g30/5", "7023 8004 8010"), ("d", "11-13 15-17 4326 7006"), ("t", "4324 4325 7003"), ("r", "7007"), ("p", "7011 8008"),
        ("c", "4307 4317"), ("o", "4321-4323"), ("s", "7258"),
    ];

    /// <summary>The alphabet of URN Code 40 by value; 0 fills up a group.</summary>
    const string Code40 = "\0ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789";

    const string Base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    static readonly Dictionary<string, Piece[]> FormByAi = Table
        .SelectMany(row => row.Codes.Split(' ').SelectMany(Expand).Select(code => (code, row.Form)))
        .ToDictionary(pair => pair.code, pair => pair.Form.Split('+').Select(ReadPiece).ToArray());

    // Year, month, day, hour, minute, second: bits and the most they can mean.
    static readonly (int Bits, ulong Max)[] DateSecond = [(7, 99), (4, 12), (5, 31), (5, 23), (6, 59), (6, 59)];
    static readonly (int Bits, ulong Max)[] DateMinute = DateSecond[..5];
    static readonly (int Bits, ulong Max)[] DateHour = DateSecond[..4];
    static readonly (int Bits, ulong Max)[] Date = DateSecond[..3];
    static readonly (int Bits, ulong Max)[] TwoDates = [.. Date, .. Date];

    /// <summary>Kind is the letter of the drawing; Length the greatest or only number of characters; Bits of the number or of the length.</summary>
    readonly record struct Piece(char Kind, int Length, int Bits);

    static Piece ReadPiece(string form)
    {
        var numbers = form[1..].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
        return new(form[0], numbers.Length > 0 ? numbers[0] : 0, numbers.Length > 1 ? numbers[1] : 0);
    }

    static IEnumerable<string> Expand(string codes)
    {
        if (!codes.Contains('-')) return [codes];
        var ends = codes.Split('-').Select(end => int.Parse(end, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
        return Enumerable.Range(ends[0], ends[1] - ends[0] + 1).Select(code => DigitText.Of((ulong)code));
    }

    /// <summary>Whether tags can carry this identifier at all.</summary>
    public static bool Has(string ai) => FormByAi.ContainsKey(ai);

    internal static string FormOf(string ai) => string.Join('+', FormByAi[ai].Select(piece => piece.Bits > 0 ? $"{piece.Kind}{piece.Length}/{piece.Bits}" : piece.Length > 0 ? $"{piece.Kind}{piece.Length}" : $"{piece.Kind}"));

    /// <summary>Takes a value off the front; null when the bits are none, or end inside it.</summary>
    public static string? Take(string ai, ref BitCursor cursor)
    {
        var value = new StringBuilder();
        foreach (var piece in FormByAi[ai])
        {
            if (Take(piece, ref cursor) is not { } part) return null;
            value.Append(part);
        }
        return cursor.IsShort ? null : value.ToString();
    }

    static string? Take(Piece piece, ref BitCursor cursor) => piece.Kind switch
    {
        'n' => TakeNibbles(piece.Length, ref cursor),
        'b' => TakeNumber(piece.Length, piece.Bits, ref cursor),
        'u' => TakeCounted(piece, ref cursor),
        'v' => TakeText(piece, ref cursor),
        'g' => TakeDelimited(piece, ref cursor),
        'd' => TakeParts(Date, ref cursor),
        't' => TakeParts(DateMinute, ref cursor),
        'r' => TakeParts(cursor.Take(1) == 0 ? Date : TwoDates, ref cursor),
        'p' => TakeParts(cursor.Take(2) switch { 0 => DateHour, 1 => DateMinute, 2 => DateSecond, _ => Date }, ref cursor),
        'c' => $"{Base64[(int)cursor.Take(6)]}{Base64[(int)cursor.Take(6)]}",
        'o' => DigitText.Of(cursor.Take(1)),
        'm' => cursor.Take(1) == 0 ? "" : "-",
        's' => TakeNibbles(2, ref cursor) is [var position, var count] ? $"{position}/{count}" : null,
        _ => throw new ArgumentOutOfRangeException(nameof(piece), piece, null),
    };

    static string? TakeNibbles(int digits, ref BitCursor cursor)
    {
        var text = new StringBuilder();
        for (; digits > 0; digits--)
        {
            var nibble = cursor.Take(4);
            if (nibble > 9) return null;
            text.Append(nibble);
        }
        return text.ToString();
    }

    static string? TakeNumber(int digits, int bits, ref BitCursor cursor)
    {
        var text = cursor.TakeBig(bits).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
        return text.Length == digits ? text : null;
    }

    static string? TakeCounted(Piece piece, ref BitCursor cursor)
    {
        var length = (int)cursor.Take(piece.Bits);
        return length == 0 ? "" : length > piece.Length ? null : TakeNumber(length, BitsOfDigits(length), ref cursor);
    }

    /// <summary>Two digits for each part, which must not be greater than its most.</summary>
    static string? TakeParts(ReadOnlySpan<(int Bits, ulong Max)> parts, ref BitCursor cursor)
    {
        var text = new StringBuilder();
        foreach (var (bits, max) in parts)
        {
            var value = cursor.Take(bits);
            if (value > max) return null;
            text.Append(DigitText.Of(value, 2));
        }
        return text.ToString();
    }

    static string? TakeDelimited(Piece piece, ref BitCursor cursor)
    {
        var text = new StringBuilder();
        while (!cursor.IsShort && text.Length <= piece.Length)
        {
            switch (cursor.Take(4))
            {
                case <= 9 and var digit: text.Append(digit); break;
                case 0xF: return text.ToString();
                case 0xE: return TakeText(piece, ref cursor) is { } tail ? text.Append(tail).ToString() : null;
                default: return null;
            }
        }
        return null;
    }

    static string? TakeText(Piece piece, ref BitCursor cursor)
    {
        var encoding = cursor.Take(3);
        var length = (int)cursor.Take(piece.Bits);
        if (length > piece.Length) return null;
        if (length == 0) return "";
        if (encoding == 0) return TakeNumber(length, BitsOfDigits(length), ref cursor);
        var text = new StringBuilder();
        if (encoding == 5)
        {
            while (text.Length < length && !cursor.IsShort)
            {
                var group = (int)cursor.Take(16) - 1;
                foreach (var value in (ReadOnlySpan<int>)[group / 1600, group / 40 % 40, group % 40])
                {
                    if (group < 0 || value >= Code40.Length || text.Length < length == (value == 0)) return null;
                    if (text.Length < length) text.Append(Code40[value]);
                }
            }
            return text.ToString();
        }
        for (; length > 0; length--)
        {
            var c = encoding switch
            {
                1 => "0123456789ABCDEF"[(int)cursor.Take(4)],
                2 => "0123456789abcdef"[(int)cursor.Take(4)],
                3 => Base64[(int)cursor.Take(6)],
                4 => (char)cursor.Take(7),
                _ => '\0',
            };
            if (encoding == 4 && !IsAscii(c) || c == '\0') return null;
            text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>Puts a value; false when its form cannot hold it.</summary>
    public static bool TryPut(string ai, string value, BitWriter writer)
    {
        var forms = FormByAi[ai];
        for (var i = 0; i < forms.Length; i++)
        {
            var last = i == forms.Length - 1;
            var length = last ? value.Length : Math.Min(forms[i].Length, value.Length);
            if (!TryPutPiece(forms[i], value[..length], writer)) return false;
            value = value[length..];
        }
        return true;
    }

    static bool TryPutPiece(Piece piece, string value, BitWriter writer)
    {
        switch (piece.Kind)
        {
            case 'n': return value.Length == piece.Length && TryPutNibbles(value, writer);
            case 'b': return value.Length == piece.Length && TryPutNumber(value, piece.Bits, writer);
            case 'u':
                if (value.Length > piece.Length) return false;
                writer.Put((ulong)value.Length, piece.Bits);
                return value.Length == 0 || TryPutNumber(value, BitsOfDigits(value.Length), writer);
            case 'v': return TryPutText(piece, value, writer);
            case 'g':
                var digits = value.AsSpan().IndexOfAnyExceptInRange('0', '9');
                if (value.Length > piece.Length || !TryPutNibbles(digits < 0 ? value : value[..digits], writer)) return false;
                writer.Put(digits < 0 ? 0xFu : 0xEu, 4);
                return digits < 0 || TryPutText(piece, value[digits..], writer);
            case 'd': return value.Length == 6 && TryPutParts(value, Date, writer);
            case 't': return value.Length == 10 && TryPutParts(value, DateMinute, writer);
            case 'r':
                writer.Put(value.Length > 6 ? 1u : 0, 1);
                return value.Length == 6 ? TryPutParts(value, Date, writer) : value.Length == 12 && TryPutParts(value, TwoDates, writer);
            case 'p':
                if (value.Length is not (6 or 8 or 10 or 12)) return false;
                writer.Put(value.Length switch { 8 => 0u, 10 => 1u, 12 => 2u, _ => 3u }, 2);
                return TryPutParts(value, DateSecond.AsSpan(0, value.Length / 2), writer);
            case 'c':
                if (value.Length != 2 || !value.All(Base64.Contains)) return false;
                foreach (var c in value) writer.Put((ulong)Base64.IndexOf(c, StringComparison.Ordinal), 6);
                return true;
            case 'o':
                writer.Put(value is "1" ? 1u : 0, 1);
                return value is "0" or "1";
            case 'm':
                writer.Put(value is "-" ? 1u : 0, 1);
                return value is "" or "-";
            default:
                return value is [>= '0' and <= '9', '/', >= '0' and <= '9'] && TryPutNibbles($"{value[0]}{value[2]}", writer);
        }
    }

    static bool TryPutNibbles(string digits, BitWriter writer)
    {
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit)) return false;
            writer.Put((ulong)(digit - '0'), 4);
        }
        return true;
    }

    static bool TryPutNumber(string digits, int bits, BitWriter writer)
    {
        if (!BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        writer.PutBig(number, bits);
        return true;
    }

    static bool TryPutParts(string digits, ReadOnlySpan<(int Bits, ulong Max)> parts, BitWriter writer)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            if (!ulong.TryParse(digits.AsSpan(2 * i, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var part) || part > parts[i].Max) return false;
            writer.Put(part, parts[i].Bits);
        }
        return true;
    }

    /// <summary>Text in the encoding that takes fewest bits, the earlier of table E where two take as many.</summary>
    static bool TryPutText(Piece piece, string text, BitWriter writer)
    {
        if (text.Length > piece.Length) return false;
        var (encoding, least) = (-1, int.MaxValue);
        for (var e = 0; e <= 5; e++)
        {
            if (BitsOf(e, text) is { } bits && bits < least) (encoding, least) = (e, bits);
        }
        if (encoding < 0) return false;
        writer.Put((ulong)encoding, 3);
        writer.Put((ulong)text.Length, piece.Bits);
        if (text.Length == 0) return true;
        switch (encoding)
        {
            case 0: return TryPutNumber(text, least, writer);
            case 5:
                for (var i = 0; i < text.Length; i += 3)
                {
                    var group = 0;
                    for (var j = i; j < i + 3; j++) group = group * 40 + (j < text.Length ? Code40.IndexOf(text[j], StringComparison.Ordinal) : 0);
                    writer.Put((ulong)group + 1, 16);
                }
                return true;
            default:
                foreach (var c in text) writer.Put(encoding switch { 3 => (ulong)Base64.IndexOf(c, StringComparison.Ordinal), 4 => c, _ => Convert.ToUInt64(c.ToString(), 16) }, encoding switch { 3 => 6, 4 => 7, _ => 4 });
                return true;
        }
    }

    /// <summary>What a text takes in an encoding of table E; null when that cannot write it.</summary>
    static int? BitsOf(int encoding, string text) => encoding switch
    {
        0 when text.All(char.IsAsciiDigit) => BitsOfDigits(text.Length),
        1 when text.All(char.IsAsciiHexDigitUpper) => 4 * text.Length,
        2 when text.All(char.IsAsciiHexDigitLower) => 4 * text.Length,
        3 when text.All(Base64.Contains) => 6 * text.Length,
        4 when text.All(IsAscii) => 7 * text.Length,
        5 when text.All(c => c != '\0' && Code40.Contains(c)) => 16 * ((text.Length + 2) / 3),
        _ => null,
    };

    /// <summary>Character sets 82 and 39 together (table E): set 39 has '#', which component numbers use.</summary>
    static bool IsAscii(char c) => c == '#' || ElementValue.IsSet82(c);

    /// <summary>Bits for the greatest number of so many digits (table B).</summary>
    public static int BitsOfDigits(int digits) => DigitBits[digits];

    static readonly int[] DigitBits = [.. Enumerable.Range(0, ApplicationIdentifier.ValueMax + 1).Select(digits => (int)(BigInteger.Pow(10, digits) - 1).GetBitLength())];
}
