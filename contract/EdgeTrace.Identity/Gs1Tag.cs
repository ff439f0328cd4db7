using System.Diagnostics.CodeAnalysis;

namespace EdgeTrace.Identity;

/// <summary>What a 96-bit GS1 tag says: SGTIN (an item), SSCC (a delivery unit), SGLN (a place), GRAI (a returnable asset), GIAI (an owned asset), GSRN and GSRNP (a patient, a member of staff) or GDTI (a document).</summary>
/// <remarks>Read from bits without allocation; every other spelling (URI, element string, Digital Link) is made from here and read back to here.</remarks>
public readonly partial record struct Gs1Tag
{
    public const int FilterMax = 7;

    Gs1Tag(EpcScheme scheme, int filter, CompanyPrefix prefix, ulong reference, ulong tail)
    {
        Scheme = scheme;
        _filter = (byte)filter;
        CompanyPrefix = prefix;
        Reference = reference;
        _tail = tail;
    }

    readonly byte _filter;
    readonly ulong _tail;   // what follows the reference: the serial, or SSCC-96's reserved bits

    public EpcScheme Scheme { get; }

    /// <summary>A hint for portals, no part of the identity: for an SGTIN 1 is a point-of-sale item, 2 a case, 6 a pallet, 7 a component (TDS §10).</summary>
    public int Filter => _filter;

    public CompanyPrefix CompanyPrefix { get; }

    /// <summary>The number its company gave it: item reference behind the indicator digit, serial reference behind the extension digit, location, asset type, individual asset, service reference or document type.</summary>
    public ulong Reference { get; }

    /// <summary>Serial of an SGTIN, GRAI or GDTI, extension of an SGLN (0 = the place itself); 0 for the others.</summary>
    public ulong Serial => Gs1TagLayout.Of(Scheme).HasSerial ? _tail : 0;

    /// <summary>SSCC-96 and GSRN(P)-96 end in 24 bits that must be zero. A tag that says otherwise is still read, and keeps them, so that it can be told from its twin.</summary>
    public bool HasReservedBits => Scheme is EpcScheme.Sscc96 or EpcScheme.Gsrn96 or EpcScheme.Gsrnp96 && _tail != 0;

    /// <summary>The product of an SGTIN, null for the others.</summary>
    public Gtin? Gtin => Scheme == EpcScheme.Sgtin96 ? Identity.Gtin.FromFirst13(GtinFirst13) : null;

    /// <summary>Reads the bits; never throws, whatever the tag.</summary>
    public static bool TryDecode(Epc epc, out Gs1Tag tag) => Decode(epc, out tag) == TagFault.None;

    public static bool TryDecode(Epc epc, out Gs1Tag tag, [NotNullWhen(false)] out string? error)
    {
        error = Decode(epc, out tag).Explain(epc);
        return error is null;
    }

    /// <summary>Reads the bits and says what is wrong without a sentence, for places that only count.</summary>
    public static TagFault Decode(Epc epc, out Gs1Tag tag)
    {
        tag = default;
        var scheme = EpcSchemes.Of(epc);
        if (!scheme.IsDecoded())
        {
            return scheme switch
            {
                EpcScheme.Unknown => TagFault.UnknownHeader,
                EpcScheme.Unprogrammed => TagFault.Unprogrammed,
                _ => TagFault.NotDecoded,
            };
        }
        if (epc.Length != 12) return TagFault.WrongLength;

        var partition = RawPartition(epc);
        if (partition > Gs1TagLayout.PartitionMax) return TagFault.ReservedPartition;
        var layout = Gs1TagLayout.Of(scheme);
        var prefixLength = CompanyPrefix.LengthMax - partition;
        if (!CompanyPrefix.TryCreate(RawPrefix(epc), prefixLength, out var prefix)) return TagFault.PrefixTooGreat;
        var reference = RawReference(epc);
        if (reference > layout.ReferenceMax(prefixLength)) return TagFault.ReferenceTooGreat;

        tag = new(scheme, (int)Bits(epc, 8, 3), prefix, reference, Bits(epc, Gs1TagLayout.BodyStart + layout.BodyBits, layout.SerialBits));
        return TagFault.None;
    }

    public Epc ToEpc()
    {
        var layout = Gs1TagLayout.Of(Scheme);
        var partition = CompanyPrefix.LengthMax - CompanyPrefix.Length;
        var bits = (UInt128)(byte)Scheme;
        bits = bits << 3 | _filter;
        bits = bits << 3 | (uint)partition;
        bits = bits << Gs1TagLayout.PrefixBits(partition) | CompanyPrefix.Value;
        bits = bits << layout.ReferenceBits(partition) | Reference;
        bits = bits << layout.SerialBits | _tail;
        return Epc.From96((ulong)(bits >> 32), (uint)bits);
    }

    internal static int RawPartition(Epc epc) => (int)Bits(epc, 11, 3);

    internal static ulong RawPrefix(Epc epc) => Bits(epc, Gs1TagLayout.BodyStart, Gs1TagLayout.PrefixBits(RawPartition(epc)));

    internal static ulong RawReference(Epc epc)
    {
        var partition = RawPartition(epc);
        return Bits(epc, Gs1TagLayout.BodyStart + Gs1TagLayout.PrefixBits(partition), Gs1TagLayout.Of(EpcSchemes.Of(epc)).ReferenceBits(partition));
    }

    static ulong Bits(Epc epc, int start, int count) =>
        count == 0 ? 0 : (ulong)(new UInt128(epc.High, epc.Low) << start >> (128 - count));

    ulong GtinFirst13
    {
        get
        {
            // The reference begins with the indicator digit, which stands in front of the prefix in a GTIN.
            var itemDigits = PowerOfTen.Of(12 - CompanyPrefix.Length);
            var (indicator, item) = Math.DivRem(Reference, itemDigits);
            return (indicator * PowerOfTen.Of(CompanyPrefix.Length) + CompanyPrefix.Value) * itemDigits + item;
        }
    }

    internal static string ReferenceName(EpcScheme scheme) => scheme switch
    {
        EpcScheme.Sgtin96 => "item reference",
        EpcScheme.Sscc96 => "serial reference",
        EpcScheme.Sgln96 => "location reference",
        EpcScheme.Grai96 => "asset type",
        EpcScheme.Gsrn96 or EpcScheme.Gsrnp96 => "service reference",
        EpcScheme.Gdti96 => "document type",
        _ => "individual asset reference",
    };
}
