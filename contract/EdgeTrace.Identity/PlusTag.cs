using System.Diagnostics.CodeAnalysis;

namespace EdgeTrace.Identity;

/// <summary>Tags of TDS 2.x, which hold elements as they are: no partition, so no company prefix need be known; and behind the key whatever else a barcode could say.</summary>
/// <remarks>
/// <code>
/// | header 8 | data 1 | filter 3 | [DSGTIN: date type 4, date 16] | key's values | [++: host] | [data: AI, value, AI, value, …] |
/// </code>
/// The data bit says that elements follow: lot (10) and use-by date (17) are read at the door with no look-up. They end at zeros too few for an SSCC, whose identifier they look like.
/// </remarks>
static class PlusTag
{
    const int DateTypeBits = 4;
    const int SsccBits = 72;

    // DSGTIN+'s date types in their order: produced, packed, best before, sell by, use by, first frozen, harvested.
    static readonly string[] DateTypes = ["11", "13", "15", "16", "17", "7006", "7007"];

    /// <summary>The identifiers of a scheme's key, in order; null for a scheme of TDS 1.x.</summary>
    public static string[]? KeyOf(EpcScheme scheme) => scheme switch
    {
        EpcScheme.SgtinPlus or EpcScheme.SgtinPlusPlus or EpcScheme.DsgtinPlus or EpcScheme.DsgtinPlusPlus => ["01", "21"],
        EpcScheme.SsccPlus or EpcScheme.SsccPlusPlus => ["00"],
        EpcScheme.SglnPlus or EpcScheme.SglnPlusPlus => ["414", "254"],
        EpcScheme.GraiPlus or EpcScheme.GraiPlusPlus => ["8003"],
        EpcScheme.GiaiPlus or EpcScheme.GiaiPlusPlus => ["8004"],
        EpcScheme.GsrnPlus or EpcScheme.GsrnPlusPlus => ["8018"],
        EpcScheme.GsrnpPlus or EpcScheme.GsrnpPlusPlus => ["8017"],
        EpcScheme.GdtiPlus or EpcScheme.GdtiPlusPlus => ["253"],
        EpcScheme.CpiPlus or EpcScheme.CpiPlusPlus => ["8010", "8011"],
        EpcScheme.SgcnPlus or EpcScheme.SgcnPlusPlus => ["255"],
        EpcScheme.ItipPlus or EpcScheme.ItipPlusPlus => ["8006", "21"],
        _ => null,
    };

    public static bool HasDate(EpcScheme scheme) => scheme is EpcScheme.DsgtinPlus or EpcScheme.DsgtinPlusPlus;

    public static bool HasHost(EpcScheme scheme) => scheme is >= EpcScheme.CpiPlusPlus and <= EpcScheme.SsccPlusPlus or EpcScheme.DsgtinPlusPlus or EpcScheme.SgtinPlusPlus;

    public static bool TryRead(EpcScheme scheme, ReadOnlySpan<byte> bytes, out int filter, out List<Gs1Element> key, out List<Gs1Element> data, out string? host, out List<string> faults, [NotNullWhen(false)] out string? error)
    {
        (key, data, host, faults) = ([], [], null, []);
        var cursor = new BitCursor(bytes);
        cursor.Take(8);
        var hasData = cursor.Take(1) == 1;
        filter = (int)cursor.Take(3);
        error = ReadBody(scheme, hasData, ref cursor, key, data, faults, ref host);
        if (error is null && cursor.IsShort) error = "the EPC ends inside a field";
        // A reader fills up to whole words; the tag's maker may have rounded up to a byte.
        if (error is null && !cursor.RestIsZero) error = $"{cursor.Left} bits are left over that say nothing";
        if (error is not null) error = $"{scheme.Name()}: {error}";
        return error is null;
    }

    static string? ReadBody(EpcScheme scheme, bool hasData, ref BitCursor cursor, List<Gs1Element> key, List<Gs1Element> data, List<string> faults, ref string? host)
    {
        if (HasDate(scheme))
        {
            var type = (int)cursor.Take(DateTypeBits);
            if (type >= DateTypes.Length) return $"date type {type} is reserved";
            if (PlusValue.Take("17", ref cursor) is not { } date) return "its date is none";
            Add(data, DateTypes[type], date, faults);
        }
        foreach (var ai in KeyOf(scheme)!)
        {
            if (PlusValue.Take(ai, ref cursor) is not { } value) return $"({ai}) is none, or the EPC ends inside it";
            if (value.Length == 0) return $"({ai}) has no value";
            Add(key, ai, value, faults);
        }
        if (HasHost(scheme))
        {
            if (!HostName.TryTake(ref cursor, out var name, out var error)) return error;
            host = name;
        }
        return hasData ? ReadData(ref cursor, data, faults) : null;
    }

    /// <summary>A tag's bits are guarded on their way, so a wrong check digit or date was written so: it is said, and names the same thing all the same.</summary>
    static void Add(List<Gs1Element> elements, string ai, string value, List<string> faults)
    {
        elements.Add(new(ai, value));
        if (Fault(ai, value) is { } fault) faults.Add($"{fault}: the tag was written so");
    }

    /// <summary>A tag has no century: what a date's digits mean is settled where the tag is read.</summary>
    static string? Fault(string ai, string value) => ElementValue.Fault(ApplicationIdentifier.Find(ai)!, value, LeapYear);

    // 29 February is a day in it, so that no date is refused for a century nobody has named.
    const int LeapYear = 2000;

    static string? ReadData(ref BitCursor cursor, List<Gs1Element> data, List<string> faults)
    {
        while (cursor.Left >= 8)
        {
            if (cursor.Peek(8) == 0 && cursor.Left - 8 < SsccBits) return null;
            var code = "";
            ApplicationIdentifier? ai = null;
            while (code.Length < 4 && ai is null)
            {
                var nibble = cursor.Take(4);
                if (nibble > 9) return $"behind the key stands '{code}{nibble:X}', which begins no application identifier";
                code += DigitText.Of(nibble);
                if (code.Length > 1) ai = ApplicationIdentifier.Find(code);
            }
            if (ai is null || !PlusValue.Has(code)) return $"behind the key stands ({code}), which no tag can carry";
            if (PlusValue.Take(code, ref cursor) is not { } value) return $"({code}) behind the key is none, or the EPC ends inside it";
            Add(data, code, value, faults);
        }
        return null;
    }

    /// <param name="judge">Refuses values that break a rule; a tag read with such a value is written as it was.</param>
    public static bool TryWrite(EpcScheme scheme, int filter, IReadOnlyCollection<Gs1Element> elements, string? host, bool judge, out Epc epc, [NotNullWhen(false)] out string? error)
    {
        epc = default;
        var rest = elements.ToList();
        error = filter is < 0 or > Gs1Tag.FilterMax ? $"filter {filter} is not 0 to {Gs1Tag.FilterMax}"
            : HasHost(scheme) != (host is not null) ? HasHost(scheme) ? "a host name is needed" : "there is no place for a host name"
            : null;
        var body = new List<(string Ai, string Value)>();
        Gs1Element? date = null;
        if (error is null && HasDate(scheme))
        {
            date = rest.Cast<Gs1Element?>().FirstOrDefault(element => DateTypes.Contains(element!.Value.Ai) && element.Value.Value.Length == 6);
            if (date is null) error = $"a date is needed: one of ({string.Join(") (", DateTypes)})";
            else rest.Remove(date.Value);
        }
        foreach (var ai in KeyOf(scheme)!)
        {
            var at = rest.FindIndex(element => element.Ai == ai);
            if (at < 0) { error ??= $"({ai}) is needed"; break; }
            body.Add((ai, rest[at].Value));
            rest.RemoveAt(at);
        }

        var writer = new BitWriter();
        writer.Put((byte)scheme, 8);
        writer.Put(rest.Count > 0 ? 1u : 0, 1);
        writer.Put((ulong)filter & 7, 3);
        if (date is { } dated)
        {
            writer.Put((ulong)Array.IndexOf(DateTypes, dated.Ai), DateTypeBits);
            error ??= Put("17", dated.Value, judge, writer);
        }
        foreach (var (ai, value) in body) error ??= Put(ai, value, judge, writer);
        if (host is not null && !HostName.TryPut(host, writer)) error ??= $"'{host}' is no host name a tag can hold";
        foreach (var element in rest)
        {
            foreach (var digit in element.Ai) writer.Put((ulong)(digit - '0') & 15, 4);
            error ??= Put(element.Ai, element.Value, judge, writer);
        }
        error ??= writer.TryFinish(out epc) ? null : $"longer than {Epc.BytesMax} bytes";
        if (error is not null) error = $"{scheme.Name()}: {error}";
        return error is null;
    }

    static string? Put(string ai, string value, bool judge, BitWriter writer) =>
        !PlusValue.Has(ai) ? $"({ai}) is an identifier no tag can carry"
        : judge && Fault(ai, value) is { } fault ? fault
        : PlusValue.TryPut(ai, value, writer) ? null : $"({ai}) '{value}' does not fit its place on a tag";
}
