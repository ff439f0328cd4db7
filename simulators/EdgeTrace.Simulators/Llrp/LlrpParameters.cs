using System.Buffers.Binary;

namespace EdgeTrace.Simulators.Llrp;

/// <summary>
/// A request's parameters as a flat walk: type, body, and for a custom one its vendor and subtype. A body is walked again where it holds parameters itself.
/// Wrong lengths are refused, not guessed around.
/// </summary>
readonly record struct LlrpParameter(ParameterType Type, ReadOnlyMemory<byte> Body)
{
    const int HeaderBytes = 4;

    public ReadOnlySpan<byte> Span => Body.Span;
    public int U8(int at) => At(at, 1)[0];
    public int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(At(at, 2));
    public uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(At(at, 4));

    public bool IsCustom(uint vendor, uint subtype) => Type == ParameterType.Custom && U32(0) == vendor && U32(4) == subtype;

    /// <summary>The parameters inside this one, behind its fields.</summary>
    public IReadOnlyList<LlrpParameter> Inside(int fieldBytes) =>
        fieldBytes <= Body.Length ? Walk(Body[fieldBytes..]) : throw Short(Type);

    public static IReadOnlyList<LlrpParameter> Walk(ReadOnlyMemory<byte> body)
    {
        var found = new List<LlrpParameter>();
        while (!body.IsEmpty)
        {
            var span = body.Span;
            // No request of a portal session holds TV parameters.
            if ((span[0] & 0x80) != 0) throw new RefusedException(StatusCode.UnknownParameter, $"a TV parameter {span[0] & 0x7F} where none may stand");
            if (span.Length < HeaderBytes) throw new RefusedException(StatusCode.ParameterError, "a parameter header is cut short");
            var type = (ParameterType)(BinaryPrimitives.ReadUInt16BigEndian(span) & 0x3FF);
            var length = BinaryPrimitives.ReadUInt16BigEndian(span[2..]);
            if (length < HeaderBytes || length > span.Length)
                throw new RefusedException(StatusCode.ParameterError, $"parameter {(int)type} claims {length} of {span.Length} bytes");
            found.Add(new(type, body[HeaderBytes..length]));
            body = body[length..];
        }
        return found;
    }

    ReadOnlySpan<byte> At(int at, int count) => at + count <= Body.Length ? Body.Span.Slice(at, count) : throw Short(Type);

    static RefusedException Short(ParameterType type) => new(StatusCode.ParameterError, $"parameter {(int)type} is too short for its fields");
}
