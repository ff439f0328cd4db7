using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;

namespace EdgeTrace.Llrp.Session;

/// <summary>The reader understood, and said no: what was asked, its status, and a sentence for a person.</summary>
/// <remarks>The connection is as good as before. A peer that breaks the protocol throws <see cref="Wire.LlrpProtocolException"/>.</remarks>
public sealed class LlrpStatusException(LlrpMessageType asked, LlrpStatus status) : Exception(Sentence(asked, status))
{
    public LlrpMessageType Asked { get; } = asked;
    public LlrpStatus Status { get; } = status;
    public StatusCode Code => Status.Code;

    static string Sentence(LlrpMessageType asked, LlrpStatus status)
    {
        var words = status.Description.Length == 0 ? "" : $" The reader says: {status.Description}";
        return $"{asked} was refused: {Meaning(status.Code)} ({(int)status.Code} {status.Code}).{Place(status)}{words}";
    }

    static string Meaning(StatusCode code) => code switch
    {
        StatusCode.UnsupportedMessage => "the reader does not know this message",
        StatusCode.UnsupportedVersion => "the reader speaks only an older LLRP version",
        StatusCode.MessageUnsupportedParameter or StatusCode.UnsupportedParameter => "the reader does not support a parameter in it, or not in that place",
        StatusCode.MessageUnknownParameter or StatusCode.UnknownParameter => "the reader does not know a parameter in it",
        StatusCode.MessageMissingParameter or StatusCode.MissingParameter => "a parameter the reader needs is missing",
        StatusCode.MessageFieldError or StatusCode.ParameterFieldError => "a value does not fit the reader's present state or limits",
        StatusCode.MessageOverflowParameter or StatusCode.OverflowParameter => "it holds more parameters than the reader can keep; another program's settings may fill it",
        StatusCode.MessageOverflowField or StatusCode.OverflowField => "a list in it is longer than the reader can keep",
        StatusCode.UnexpectedMessage => "the reader did not expect it now",
        StatusCode.InvalidValue => "a value in it is not valid",
        StatusCode.ValueOutOfRange => "a value in it is outside the reader's range",
        StatusCode.DeviceError => "the reader reports a fault of its own: check its temperature, antennas and power, then restart it",
        _ => "the reader found a mistake in it",
    };

    // "at RoSpec, then AiSpec, field 2 (ValueOutOfRange)": the path down to the mistake, as far as the reader tells it.
    static string Place(LlrpStatus status)
    {
        var path = new List<string>();
        var field = status.FieldError;
        for (var at = status.ParameterError; at is not null; at = at.Inner)
        {
            path.Add($"{at.Parameter} ({at.Code})");
            field = at.Field ?? field;
        }

        if (field is not null) path.Add($"field {field.Field} ({field.Code})");
        return path.Count == 0 ? "" : $" At {string.Join(", then ", path)}.";
    }
}
