namespace EdgeTrace.Identity;

/// <summary>How a scanner says what kind of barcode it saw: ']', a letter, a modifier, before the data (ISO/IEC 15424).</summary>
static class Symbology
{
    public const int IdLength = 3;

    /// <summary>What the data behind an identifier is.</summary>
    public enum Content { Plain, Gs1, Gtin13, Gtin8, Gtin14 }

    /// <summary>The identifier a scan begins with, null when the scanner was not told to send one.</summary>
    public static string? IdOf(string raw) =>
        raw.Length >= IdLength && raw[0] == ']' && char.IsAsciiLetter(raw[1]) && char.IsAsciiLetterOrDigit(raw[2]) ? raw[..IdLength] : null;

    public static Content ContentOf(string id) => id switch
    {
        "]C1" or "]d2" or "]Q3" or "]J1" or "]e0" or "]e1" or "]e2" => Content.Gs1,
        "]E0" => Content.Gtin13,
        "]E4" => Content.Gtin8,
        "]I1" => Content.Gtin14,   // ITF whose check digit the scanner verified: on cases this is ITF-14
        _ => Content.Plain,
    };

    public static string Name(string id) => id[1] switch
    {
        'A' => "Code 39",
        'C' => id == "]C1" ? "GS1-128" : "Code 128",
        'd' => id == "]d2" ? "GS1 DataMatrix" : "Data Matrix",
        'E' => id == "]E4" ? "EAN-8" : "EAN/UPC",
        'e' => "GS1 DataBar",
        'I' => "Interleaved 2 of 5",
        'J' => id == "]J1" ? "GS1 DotCode" : "DotCode",
        'Q' => id == "]Q3" ? "GS1 QR Code" : "QR Code",
        'z' => "Aztec",
        _ => $"symbology {id[1..]}",
    };
}
