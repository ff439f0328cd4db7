using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeTrace.Identity;

/// <summary>A name for any tag at all: its tag URI, the Digital Link of a "+" tag's key, which has none, or urn:epc:raw:96.x… where nothing better is known.</summary>
public static class EpcUris
{
    const string RawPrefix = "urn:epc:raw:";

    public static string ToUri(this Epc epc) =>
        Gs1Tag.TryDecode(epc, out var tag) ? tag.ToTagUri()
        : TagContent.TryDecode(epc, out var content, out _) ? content.TagUri ?? DigitalLink.Write(content.Key)
        : epc.ToRawUri();

    /// <summary>The thing without its carrier: pure identity, Digital Link of a "+" tag's key, or the bits.</summary>
    public static string ToPureUri(this Epc epc) =>
        Gs1Tag.TryDecode(epc, out var tag) ? tag.ToPureUri()
        : TagContent.TryDecode(epc, out var content, out _) ? content.PureUri ?? DigitalLink.Write(content.Key)
        : epc.ToRawUri();

    /// <summary>Length in bits and the bits themselves (TDS 1.13 §12.2).</summary>
    public static string ToRawUri(this Epc epc) => $"{RawPrefix}{epc.Length * 8}.x{epc}";

    /// <summary>Reads a tag URI, a pure identity URI (with filter 0) or a raw URI back to the tag's bits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? uri, out Epc epc, [NotNullWhen(false)] out string? error)
    {
        epc = default;
        if (uri is null || !uri.StartsWith(RawPrefix, StringComparison.Ordinal))
        {
            if (!TagContent.TryParse(uri, out var content, out error)) return false;
            epc = content.ToEpc();
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
