namespace EdgeTrace.Identity;

/// <summary>What the header byte says the rest of an EPC is (TDS 1.13 §14.2, TDS 2.3 §14.2). The numbers are the headers.</summary>
public enum EpcScheme : byte
{
    /// <summary>All zero: a blank tag from the factory.</summary>
    Unprogrammed = 0x00,

    Gdti96 = 0x2C,
    Gsrn96 = 0x2D,
    Gsrnp96 = 0x2E,
    UsDod96 = 0x2F,
    Sgtin96 = 0x30,
    Sscc96 = 0x31,
    Sgln96 = 0x32,
    Grai96 = 0x33,
    Giai96 = 0x34,
    Gid96 = 0x35,
    Sgtin198 = 0x36,
    Grai170 = 0x37,
    Giai202 = 0x38,
    Sgln195 = 0x39,
    Gdti113 = 0x3A,
    AdiVar = 0x3B,
    Cpi96 = 0x3C,
    CpiVar = 0x3D,
    Gdti174 = 0x3E,
    Sgcn96 = 0x3F,
    Itip110 = 0x40,
    Itip212 = 0x41,

    // TDS 2.3 "++": a "+" EPC and the host name of the Digital Link it came from.
    CpiPlusPlus = 0xE6,
    GsrnPlusPlus = 0xE7,
    GsrnpPlusPlus = 0xE8,
    SglnPlusPlus = 0xE9,
    GdtiPlusPlus = 0xEA,
    GraiPlusPlus = 0xEB,
    SgcnPlusPlus = 0xEC,
    ItipPlusPlus = 0xED,
    GiaiPlusPlus = 0xEE,
    SsccPlusPlus = 0xEF,

    // TDS 2.0 "+": no partition, so no company prefix length is needed to write one.
    CpiPlus = 0xF0,
    GraiPlus = 0xF1,
    SglnPlus = 0xF2,
    ItipPlus = 0xF3,
    GsrnPlus = 0xF4,
    GsrnpPlus = 0xF5,
    GdtiPlus = 0xF6,
    SgtinPlus = 0xF7,
    SgcnPlus = 0xF8,
    SsccPlus = 0xF9,
    GiaiPlus = 0xFA,
    DsgtinPlus = 0xFB,
    DsgtinPlusPlus = 0xFC,
    SgtinPlusPlus = 0xFD,

    /// <summary>No header of the standard: another system's numbering, or E2, which begins a TID and never an EPC.</summary>
    Unknown = 0xFF,
}

/// <summary>Names the schemes, so that a tag nobody decodes yet is at least called by its name.</summary>
public static class EpcSchemes
{
    public static EpcScheme Of(Epc epc) => epc.IsEmpty ? EpcScheme.Unknown : Of(epc.Header);

    public static EpcScheme Of(byte header) => NameOrNull((EpcScheme)header) is null ? EpcScheme.Unknown : (EpcScheme)header;

    /// <summary>The name the Tag Data Standard uses, "SGTIN-96".</summary>
    public static string Name(this EpcScheme scheme) => NameOrNull(scheme) ?? "unknown";

    /// <summary>Whether <see cref="Gs1Tag"/> reads it: the 96-bit schemes whose fields are plain numbers.</summary>
    public static bool IsDecoded(this EpcScheme scheme) => scheme is >= EpcScheme.Sgtin96 and <= EpcScheme.Giai96 or >= EpcScheme.Gdti96 and <= EpcScheme.Gsrnp96;

    static string? NameOrNull(EpcScheme scheme) => scheme switch
    {
        EpcScheme.Unprogrammed => "unprogrammed",
        EpcScheme.Gdti96 => "GDTI-96",
        EpcScheme.Gsrn96 => "GSRN-96",
        EpcScheme.Gsrnp96 => "GSRNP-96",
        EpcScheme.UsDod96 => "USDOD-96",
        EpcScheme.Sgtin96 => "SGTIN-96",
        EpcScheme.Sscc96 => "SSCC-96",
        EpcScheme.Sgln96 => "SGLN-96",
        EpcScheme.Grai96 => "GRAI-96",
        EpcScheme.Giai96 => "GIAI-96",
        EpcScheme.Gid96 => "GID-96",
        EpcScheme.Sgtin198 => "SGTIN-198",
        EpcScheme.Grai170 => "GRAI-170",
        EpcScheme.Giai202 => "GIAI-202",
        EpcScheme.Sgln195 => "SGLN-195",
        EpcScheme.Gdti113 => "GDTI-113",
        EpcScheme.AdiVar => "ADI-var",
        EpcScheme.Cpi96 => "CPI-96",
        EpcScheme.CpiVar => "CPI-var",
        EpcScheme.Gdti174 => "GDTI-174",
        EpcScheme.Sgcn96 => "SGCN-96",
        EpcScheme.Itip110 => "ITIP-110",
        EpcScheme.Itip212 => "ITIP-212",
        EpcScheme.CpiPlusPlus => "CPI++",
        EpcScheme.GsrnPlusPlus => "GSRN++",
        EpcScheme.GsrnpPlusPlus => "GSRNP++",
        EpcScheme.SglnPlusPlus => "SGLN++",
        EpcScheme.GdtiPlusPlus => "GDTI++",
        EpcScheme.GraiPlusPlus => "GRAI++",
        EpcScheme.SgcnPlusPlus => "SGCN++",
        EpcScheme.ItipPlusPlus => "ITIP++",
        EpcScheme.GiaiPlusPlus => "GIAI++",
        EpcScheme.SsccPlusPlus => "SSCC++",
        EpcScheme.CpiPlus => "CPI+",
        EpcScheme.GraiPlus => "GRAI+",
        EpcScheme.SglnPlus => "SGLN+",
        EpcScheme.ItipPlus => "ITIP+",
        EpcScheme.GsrnPlus => "GSRN+",
        EpcScheme.GsrnpPlus => "GSRNP+",
        EpcScheme.GdtiPlus => "GDTI+",
        EpcScheme.SgtinPlus => "SGTIN+",
        EpcScheme.SgcnPlus => "SGCN+",
        EpcScheme.SsccPlus => "SSCC+",
        EpcScheme.GiaiPlus => "GIAI+",
        EpcScheme.DsgtinPlus => "DSGTIN+",
        EpcScheme.DsgtinPlusPlus => "DSGTIN++",
        EpcScheme.SgtinPlusPlus => "SGTIN++",
        _ => null,
    };
}
