using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Tests.Llrp;

/// <summary>The other end of a real socket, which says and expects what a test tells it to.</summary>
sealed class ScriptedReader : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    Socket? _socket;
    PipeReader? _input;

    public ScriptedReader() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async Task AcceptAsync()
    {
        _socket = await _listener.AcceptSocketAsync();
        _socket.NoDelay = true;
        _input = PipeReader.Create(new NetworkStream(_socket));
    }

    public async Task GreetAsync(ConnectionAttemptStatus status = ConnectionAttemptStatus.Success)
    {
        await AcceptAsync();
        await SayAsync(new ReaderEventNotification(new UtcTimestamp(1_700_000_000_000_000), new ConnectionAttemptEvent(status)));
    }

    public Task SayAsync(LlrpMessage message, uint id = 0) => SayAsync(message.ToFrame(id));
    public async Task SayAsync(byte[] bytes) => await _socket!.SendAsync(bytes);

    public async Task<(T Message, uint Id)> HearAsync<T>() where T : LlrpMessage
    {
        while (true)
        {
            var read = await _input!.ReadAsync();
            var buffer = read.Buffer;
            if (LlrpFrame.TryRead(ref buffer, out var frame))
            {
                var (message, id) = (LlrpMessage.Decode(frame), frame.Id);
                _input.AdvanceTo(buffer.Start);
                return (Assert.IsType<T>(message), id);
            }

            Assert.False(read.IsCompleted, $"the client left where {typeof(T).Name} was expected");
            _input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    public async Task<T> AnswerAsync<T>(LlrpResponse? response = null) where T : LlrpRequest
    {
        var (request, id) = await HearAsync<T>();
        await SayAsync(response ?? StatusResponse.To(request, LlrpStatus.Success), id);
        return request;
    }

    public void HangUp() => _socket!.Dispose();

    public ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Capabilities such as an Impinj of four antennas in the USA tells them.</summary>
    public static GetReaderCapabilitiesResponse Impinj { get; } = Capabilities(25882, hopping: true, specsMax: 1);

    /// <summary>A European reader of no known maker that keeps many RoSpecs.</summary>
    public static GetReaderCapabilitiesResponse Other { get; } = Capabilities(999, hopping: false, specsMax: 8);

    static GetReaderCapabilitiesResponse Capabilities(uint manufacturer, bool hopping, uint specsMax) => new()
    {
        Parameters =
        [
            LlrpStatus.Success,
            new GeneralDeviceCapabilities(4, DeviceFlags.HasUtcClock, manufacturer, 7, "1.2.3")
            {
                Parameters = [new ReceiveSensitivityTableEntry(1, 0), new GpioCapabilities(2, 2), new PerAntennaAirProtocol(1, new byte[] { 1 })],
            },
            new LlrpCapabilities(LlrpCapabilityFlags.EventsAndReportsHolding | LlrpCapabilityFlags.ReportBufferFillWarning, 1, 0, specsMax, 32, 1, 100, 8),
            new RegulatoryCapabilities(hopping ? (ushort)840 : (ushort)826, hopping ? CommunicationsStandard.UsFccPart15 : CommunicationsStandard.Etsi302208)
            {
                Parameters =
                [
                    new UhfBandCapabilities
                    {
                        Parameters =
                        [
                            .. Enumerable.Range(0, 81).Select(n => new TransmitPowerLevelTableEntry((ushort)(n + 1), (short)(1000 + 25 * n))),
                            new FrequencyInformation(hopping)
                            {
                                Parameters = [hopping ? new FrequencyHopTable(3, [909250, 908250]) : new FixedFrequencyTable([865700, 866300])],
                            },
                            new C1G2UhfRfModeTable
                            {
                                Parameters =
                                [
                                    new C1G2UhfRfModeTableEntry(0, 0x80, 0, 2, 2, 640000, 1500, 6250, 6250, 0),
                                    new C1G2UhfRfModeTableEntry(4, 0x80, 2, 0, 3, 320000, 1500, 7140, 7140, 0),
                                    .. manufacturer == 25882 ? [new C1G2UhfRfModeTableEntry(1000, 0x80, 0, 0, 0, 40000, 1500, 6250, 6250, 0)] : Array.Empty<LlrpParameter>(),
                                ],
                            },
                        ],
                    },
                ],
            },
            new C1G2LlrpCapabilities(C1G2CapabilityFlags.None, 2),
        ],
    };
}
