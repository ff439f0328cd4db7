using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeTrace.Identity;

/// <summary>A GS1 Company Prefix: 6 to 12 digits whose leading zeros count. A tag says how long it is; a barcode does not.</summary>
public readonly record struct CompanyPrefix : IParsable<CompanyPrefix>
{
    public const int LengthMin = 6;
    public const int LengthMax = 12;

    CompanyPrefix(ulong value, int length)
    {
        Value = value;
        Length = length;
    }

    public ulong Value { get; }

    public int Length { get; }

    public static bool TryCreate(ulong value, int length, out CompanyPrefix prefix)
    {
        prefix = default;
        if (length is < LengthMin or > LengthMax || value >= PowerOfTen.Of(length)) return false;
        prefix = new(value, length);
        return true;
    }

    public static bool TryParse(ReadOnlySpan<char> digits, out CompanyPrefix prefix)
    {
        prefix = default;
        return digits.Length is >= LengthMin and <= LengthMax && !digits.ContainsAnyExceptInRange('0', '9')
            && TryCreate(ulong.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture), digits.Length, out prefix);
    }

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CompanyPrefix result)
    {
        result = default;
        return s is not null && TryParse(s.AsSpan(), out result);
    }

    public static CompanyPrefix Parse(ReadOnlySpan<char> digits) =>
        TryParse(digits, out var prefix) ? prefix : throw new FormatException($"'{digits}' is not a company prefix: {LengthMin} to {LengthMax} digits.");

    static CompanyPrefix IParsable<CompanyPrefix>.Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());

    public override string ToString() => DigitText.Of(Value, Length);
}
