using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Messages;

/// <summary>A message: its own fields, then its parameters in the order of the wire. Its id belongs to the conversation, not to it.</summary>
public abstract record LlrpMessage(LlrpMessageType Type)
{
    ParameterList _parameters = ParameterList.Empty;

    public ParameterList Parameters { get => _parameters; init => _parameters = value; }

    private protected virtual void WriteFields(LlrpWriter writer) { }

    public void WriteTo(LlrpWriter writer, uint id, byte version = 1)
    {
        var start = writer.BeginMessage(Type, id, version);
        WriteFields(writer);
        Parameters.Write(writer);
        writer.EndMessage(start);
    }

    public byte[] ToFrame(uint id, byte version = 1)
    {
        var writer = new LlrpWriter();
        WriteTo(writer, id, version);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a frame's body. A message of a type not known here becomes a <see cref="RawMessage"/>.</summary>
    /// <exception cref="LlrpProtocolException">The body is not what its type prescribes.</exception>
    public static LlrpMessage Decode(in LlrpFrame frame)
    {
        byte[] scratch = [];
        return Decode(frame.Type, frame.BodySpan(ref scratch));
    }

    /// <inheritdoc cref="Decode(in LlrpFrame)"/>
    public static LlrpMessage Decode(LlrpMessageType type, ReadOnlySpan<byte> body)
    {
        var cursor = new LlrpCursor(body, type);
        var message = MessageTable.Read(type, ref cursor);
        message._parameters = LlrpParameter.ReadAll(ref cursor);
        return message;
    }
}

/// <summary>A message that is carried as it came: of a type this library does not look into.</summary>
public sealed record RawMessage(LlrpMessageType Type, ReadOnlyMemory<byte> Body) : LlrpMessage(Type)
{
    private protected override void WriteFields(LlrpWriter writer) => writer.Bytes(Body.Span);
}

/// <summary>A message that the other side answers, by echoing its id.</summary>
public abstract record LlrpRequest(LlrpMessageType Type, LlrpMessageType ResponseType) : LlrpMessage(Type)
{
    /// <summary>Ids of the two sides are separate number spaces: the same id on a report is no reply.</summary>
    public virtual bool IsAnsweredBy(in LlrpFrame frame) => frame.Type == ResponseType;
}

/// <inheritdoc/>
public abstract record LlrpRequest<TResponse>(LlrpMessageType Type, LlrpMessageType ResponseType) : LlrpRequest(Type, ResponseType)
    where TResponse : LlrpResponse;

/// <summary>An answer. Every one begins with how it went.</summary>
public abstract record LlrpResponse(LlrpMessageType Type) : LlrpMessage(Type)
{
    public LlrpStatus Status => Parameters.Require<LlrpStatus>(this);
}

/// <summary>An answer that says how it went and nothing more: to add, delete, start, stop, enable, disable, set and close alike.</summary>
public sealed record StatusResponse(LlrpMessageType Type) : LlrpResponse(Type)
{
    public StatusResponse(LlrpMessageType type, LlrpStatus status) : this(type) => Parameters = [status];

    public static StatusResponse To(LlrpRequest request, LlrpStatus status) => new(request.ResponseType, status);
}
