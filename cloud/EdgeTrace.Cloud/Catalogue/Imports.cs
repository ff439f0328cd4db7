namespace EdgeTrace.Cloud.Catalogue;

/// <summary>What every import has in common.</summary>
static class Imports
{
    /// <summary>NHS Supply Chain's 600,000 products are about 60 MB as CSV.</summary>
    public const long BytesMax = 100L << 20;

    /// <summary>Whoever puts a file right begins with these.</summary>
    public const int ErrorsMax = 100;

    public const int ExamplesMax = 10;

    public static IReadOnlyList<string> First(IReadOnlyList<string> errors) => [.. errors.Take(ErrorsMax)];

    public static int Beyond(IReadOnlyList<string> errors) => Math.Max(0, errors.Count - ErrorsMax);

    /// <summary>A GTIN of 8, 12 or 13 digits as the catalogue keys it; anything else as it is.</summary>
    public static string ProductKey(string text) => text.Length is 8 or 12 or 13 && text.All(char.IsAsciiDigit) ? text.PadLeft(14, '0') : text;
}
