using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;

namespace EdgeTrace.Tests.Simulators;

/// <summary>A client of a simulated reader on a real socket, speaking through the gateway's codec: what both get wrong alike, neither notices alone.</summary>
sealed class ReaderClient : IDisposable
{
    readonly TcpClient _tcp = new();
    readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(20));

    public static async Task<ReaderClient> ConnectAsync(int port)
    {
        var client = new ReaderClient();
        await client._tcp.ConnectAsync(IPAddress.Loopback, port, client._patience.Token);
        return client;
    }

    public async Task SendAsync(byte[] frame) => await _tcp.GetStream().WriteAsync(frame, _patience.Token);

    public Task SendAsync(LlrpMessage message, uint id) => SendAsync(message.ToFrame(id));

    public async Task<(uint Id, LlrpMessage Message)> ReadAsync()
    {
        var header = new byte[10];
        await _tcp.GetStream().ReadExactlyAsync(header, _patience.Token);
        var body = new byte[BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(2)) - 10];
        await _tcp.GetStream().ReadExactlyAsync(body, _patience.Token);
        var type = (LlrpMessageType)(BinaryPrimitives.ReadUInt16BigEndian(header) & 0x3FF);
        return (BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(6)), LlrpMessage.Decode(type, body));
    }

    /// <summary>Reads on until a message of this kind.</summary>
    public async Task<T> ReadAsync<T>() where T : LlrpMessage
    {
        while (true)
            if ((await ReadAsync()).Message is T wanted) return wanted;
    }

    public async Task<StatusCode> AskAsync(LlrpRequest request, uint id = 7)
    {
        await SendAsync(request, id);
        while (true)
            if (await ReadAsync() is (var answered, LlrpResponse response) && answered == id) return response.Status.Code;
    }

    /// <summary>Whether the reader has closed the link, after whatever it still had to say.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            while (true) await ReadAsync();
        }
        catch (Exception ended) when (ended is EndOfStreamException or IOException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        _tcp.Dispose();
        _patience.Dispose();
    }

    public static RoSpec Spec(
        uint id = 1, ushort[]? antennas = null, TagContent content = TagContent.AntennaId | TagContent.PeakRssi | TagContent.FirstSeen, ushort n = 1) =>
        new(id, 0, RoSpecState.Disabled)
        {
            Parameters =
            [
                new RoBoundarySpec(new RoSpecStartTrigger(RoSpecStartTriggerType.Null), new RoSpecStopTrigger(RoSpecStopTriggerType.Null, 0)),
                new AiSpec(antennas ?? [0]) { Parameters = [new AiSpecStopTrigger(AiSpecStopTriggerType.Null, 0), new InventoryParameterSpec(1, 1)] },
                new RoReportSpec(RoReportTrigger.UponTagsOrEndOfRoSpec, n) { Parameters = [new TagReportContentSelector(content)] },
            ],
        };
}
