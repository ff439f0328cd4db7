using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

/// <summary>How a reader answers: 0, or why not. M_ is about the message, P_ a parameter, A_ a value, R_ the device.</summary>
public enum StatusCode : ushort
{
    Success = 0,
    MessageParameterError = 100, MessageFieldError = 101, MessageUnexpectedParameter = 102, MessageMissingParameter = 103,
    MessageDuplicateParameter = 104, MessageOverflowParameter = 105, MessageOverflowField = 106, MessageUnknownParameter = 107,
    MessageUnknownField = 108, UnsupportedMessage = 109, UnsupportedVersion = 110, MessageUnsupportedParameter = 111,
    UnexpectedMessage = 112,
    ParameterError = 200, ParameterFieldError = 201, UnexpectedParameter = 202, MissingParameter = 203, DuplicateParameter = 204,
    OverflowParameter = 205, OverflowField = 206, UnknownParameter = 207, UnknownField = 208, UnsupportedParameter = 209,
    InvalidValue = 300, ValueOutOfRange = 301,
    DeviceError = 401,
}

/// <summary>A reader's answer, with its own words for it and the place of the mistake where it tells.</summary>
public sealed record LlrpStatus(StatusCode Code, string Description) : LlrpParameter(ParameterType.LlrpStatus)
{
    public static LlrpStatus Success { get; } = new(StatusCode.Success, "");

    public FieldError? FieldError => Parameters.Find<FieldError>();
    public ParameterError? ParameterError => Parameters.Find<ParameterError>();

    internal static LlrpStatus Read(ref LlrpCursor cursor) => new((StatusCode)cursor.U16(), cursor.Text());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16((ushort)Code).Text(Description);
}

/// <summary>The field that was wrong, counted from 0 in its message or parameter.</summary>
public sealed record FieldError(ushort Field, StatusCode Code) : LlrpParameter(ParameterType.FieldError)
{
    internal static FieldError Read(ref LlrpCursor cursor) => new(cursor.U16(), (StatusCode)cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Field).U16((ushort)Code);
}

/// <summary>The parameter that was wrong; it may name the field or parameter inside that was.</summary>
public sealed record ParameterError(ParameterType Parameter, StatusCode Code) : LlrpParameter(ParameterType.ParameterError)
{
    public FieldError? Field => Parameters.Find<FieldError>();
    public ParameterError? Inner => Parameters.Find<ParameterError>();

    internal static ParameterError Read(ref LlrpCursor cursor) => new((ParameterType)cursor.U16(), (StatusCode)cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16((ushort)Parameter).U16((ushort)Code);
}
