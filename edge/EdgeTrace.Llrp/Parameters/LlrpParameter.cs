using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

/// <summary>A parameter: its own fields, then the parameters inside it, in the order of the wire.</summary>
/// <remarks>What this library does not know is a <see cref="RawParameter"/>, so that writing gives back the bytes that were read.</remarks>
public abstract record LlrpParameter(ParameterType Type)
{
    ParameterList _parameters = ParameterList.Empty;

    /// <summary>Legal nesting is seven deep (a mode table entry in a capabilities response); a ParameterError may hold another. Recursion has an end.</summary>
    const int DepthMax = 16;

    public ParameterList Parameters { get => _parameters; init => _parameters = value; }

    private protected abstract void WriteFields(LlrpWriter writer);

    internal virtual void Write(LlrpWriter writer)
    {
        var start = writer.BeginTlv(Type);
        WriteFields(writer);
        Parameters.Write(writer);
        writer.EndTlv(start);
    }

    /// <summary>Every parameter up to the cursor's end.</summary>
    internal static ParameterList ReadAll(ref LlrpCursor cursor)
    {
        if (cursor.AtEnd) return ParameterList.Empty;
        if (cursor.Depth >= DepthMax) cursor.Fail($"at most {DepthMax} parameters inside one another", "one more");
        var parameters = new List<LlrpParameter>();
        while (!cursor.AtEnd) parameters.Add(Read(ref cursor));
        return new ParameterList(parameters);
    }

    static LlrpParameter Read(ref LlrpCursor cursor)
    {
        if (cursor.AtTv) return TvParameter.Read(ref cursor);
        var inside = cursor.Tlv(out var type);
        var parameter = ParameterTable.Read(type, ref inside);
        parameter._parameters = ReadAll(ref inside);
        return parameter;
    }
}

/// <summary>A TLV that is carried as it came: of a type this library does not look into.</summary>
public sealed record RawParameter(ParameterType Type, ReadOnlyMemory<byte> Value) : LlrpParameter(Type)
{
    private protected override void WriteFields(LlrpWriter writer) => writer.Bytes(Value.Span);
}

/// <summary>A TV parameter: one type byte and a value of the length its type prescribes.</summary>
public sealed record TvParameter(ParameterType Type, ReadOnlyMemory<byte> Value) : LlrpParameter(Type)
{
    /// <summary>Bytes of a TV's value, by type; −1 where no version of LLRP says.</summary>
    internal static ReadOnlySpan<sbyte> ValueBytes =>
        [-1, 2, 8, 8, 8, 8, 1, 2, 2, 4, 2, 2, 2, 12, 2, 2, 4, 2, 4, 2, 2];

    /// <summary>The value of a TV that is a number.</summary>
    public ulong Number
    {
        get
        {
            var number = 0ul;
            foreach (var octet in Value.Span) number = number << 8 | octet;
            return number;
        }
    }

    private protected override void WriteFields(LlrpWriter writer) => writer.Bytes(Value.Span);

    internal override void Write(LlrpWriter writer)
    {
        writer.U8((byte)(0x80 | (ushort)Type));
        WriteFields(writer);
    }

    internal static LlrpParameter Read(ref LlrpCursor cursor)
    {
        var type = cursor.U8() & 0x7F;
        // An unknown TV has no length anybody can know: it and what follows in this parameter stay unread together.
        if (type >= ValueBytes.Length || ValueBytes[type] < 0) return new TvParameter((ParameterType)type, cursor.Rest().ToArray());
        return new TvParameter((ParameterType)type, cursor.Bytes(ValueBytes[type]).ToArray());
    }
}
