using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeTrace.Identity;

/// <summary>A name for any tag at all: its tag URI, or urn:epc:raw:96.x… where nothing better is known.</summary>
public static class EpcUris
{
    const string RawPrefix = "urn:epc:raw:";

    public static string ToUri(this Epc epc) => Gs1Tag.TryDecode(epc, out var tag) ? tag.ToTagUri() : epc.ToRawUri();

    /// <summary>Length in bits and the bits themselves (TDS 1.13 §12.2).</summary>
    public static string ToRawUri(this Epc epc) => $"{RawPrefix}{epc.Length * 8}.x{epc}";

    /// <summary>Reads a tag URI, a pure identity URI (with filter 0) or a raw URI back to the tag's bits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? uri, out Epc epc, [NotNullWhen(false)] out string? error)
    {
        epc = default;
        if (uri is null || !uri.StartsWith(RawPrefix, StringComparison.Ordinal))
        {
            if (!Gs1Tag.TryParse(uri, out var tag, out error)) return false;
            epc = tag.ToEpc();
            return true;
        }

        var body = uri.AsSpan(RawPrefix.Length);
        var dot = body.IndexOf(".x");
        error = dot > 0 && int.TryParse(body[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && Epc.TryParse(body[(dot + 2)..], out epc) && epc.Length * 8 == bits
            ? null
            : $"'{uri}' is not {RawPrefix}BITS.xHEX with as many bits as it says";
        if (error is not null) epc = default;
        return error is null;
    }
}
