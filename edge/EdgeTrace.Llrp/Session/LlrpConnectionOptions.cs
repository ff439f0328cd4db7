using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Session;

/// <summary>How long to wait and how much to hold.</summary>
public sealed class LlrpConnectionOptions
{
    /// <summary>The port IANA gave to LLRP; 5085 with TLS.</summary>
    public const int DefaultPort = 5084;

    /// <summary>A reader on the same site answers in milliseconds; a cold switch port takes seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An Impinj reader first asks the client it has, for 3.5 s, whether it is still there.</summary>
    public TimeSpan GreetingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Readers that measure their antennas before answering GET_READER_CONFIG take up to 10 s.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public int FrameBytesMax { get; init; } = LlrpFrame.BytesMax;

    /// <summary>Frames nobody has taken yet. Beyond it the socket is not read, and TCP lets the reader wait.</summary>
    public int InboundMax { get; init; } = 256;

    /// <summary>Bytes of them: two of the largest frames.</summary>
    public int InboundBytesMax { get; init; } = 2 * LlrpFrame.BytesMax;
}
