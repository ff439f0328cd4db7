using System.Globalization;

namespace EdgeTrace.Identity;

/// <summary>Writes a number with exactly so many digits; zero digits of a zero are the empty text the standards write there.</summary>
static class DigitText
{
    public static string Of(ulong value, int digits) =>
        digits == 0 ? "" : value.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');

    public static string Of(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}

static class PowerOfTen
{
    static readonly ulong[] Powers = [.. Enumerable.Range(0, 20).Select(n => Enumerable.Repeat(10UL, n).Aggregate(1UL, (product, ten) => product * ten))];

    public static ulong Of(int exponent) => Powers[exponent];
}
