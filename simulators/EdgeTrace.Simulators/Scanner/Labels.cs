using System.Globalization;

namespace EdgeTrace.Simulators.Scanner;

/// <summary>What a scanner says of a label: the AIM identifier of the symbology, then its data.</summary>
static class Labels
{
    /// <summary>GS1's FNC1 where a variable-length element ends.</summary>
    const char Separator = '\x1D';

    /// <summary>GS1 DataMatrix <c>]d2</c>: 01 GTIN, 17 expiry, 10 lot, 21 serial.</summary>
    public static string DataMatrix(string gtin14, DateOnly expiry, string lot, string serial) =>
        string.Create(CultureInfo.InvariantCulture, $"]d201{gtin14}17{expiry:yyMMdd}10{lot}{Separator}21{serial}");

    /// <summary>GS1-128 <c>]C1</c> with an SSCC, as on a delivery's cage.</summary>
    public static string Sscc(string sscc18) => $"]C100{sscc18}";

    /// <summary>EAN-13 <c>]E0</c>.</summary>
    public static string Ean13(string gtin13) => $"]E0{gtin13}";

    /// <summary>What smudged labels and wedged cables produce: no AIM id, wrong check digits, cut short, control letters.</summary>
    public static string Rubbish(Random random) => random.Next(5) switch
    {
        0 => "]d2010503112345678",
        1 => "]d20105031123456780179913991" + "0",
        2 => "\x02\x7F#%!",
        3 => "HELLO WARD 7",
        _ => "]E05031123456780",
    };
}
