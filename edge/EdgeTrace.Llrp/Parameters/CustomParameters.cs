using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

/// <summary>A vendor's own parameter: vendor number, subtype, and what the vendor says comes then.</summary>
public abstract record CustomParameter(uint Vendor, uint Subtype) : LlrpParameter(ParameterType.Custom)
{
    private protected sealed override void WriteFields(LlrpWriter writer)
    {
        writer.U32(Vendor).U32(Subtype);
        WriteValue(writer);
    }

    private protected abstract void WriteValue(LlrpWriter writer);

    internal static CustomParameter Read(ref LlrpCursor cursor)
    {
        var (vendor, subtype) = (cursor.U32(), cursor.U32());
        return vendor == Impinj.Vendor && ImpinjTable.TryRead((ImpinjSubtype)subtype, ref cursor) is { } known
            ? known
            : new RawCustomParameter(vendor, subtype, cursor.Rest().ToArray());
    }
}

/// <summary>A vendor's parameter that is carried as it came.</summary>
public sealed record RawCustomParameter(uint Vendor, uint Subtype, ReadOnlyMemory<byte> Value) : CustomParameter(Vendor, Subtype)
{
    private protected override void WriteValue(LlrpWriter writer) => writer.Bytes(Value.Span);
}
