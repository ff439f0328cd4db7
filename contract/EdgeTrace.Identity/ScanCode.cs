using System.Collections.Immutable;

namespace EdgeTrace.Identity;

/// <summary>What kind of code a scan turned out to be.</summary>
public enum ScanKind
{
    /// <summary>Nothing this version can read; kept as it came.</summary>
    Unknown,

    /// <summary>GS1 elements, raw or in brackets.</summary>
    Gs1,

    /// <summary>A plain GTIN: EAN-13, EAN-8, UPC-A or ITF-14.</summary>
    Gtin,

    /// <summary>GS1 elements as a web address.</summary>
    DigitalLink,

    /// <summary>A HIBC label, or one symbol of it.</summary>
    Hibc,

    /// <summary>A label of blood, tissue or cells.</summary>
    Isbt128,
}

/// <summary>One barcode as read and as understood. Whatever is wrong with it, the raw text is kept and nothing readable is dropped.</summary>
public sealed record ScanCode
{
    /// <summary>More than the longest barcode holds (QR Code 40-L: 7,089 digits).</summary>
    public const int RawMax = 7089 + Symbology.IdLength;

    // Characters outside GS1's set 82 in which scanners and copy-paste disguise the separator; where seen: facts of many issue trackers and FHIR's own examples.
    static readonly string[] DisguisedSeparators = ["␝", "↔", "{GS}", @"\x1D"];

    ScanCode(string raw) => Raw = raw;

    /// <summary>Exactly what the scanner sent, identifier and separators included.</summary>
    public string Raw { get; }

    public ScanKind Kind { get; private init; }

    /// <summary>The AIM symbology identifier, "]d2", or null when none was sent.</summary>
    public string? SymbologyId { get; private init; }

    /// <summary>The kind was judged by the look of the text, not told by the scanner.</summary>
    public bool IsInferred { get; private init; }

    public ImmutableArray<Gs1Element> Elements { get; private init; } = [];

    /// <summary>Text behind the readable elements that names nothing known; null when all was read.</summary>
    public string? Rest { get; private init; }

    public ImmutableArray<string> Warnings { get; private init; } = [];

    /// <summary>Whether the scanner lost a separator here: what its loss rate counts.</summary>
    public SeparatorLoss Separators { get; private init; }

    /// <summary>Why the code is not to be trusted as it is; null for a good one.</summary>
    public string? Error { get; private init; }

    /// <summary>The product's number, from (01) or a plain GTIN, if its check digit is right.</summary>
    public Gtin? Gtin => this["01"] is { Length: Identity.Gtin.Digits } digits && Identity.Gtin.TryParse(digits, out var gtin) ? gtin : null;

    public string? Lot => this["10"] ?? this[FieldName.Lot];

    /// <summary>The serial, whoever numbers it; on an ISBT 128 label of a device the division of the donation.</summary>
    public string? Serial => this["21"] ?? this[FieldName.Serial] ?? this[FieldName.Divisions];

    /// <summary>Use by. A label without a day means the last day of the month.</summary>
    public DateOnly? Expiry => DateOf("17") ?? DateOf("7003") ?? FieldName.Day(this[FieldName.Expiry]);

    /// <summary>Made on.</summary>
    public DateOnly? Produced => DateOf("11") ?? FieldName.Day(this[FieldName.Produced]);

    int CurrentYear { get; init; }

    /// <summary>The value of an application identifier, null when the code has none.</summary>
    public string? this[string ai]
    {
        get
        {
            foreach (var element in Elements)
            {
                if (element.Ai == ai) return element.Value;
            }
            return null;
        }
    }

    DateOnly? DateOf(string ai) => this[ai] is { } digits && Gs1Date.TryRead(digits.AsSpan(0, Math.Min(6, digits.Length)), CurrentYear, out var date) ? date : null;

    /// <summary>Reads a scan. Never throws on what it is given.</summary>
    /// <param name="currentYear">Settles the century of two-digit years.</param>
    /// <param name="repair">Puts separators back that the scanner lost, where only one reading is possible; without it a scan is judged as GS1's own reader does.</param>
    public static ScanCode Parse(string raw, int currentYear, bool repair = true)
    {
        ArgumentNullException.ThrowIfNull(raw);
        if (raw.Length > RawMax) return new(raw) { Error = $"{raw.Length} characters are more than any barcode holds" };

        var id = Symbology.IdOf(raw);
        var text = (id is null ? raw : raw[Symbology.IdLength..]).TrimEnd('\r', '\n');
        var reading = new ElementReading(currentYear);
        foreach (var disguise in DisguisedSeparators)
        {
            if (!text.Contains(disguise, StringComparison.Ordinal)) continue;
            text = text.Replace(disguise, ElementString.Separator.ToString(), StringComparison.Ordinal);
            reading.Warnings.Add($"the separator came as '{disguise}': set this scanner to send GS (1D)");
        }

        var kind = Read(text, id, reading, currentYear, repair, out var inferred);
        return new(raw)
        {
            Kind = kind,
            SymbologyId = id,
            IsInferred = inferred,
            Elements = [.. reading.Elements],
            Rest = kind == ScanKind.Unknown && text.Length > 0 ? text : reading.Rest,
            Warnings = [.. reading.Warnings],
            Separators = reading.Separators,
            Error = reading.Error,
            CurrentYear = currentYear,
        };
    }

    static ScanKind Read(string text, string? id, ElementReading reading, int currentYear, bool repair, out bool inferred)
    {
        inferred = false;
        switch (id is null ? Symbology.Content.Plain : Symbology.ContentOf(id))
        {
            case Symbology.Content.Gs1:
                ReadElements(text, reading, repair);
                return ScanKind.Gs1;
            case Symbology.Content.Gtin13:
                ReadGtin(text, text.Length == 12 ? 12 : 13, reading);   // some scanners strip a UPC-A's leading zero
                return ScanKind.Gtin;
            case Symbology.Content.Gtin8:
                ReadGtin(text, 8, reading);
                return ScanKind.Gtin;
            case Symbology.Content.Gtin14:
                ReadGtin(text, 14, reading);
                return ScanKind.Gtin;
        }

        if (DigitalLink.LooksLikeOne(text))
        {
            DigitalLink.Read(text, reading);
            return ScanKind.DigitalLink;
        }
        inferred = true;
        return ReadByShape(text, id, reading, currentYear, repair);
    }

    static void ReadElements(string text, ElementReading reading, bool repair)
    {
        if (repair) reading.ReadRawOrRepaired(text);
        else reading.ReadRaw(text);
    }

    /// <summary>The scanner did not say that this is GS1; the text may still prove it.</summary>
    static ScanKind ReadByShape(string text, string? id, ElementReading reading, int currentYear, bool repair)
    {
        switch (text)
        {
            case ['+', _, ..]:
                new HibcReading(reading, currentYear).Read(text);
                return ScanKind.Hibc;
            case ['=' or '&', _, ..]:
                new IsbtReading(reading).Read(text);
                return ScanKind.Isbt128;
            case ['(', >= '0' and <= '9', ..]:
                reading.ReadBracketed(text);
                return ScanKind.Gs1;
            case [ElementString.Separator, ..]:   // FNC1 in first position, sent as a character
                ReadElements(text[1..], reading, repair);
                return ScanKind.Gs1;
        }

        if (Identity.Gtin.TryParse(text, out var gtin))
        {
            reading.Add(ApplicationIdentifier.Find("01")!, gtin.ToString());
            return ScanKind.Gtin;
        }

        var trial = reading.Trial();
        trial.ReadRaw(text);
        if (trial.HasEvidence && (trial.Error is null || text.Contains(ElementString.Separator)) || BeginsWithKey(text))
        {
            ReadElements(text, reading, repair);
            if (id is not null) reading.Warnings.Add($"{Symbology.Name(id)} ({id}) without GS1's mark holds GS1 elements");
            return ScanKind.Gs1;
        }

        reading.Fail(text.Length == 0 ? "the code is empty"
            : id is null ? "neither a symbology identifier nor the text says what this is"
            : $"{Symbology.Name(id)} ({id}) that is not of a kind this version reads");
        return ScanKind.Unknown;
    }

    /// <summary>"01" and fourteen digits, or "00" and eighteen: too much for chance, so a wrong check digit is worth telling.</summary>
    static bool BeginsWithKey(ReadOnlySpan<char> text) =>
        (text.StartsWith("01") && text.Length >= 16 && !text[..16].ContainsAnyExceptInRange('0', '9'))
        || (text.StartsWith("00") && text.Length == 20 && !text.ContainsAnyExceptInRange('0', '9'));

    static void ReadGtin(string text, int length, ElementReading reading)
    {
        if (Identity.Gtin.TryParse(text, out var gtin) && text.Length == length)
        {
            reading.Add(ApplicationIdentifier.Find("01")!, gtin.ToString());
            return;
        }
        reading.Fail(text.Length != length ? $"'{text}' has {text.Length} characters, {length} are needed"
            : text.AsSpan().ContainsAnyExceptInRange('0', '9') ? $"'{text}' has more than digits"
            : $"'{text}': check digit {text[^1]} should be {CheckDigit.Of(text.AsSpan(0, length - 1))}");
        reading.Keep(text);
    }
}
