namespace EdgeTrace.Llrp.Reports;

/// <summary>Which fields of a tag's entry are there.</summary>
[Flags]
public enum TagFields : uint
{
    None = 0,
    Epc = 1 << 0, RoSpecId = 1 << 1, SpecIndex = 1 << 2, InventoryParameterSpecId = 1 << 3, Antenna = 1 << 4, PeakRssi = 1 << 5,
    Channel = 1 << 6, FirstSeenUtc = 1 << 7, FirstSeenUptime = 1 << 8, LastSeenUtc = 1 << 9, LastSeenUptime = 1 << 10, SeenCount = 1 << 11,
    Pc = 1 << 12, Crc = 1 << 13, XpcW1 = 1 << 14, XpcW2 = 1 << 15, AccessSpecId = 1 << 16,
    ImpinjTid = 1 << 17, ImpinjPhase = 1 << 18, ImpinjRssi = 1 << 19, ImpinjDoppler = 1 << 20,
    /// <summary>Something of unknown length stood in the entry: it and what followed were not read.</summary>
    Unread = 1u << 31,
}

/// <summary>What a reader says of one tag. It points into the report's bytes and lives as long as they do.</summary>
/// <remarks>
/// A field is told when <see cref="Fields"/> has it, and zero otherwise; setting one adds it there.
/// Timestamps are the reader's: a reader with a clock tells UTC, one without tells its uptime, never both.
/// An enabled field that is missing equals the last one told (1.1, 14.2.3): see <see cref="LlrpReportMemory"/>.
/// </remarks>
public ref partial struct LlrpTagReport
{
    public TagFields Fields { get; internal set; }
    public readonly bool Has(TagFields fields) => (Fields & fields) == fields;

    ReadOnlySpan<byte> _epc, _tid;
    ulong _firstSeenUtcUs, _firstSeenUptimeUs, _lastSeenUtcUs, _lastSeenUptimeUs;
    int _epcBits;
    uint _roSpecId, _accessSpecId;
    ushort _specIndex, _inventoryParameterSpecId, _antenna, _channel, _seenCount, _pc, _crc, _xpcW1, _xpcW2, _phase;
    short _impinjRssi, _doppler;
    sbyte _peakRssi;

    /// <summary>The EPC, padded with zero bits to whole bytes. May be empty.</summary>
    public ReadOnlySpan<byte> Epc { readonly get => _epc; set { _epc = value; _epcBits = value.Length * 8; Fields |= TagFields.Epc; } }
    /// <summary>Bits of the EPC: 96 of nearly all, but not always a multiple of 8 or 16. Set after <see cref="Epc"/>.</summary>
    public int EpcBits { readonly get => _epcBits; set => _epcBits = value; }

    public uint RoSpecId { readonly get => _roSpecId; set { _roSpecId = value; Fields |= TagFields.RoSpecId; } }
    public ushort SpecIndex { readonly get => _specIndex; set { _specIndex = value; Fields |= TagFields.SpecIndex; } }
    public ushort InventoryParameterSpecId { readonly get => _inventoryParameterSpecId; set { _inventoryParameterSpecId = value; Fields |= TagFields.InventoryParameterSpecId; } }
    public uint AccessSpecId { readonly get => _accessSpecId; set { _accessSpecId = value; Fields |= TagFields.AccessSpecId; } }

    /// <summary>From 1.</summary>
    public ushort Antenna { readonly get => _antenna; set { _antenna = value; Fields |= TagFields.Antenna; } }
    public sbyte PeakRssiDbm { readonly get => _peakRssi; set { _peakRssi = value; Fields |= TagFields.PeakRssi; } }
    /// <summary>A place, from 1, in the hop table or the table of fixed frequencies.</summary>
    public ushort Channel { readonly get => _channel; set { _channel = value; Fields |= TagFields.Channel; } }
    /// <summary>Singulations since the last report; 16 bits, so it ends at 65,535.</summary>
    public ushort SeenCount { readonly get => _seenCount; set { _seenCount = value; Fields |= TagFields.SeenCount; } }

    public ulong FirstSeenUtcUs { readonly get => _firstSeenUtcUs; set { _firstSeenUtcUs = value; Fields |= TagFields.FirstSeenUtc; } }
    public ulong FirstSeenUptimeUs { readonly get => _firstSeenUptimeUs; set { _firstSeenUptimeUs = value; Fields |= TagFields.FirstSeenUptime; } }
    public ulong LastSeenUtcUs { readonly get => _lastSeenUtcUs; set { _lastSeenUtcUs = value; Fields |= TagFields.LastSeenUtc; } }
    public ulong LastSeenUptimeUs { readonly get => _lastSeenUptimeUs; set { _lastSeenUptimeUs = value; Fields |= TagFields.LastSeenUptime; } }

    /// <summary>Protocol control bits: the EPC's length, and in bit 0x0100 whether it is an EPC (0) or an ISO number (1).</summary>
    public ushort Pc { readonly get => _pc; set { _pc = value; Fields |= TagFields.Pc; } }
    public ushort Crc { readonly get => _crc; set { _crc = value; Fields |= TagFields.Crc; } }
    public ushort XpcW1 { readonly get => _xpcW1; set { _xpcW1 = value; Fields |= TagFields.XpcW1; } }
    public ushort XpcW2 { readonly get => _xpcW2; set { _xpcW2 = value; Fields |= TagFields.XpcW2; } }

    /// <summary>The chip's own number, read in the same singulation (Impinj FastID).</summary>
    public ReadOnlySpan<byte> Tid { readonly get => _tid; set { _tid = value; Fields |= TagFields.ImpinjTid; } }
    /// <summary>Of the last singulation; 4096 is a full turn.</summary>
    public ushort ImpinjPhase { readonly get => _phase; set { _phase = value; Fields |= TagFields.ImpinjPhase; } }
    public short ImpinjRssiCentiDbm { readonly get => _impinjRssi; set { _impinjRssi = value; Fields |= TagFields.ImpinjRssi; } }
    /// <summary>Sixteenths of a Hz.</summary>
    public short ImpinjDoppler { readonly get => _doppler; set { _doppler = value; Fields |= TagFields.ImpinjDoppler; } }
}
