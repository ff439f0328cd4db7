using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeTrace.Identity;

/// <summary>A product's number, always held and shown as 14 digits, its check digit verified. GTIN-8, -12 and -13 are the same number with zeros in front.</summary>
public readonly record struct Gtin : IComparable<Gtin>, ISpanFormattable, IParsable<Gtin>
{
    public const int Digits = 14;

    readonly ulong _value;

    Gtin(ulong value) => _value = value;

    /// <summary>All 14 digits, check digit included, as a number.</summary>
    public ulong Value => _value;

    /// <summary>Puts the check digit behind 13 digits.</summary>
    internal static Gtin FromFirst13(ulong digits) => new(digits * 10 + (ulong)CheckDigit.Of(digits));

    /// <summary>Reads 8, 12, 13 or 14 digits with a right check digit.</summary>
    public static bool TryParse(ReadOnlySpan<char> digits, out Gtin gtin)
    {
        gtin = default;
        if (digits.Length is not (8 or 12 or 13 or 14) || digits.ContainsAnyExceptInRange('0', '9') || !CheckDigit.IsRight(digits)) return false;
        gtin = new(ulong.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture));
        return true;
    }

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Gtin result)
    {
        result = default;
        return s is not null && TryParse(s.AsSpan(), out result);
    }

    public static Gtin Parse(ReadOnlySpan<char> digits) =>
        TryParse(digits, out var gtin) ? gtin : throw new FormatException($"'{digits}' is not a GTIN: 8, 12, 13 or 14 digits ending in their check digit.");

    static Gtin IParsable<Gtin>.Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());

    public int CompareTo(Gtin other) => _value.CompareTo(other._value);

    public override string ToString() => _value.ToString("D14", CultureInfo.InvariantCulture);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        _value.TryFormat(destination, out charsWritten, "D14", CultureInfo.InvariantCulture);

    public static bool operator <(Gtin left, Gtin right) => left._value < right._value;
    public static bool operator >(Gtin left, Gtin right) => left._value > right._value;
    public static bool operator <=(Gtin left, Gtin right) => left._value <= right._value;
    public static bool operator >=(Gtin left, Gtin right) => left._value >= right._value;
}
