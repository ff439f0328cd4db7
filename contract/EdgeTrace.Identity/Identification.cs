using System.Collections.Immutable;

namespace EdgeTrace.Identity;

/// <summary>What a code turned out to be.</summary>
public enum CodeKind
{
    /// <summary>Nothing this version can read; kept as it came.</summary>
    Unknown,

    /// <summary>The bits of a tag, in hexadecimal.</summary>
    Epc,

    /// <summary>urn:epc:….</summary>
    EpcUri,

    /// <summary>GS1 elements as a web address.</summary>
    DigitalLink,

    /// <summary>GS1 elements, raw or in brackets.</summary>
    Gs1,

    /// <summary>A plain GTIN.</summary>
    Gtin,

    Hibc,
    Isbt128,

    /// <summary>Ten digits that are a valid NHS number.</summary>
    NhsNumber,
}

/// <summary>What any code at all says, whoever typed, scanned or read it: one answer for a tag's bits, a URI, a Digital Link and a scan. Nothing is dropped: what cannot be read is kept in <see cref="Input"/> and explained in <see cref="Error"/>.</summary>
public sealed partial record Identification
{
    Identification(string input) => Input = input;

    /// <summary>The code as it came.</summary>
    public string Input { get; }

    public CodeKind Kind { get; private init; }

    /// <summary>What the header says, for a tag or a tag's URI; null otherwise.</summary>
    public EpcScheme? Scheme { get; private init; }

    /// <summary>All it says, element by element: application identifiers, or the names of <see cref="FieldName"/> for labels that have none.</summary>
    public ImmutableArray<Gs1Element> Elements { get; private init; } = [];

    public string? TagUri { get; private init; }

    /// <summary>Null where no pure identity exists, or where nobody says how long the company prefix is, as on every barcode.</summary>
    public string? PureUri { get; private init; }

    /// <summary>The canonical Digital Link.</summary>
    public string? DigitalLink { get; private init; }

    public ProductKey? Product { get; private init; }

    public LotKey? LotKey { get; private init; }

    /// <summary>The key of the one thing it names; null when it names a product, a lot or nothing.</summary>
    public ItemKey? ItemKey { get; private init; }

    public string? Lot { get; private init; }

    public string? Serial { get; private init; }

    /// <summary>Use by; the last day of the month where no day is named.</summary>
    public DateOnly? Expiry { get; private init; }

    public DateOnly? Produced { get; private init; }

    /// <summary>The patient's number, bare or inside a GSRN under the configured prefix.</summary>
    public NhsNumber? Patient { get; private init; }

    /// <summary>Whether the scanner lost a separator here: what a scanner's loss rate counts.</summary>
    public SeparatorLoss Separators { get; private init; }

    public ImmutableArray<string> Warnings { get; private init; } = [];

    /// <summary>Why it is not to be trusted as it is; null for a good one.</summary>
    public string? Error { get; private init; }

    /// <summary>It names a tray, a pump or a tote: one thing that is no product.</summary>
    internal bool IsThing => ItemKey is not null && Product is null && this[FieldName.Component] is null;

    /// <summary>The value of an element, null when there is none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var element in Elements)
            {
                if (element.Ai == name) return element.Value;
            }
            return null;
        }
    }

    /// <summary>Says what a code is.</summary>
    /// <param name="currentYear">Settles the century of two-digit years.</param>
    /// <param name="patients">The company prefix NHS Digital numbers patients under, where one is configured: only behind it is a GSRN an NHS number.</param>
    public static Identification Of(string code, int currentYear, CompanyPrefix? patients = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        var text = code.Trim(' ', '\t', '\r', '\n');
        if (text.StartsWith("urn:", StringComparison.OrdinalIgnoreCase)) return OfUri(code, text, currentYear);
        if (LooksLikeEpc(text)) return OfHex(code, text, currentYear);
        if (Identity.NhsNumber.TryParse(text, out var patient)) return new(code) { Kind = CodeKind.NhsNumber, Elements = [new(FieldName.NhsNumber, patient.ToString())], Patient = patient };
        return Of(ScanCode.Parse(code, currentYear), patients);
    }

    /// <summary>The same answer for a scan already read.</summary>
    public static Identification Of(ScanCode scan, CompanyPrefix? patients = null)
    {
        var isLink = scan.Error is null && Identity.DigitalLink.HasKey(scan.Elements);
        return new(scan.Raw)
        {
            Kind = scan.Kind switch
            {
                ScanKind.Gs1 => CodeKind.Gs1,
                ScanKind.Gtin => CodeKind.Gtin,
                ScanKind.DigitalLink => CodeKind.DigitalLink,
                ScanKind.Hibc => CodeKind.Hibc,
                ScanKind.Isbt128 => CodeKind.Isbt128,
                _ => CodeKind.Unknown,
            },
            Elements = scan.Elements,
            DigitalLink = isLink ? Identity.DigitalLink.Write(scan.Elements) : null,
            Product = ProductKey.TryFrom(scan, out var product) ? product : null,
            LotKey = Identity.LotKey.TryFrom(scan, out var lot) ? lot : null,
            ItemKey = Identity.ItemKey.TryFrom(scan, out var item, out _) ? item : null,
            Lot = scan.Lot,
            Serial = scan.Serial,
            Expiry = scan.Expiry,
            Produced = scan.Produced,
            Patient = patients is { } prefix && scan["8018"] is { } gsrn && Identity.NhsNumber.TryFromGsrn(gsrn, prefix, out var patient) ? patient : null,
            Separators = scan.Separators,
            Warnings = scan.Warnings,
            Error = scan.Error,
        };
    }
}
