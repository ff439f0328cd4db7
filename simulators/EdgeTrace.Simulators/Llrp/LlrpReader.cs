using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace EdgeTrace.Simulators.Llrp;

/// <summary>
/// A reader on a TCP port: one client at a time, as LLRP asks.
/// <code>
/// field ──Observe──→ ReaderMachine ──frames──→ bounded queue ──→ socket
///                      ↑ frames of the client, the clock
/// </code>
/// </summary>
sealed class LlrpReader : IAsyncDisposable
{
    /// <summary>Gateways of readers close above it (Octane LLRP 5.12: 64 KB); no request of a portal session comes near.</summary>
    const int InboundBytesMax = 64 * 1024;
    const int HeaderBytes = 10;

    /// <summary>Blocks of frames the client has not taken yet; a full queue means a client that stopped reading, and its link is cut.</summary>
    const int OutboundMax = 1024;

    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan FaultAfterDefault = TimeSpan.FromSeconds(10);

    readonly Lock _gate = new();
    readonly TcpListener _listener;
    readonly ReaderMachine _machine;
    readonly ReaderFaults _faults;
    readonly TimeSpan _faultAfter;
    readonly TimeProvider _time;
    readonly CancellationTokenSource _stop = new();
    readonly Task _work;
    Link? _client;

    public LlrpReader(string name, int port, TimeProvider time, ReaderFaults faults = ReaderFaults.None, TimeSpan? faultAfter = null, TimeSpan clockOffset = default)
    {
        (Name, _time, _faults, _faultAfter) = (name, time, faults, faultAfter ?? FaultAfterDefault);
        _machine = new(name, faults, NowUs, clockOffset);
        _listener = new(IPAddress.Loopback, port);
        _listener.Start();
        _work = Task.WhenAll(AcceptAsync(_stop.Token), BeatAsync(_stop.Token));
    }

    public string Name { get; }
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>TagReportData put into reports so far.</summary>
    public long Reported
    {
        get
        {
            lock (_gate) return _machine.Reported;
        }
    }

    /// <summary>Outputs that are switched on now; the set is never changed, only replaced.</summary>
    public IReadOnlySet<int> Outputs
    {
        get
        {
            lock (_gate) return _machine.Outputs;
        }
    }

    long NowUs => Clock.Microseconds(_time);

    /// <summary>What the antennas heard, in time order.</summary>
    public void Observe(IEnumerable<Sighting> sightings) => With(machine => machine.Observe(sightings, NowUs));

    public void SetAntenna(int antenna, bool plugged) => With(machine => machine.SetAntenna(antenna, plugged, NowUs));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        lock (_gate) _client?.Cut();
        await _work;
        _stop.Dispose();
    }

    async Task BeatAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Beat, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop)) With(machine => machine.Advance(NowUs));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    async Task AcceptAsync(CancellationToken stop)
    {
        var links = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(stop);
                links.RemoveAll(link => link.IsCompleted);
                links.Add(ServeAsync(socket, stop));
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(links);
        }
    }

    async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        using var link = new Link(socket, stop);
        byte[]? refusal = null;
        lock (_gate)
        {
            if (_client is null)
            {
                _client = link;
                _machine.Connect(NowUs);
                Send();
            }
            else
            {
                refusal = _machine.RefuseSecond(NowUs);
                _machine.TellOfAnotherAttempt(NowUs);
                Send();
            }
        }
        if (refusal is not null)
        {
            await socket.SendAsync(refusal);
            socket.Shutdown(SocketShutdown.Send);
            return;
        }
        link.FaultsAtUs = NowUs + _faultAfter.Ticks / TimeSpan.TicksPerMicrosecond;
        var sending = SendAsync(link);
        try
        {
            await ReceiveAsync(link);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client left, or was cut off: either way this link is over and the next may come.
        }
        finally
        {
            lock (_gate)
            {
                _machine.Disconnect();
                _client = null;
            }
            link.Outbound.Writer.TryComplete();
            await sending;
        }
    }

    async Task ReceiveAsync(Link link)
    {
        var header = new byte[HeaderBytes];
        while (true)
        {
            await link.Stream.ReadExactlyAsync(header, link.Ends);
            var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(2));
            if (length is < HeaderBytes or > InboundBytesMax) return;   // not LLRP, or too much of it: as an R420, hang up
            var frame = new byte[length];
            header.CopyTo(frame, 0);
            await link.Stream.ReadExactlyAsync(frame.AsMemory(HeaderBytes), link.Ends);
            if (!link.Mute) With(machine => machine.Receive(frame, NowUs));
        }
    }

    async Task SendAsync(Link link)
    {
        try
        {
            await foreach (var frames in link.Outbound.Reader.ReadAllAsync(link.Ends))
            {
                if (_faults.HasFlag(ReaderFaults.SplitFrames)) await SendInPiecesAsync(link, frames);
                else await link.Stream.WriteAsync(frames, link.Ends);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The receiving side of the same link ends with it and lets the next client in.
        }
        finally
        {
            link.Cut();
        }
    }

    static async Task SendInPiecesAsync(Link link, ReadOnlyMemory<byte> frames)
    {
        for (var size = 1; !frames.IsEmpty; size = size % 61 + 7)
        {
            var piece = frames[..Math.Min(size, frames.Length)];
            await link.Stream.WriteAsync(piece, link.Ends);
            frames = frames[piece.Length..];
        }
    }

    void With(Action<ReaderMachine> act)
    {
        lock (_gate)
        {
            act(_machine);
            Send();
        }
    }

    /// <summary>Hands the machine's frames to the link; under the gate.</summary>
    void Send()
    {
        var frames = _machine.Out.Length == 0 ? [] : _machine.Out.Written.ToArray();
        _machine.Out.Clear();
        if (_client is not { } link) return;
        if (link.FaultsAtUs is { } at && NowUs >= at)
        {
            if (_faults.HasFlag(ReaderFaults.Drop)) link.Cut();
            if (_faults.HasFlag(ReaderFaults.Silent)) link.Mute = true;
        }
        if (link.Mute) return;
        if (frames.Length > 0 && !link.Outbound.Writer.TryWrite(frames)) link.Cut();
        if (_machine.Closing) link.Outbound.Writer.TryComplete();
    }

    /// <summary>One client's socket. Cut ends both its loops.</summary>
    sealed class Link : IDisposable
    {
        readonly CancellationTokenSource _ends;

        public Link(Socket socket, CancellationToken stop)
        {
            socket.NoDelay = true;
            Stream = new(socket, ownsSocket: true);
            _ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Ends = _ends.Token;
        }

        public NetworkStream Stream { get; }
        public CancellationToken Ends { get; }
        public bool Mute { get; set; }
        public long? FaultsAtUs { get; set; }

        public Channel<byte[]> Outbound { get; } =
            Channel.CreateBounded<byte[]>(new BoundedChannelOptions(OutboundMax) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

        public void Cut() => _ends.Cancel();

        public void Dispose()
        {
            Stream.Dispose();
            _ends.Dispose();
        }
    }
}
