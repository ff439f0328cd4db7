using System.IO.Pipelines;
using System.Net.Sockets;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Session;

/// <summary>One connection to one reader, from its greeting to its end: requests with their replies, and everything else in order.</summary>
/// <remarks>
/// <code>
/// socket → receive ─┬→ keepalive   → acknowledged at once, on a lane that overtakes
///                   ├→ a reply     → the request that waits for it
///                   └→ the rest    → bounded queue → ReadAsync (reports, events, unmatched errors)
/// </code>
/// Somebody must be reading when requests are made: a full queue stops the socket, and with it the replies.
/// It never reconnects; whoever made it does.
/// </remarks>
public sealed class LlrpConnection : IAsyncDisposable
{
    readonly Stream _stream;
    readonly PipeReader _input;
    readonly LlrpConnectionOptions _options;
    readonly TimeProvider _time;
    readonly CancellationTokenSource _end = new();
    readonly AwaitedReplies _replies = new();
    readonly InboundQueue _inbound;
    readonly SendLanes _lanes;
    readonly Lock _ending = new();

    LlrpConnectionException? _cause;
    Task _running = Task.CompletedTask;
    uint _lastId;
    long _heardAt;
    bool _waitingForRoom, _goodByeHeard;

    LlrpConnection(Stream stream, LlrpConnectionOptions options, TimeProvider time)
    {
        (_stream, _options, _time) = (stream, options, time);
        _input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 << 10, leaveOpen: true));
        _inbound = new InboundQueue(options.InboundMax, options.InboundBytesMax);
        _lanes = new SendLanes(stream);
        _heardAt = time.GetTimestamp();
    }

    /// <summary>The greeting: the reader's clock, or its uptime, when the connection was made.</summary>
    public ReaderEventNotificationData Greeting { get; private set; } = new();
    /// <summary>When the greeting arrived here.</summary>
    public DateTimeOffset GreetedUtc { get; private set; }
    /// <summary>1 is LLRP 1.0.1, which every reader speaks.</summary>
    public byte Version { get; set; } = 1;
    /// <summary>Keepalives answered so far.</summary>
    public long Keepalives { get; private set; }
    /// <summary>Why it ended, or null while it lives.</summary>
    public LlrpConnectionException? Ended => _cause;

    /// <summary>Connects, and returns when the reader has said that this client may stay.</summary>
    /// <exception cref="LlrpConnectionException">It may not, or nobody is there: <see cref="LlrpConnectionException.Failure"/> says which.</exception>
    public static async Task<LlrpConnection> ConnectAsync(
        string host, int port, LlrpConnectionOptions? options, TimeProvider time, CancellationToken token)
    {
        options ??= new();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, token);
            await socket.ConnectAsync(host, port, either.Token);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            token.ThrowIfCancellationRequested();
            var reason = failure is SocketException refused ? refused.SocketErrorCode.ToString() : $"no answer in {options.ConnectTimeout.TotalSeconds} s";
            throw new LlrpConnectionException(LlrpLinkFailure.Unreachable,
                $"Nothing answers as a reader at {host}:{port} ({reason}). Check its power, its network cable and the address.", failure);
        }

        return await OpenAsync(new NetworkStream(socket, ownsSocket: true), options, time, token);
    }

    /// <summary>The same over any stream: TLS, or a connection the reader made to us.</summary>
    public static async Task<LlrpConnection> OpenAsync(Stream stream, LlrpConnectionOptions? options, TimeProvider time, CancellationToken token)
    {
        var connection = new LlrpConnection(stream, options ?? new(), time);
        connection._running = connection.RunAsync();
        try
        {
            await connection.AwaitGreetingAsync(token);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks, and returns the answer.</summary>
    /// <exception cref="LlrpStatusException">The reader says no.</exception>
    /// <exception cref="LlrpConnectionException">The connection ended, or the answer did not come in time.</exception>
    public Task<TResponse> RequestAsync<TResponse>(LlrpRequest<TResponse> request, CancellationToken token) where TResponse : LlrpResponse =>
        RequestAsync(request, Version, token);

    internal async Task<TResponse> RequestAsync<TResponse>(LlrpRequest<TResponse> request, byte version, CancellationToken token)
        where TResponse : LlrpResponse
    {
        var id = Interlocked.Increment(ref _lastId);
        var reply = _replies.Await(id, request);
        if (reply.IsFaulted) return (TResponse)await reply;   // it has ended: throws why
        try
        {
            await SendFrameAsync(request.ToFrame(id, version), token);
            var message = await reply.WaitAsync(_options.ReplyTimeout, _time, token);
            if (message is LlrpResponse { Status: { Code: not StatusCode.Success } status }) throw new LlrpStatusException(request.Type, status);
            return message as TResponse ?? throw new LlrpStatusException(request.Type, ((LlrpResponse)message).Status);
        }
        catch (TimeoutException)
        {
            throw new LlrpConnectionException(LlrpLinkFailure.NoAnswer,
                $"The reader did not answer {request.Type} in {_options.ReplyTimeout.TotalSeconds} s. If it goes on, restart the reader.");
        }
        finally
        {
            _replies.Forget(id);
        }
    }

    /// <summary>Sends what has no reply: GET_REPORT, ENABLE_EVENTS_AND_REPORTS, a vendor's own message.</summary>
    public ValueTask SendAsync(LlrpMessage message, CancellationToken token) =>
        SendFrameAsync(message.ToFrame(Interlocked.Increment(ref _lastId), Version), token);

    /// <summary>The next frame that is neither keepalive nor reply. Dispose of each: the queue counts it until then.</summary>
    /// <exception cref="LlrpConnectionException">The connection ended, and all that came before has been read.</exception>
    public async ValueTask<LlrpInbound> ReadAsync(CancellationToken token)
    {
        while (await _inbound.Frames.WaitToReadAsync(token))
            if (_inbound.Frames.TryRead(out var frame)) return frame;
        throw Ended ?? ClosedHere();
    }

    /// <summary>From now on, silence of so many periods ends the connection; give the period the reader was told in its KeepaliveSpec.</summary>
    public void ExpectKeepalives(TimeSpan period, int missedMax) => SilenceMax = period * missedMax;

    /// <summary>Says good bye, waits for it to be answered, and closes.</summary>
    public async Task CloseAsync(CancellationToken token)
    {
        try
        {
            if (Ended is null) await RequestAsync(new CloseConnection(), token);
        }
        catch (Exception already) when (already is LlrpConnectionException or LlrpStatusException or LlrpProtocolException)
        {
            // Gone before it could answer: closed all the same.
        }

        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        End(ClosedHere());
        await _running;
        await _input.CompleteAsync();
        await _stream.DisposeAsync();
        _end.Dispose();
    }

    // ---- the three loops: receive, send, watch; the first to fail ends the others

    async Task RunAsync()
    {
        var receive = Guarded(ReceiveAsync);
        var send = Guarded(() => _lanes.RunAsync(_end.Token));
        var watch = Guarded(WatchAsync);
        await Task.WhenAll(receive, send, watch);
    }

    async Task Guarded(Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (LlrpConnectionException cause)
        {
            End(cause);
        }
        catch (LlrpProtocolException violation)
        {
            End(new(LlrpLinkFailure.NotLlrp, $"The reader sent what is not LLRP: {violation.Message}", violation));
        }
        catch (Exception cause) when (cause is IOException or SocketException or ObjectDisposedException)
        {
            End(new(LlrpLinkFailure.Broken, "The connection to the reader broke. Check the cable and the switch.", cause));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Another loop ended it, and said why.
        }
        catch (Exception bug)
        {
            End(new(LlrpLinkFailure.Broken, $"The connection ended by a fault of this program: {bug.Message}", bug));
            throw;
        }
    }

    async Task ReceiveAsync()
    {
        while (true)
        {
            var read = await _input.ReadAsync(_end.Token);
            Volatile.Write(ref _heardAt, _time.GetTimestamp());
            var buffer = read.Buffer;
            while (LlrpFrame.TryRead(ref buffer, out var frame, _options.FrameBytesMax)) await AcceptAsync(frame);
            _input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) throw Closed(midFrame: !buffer.IsEmpty);
        }
    }

    ValueTask AcceptAsync(in LlrpFrame frame)
    {
        if (frame.Type == LlrpMessageType.KeepAlive)
        {
            Keepalives++;
            _lanes.Acknowledge(frame.Id);
            return default;
        }

        if (_replies.TryAccept(frame)) return default;
        if (frame.Type == LlrpMessageType.ReaderEventNotification)
            _goodByeHeard |= ((ReaderEventNotification)LlrpMessage.Decode(frame)).Data.Event<ConnectionCloseEvent>() is not null;

        return QueueAsync(new LlrpInbound(_inbound, frame, _time.GetUtcNow(), _time.GetTimestamp()));
    }

    async ValueTask QueueAsync(LlrpInbound frame)
    {
        // While our own side is slow the reader is not silent: it is not being listened to.
        Volatile.Write(ref _waitingForRoom, true);
        await _inbound.AddAsync(frame, _end.Token);
        Volatile.Write(ref _heardAt, _time.GetTimestamp());
        Volatile.Write(ref _waitingForRoom, false);
    }

    async Task WatchAsync()
    {
        while (true)
        {
            await Task.Delay(WatchPeriod, _time, _end.Token);
            if (SilenceMax == TimeSpan.Zero || Volatile.Read(ref _waitingForRoom)) continue;
            var silence = _time.GetElapsedTime(Volatile.Read(ref _heardAt));
            if (silence > SilenceMax)
                throw new LlrpConnectionException(LlrpLinkFailure.Silent,
                    $"The reader has been silent for {silence.TotalSeconds:0} s although it was told to send keepalives. Check its power and network cable.");
        }
    }

    static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);
    TimeSpan SilenceMax { get; set; }

    async Task AwaitGreetingAsync(CancellationToken token)
    {
        LlrpInbound first;
        try
        {
            first = await ReadAsync(token).AsTask().WaitAsync(_options.GreetingTimeout, _time, token);
        }
        catch (TimeoutException)
        {
            throw new LlrpConnectionException(LlrpLinkFailure.NoGreeting,
                $"Something answers there, but did not greet as a reader does in {_options.GreetingTimeout.TotalSeconds} s. Check the port, and that LLRP is switched on.");
        }

        using (first)
        {
            if (first.Decode() is not ReaderEventNotification { Data: var data } || data.Event<ConnectionAttemptEvent>() is not { } attempt)
                throw new LlrpConnectionException(LlrpLinkFailure.NoGreeting, $"The reader began with {first.Type} where a greeting belongs.");
            if (attempt.Status != ConnectionAttemptStatus.Success) throw LlrpConnectionException.Refused(attempt.Status);
            (Greeting, GreetedUtc) = (data, first.ReceivedUtc);
        }
    }

    async ValueTask SendFrameAsync(byte[] frame, CancellationToken token)
    {
        try
        {
            await _lanes.SendAsync(frame, token);
        }
        catch (System.Threading.Channels.ChannelClosedException)
        {
            throw Ended ?? ClosedHere();
        }
    }

    LlrpConnectionException Closed(bool midFrame) => _goodByeHeard
        ? new(LlrpLinkFailure.ClosedByReader, "The reader said good bye and closed the connection. It may be restarting, or somebody else may have taken it.")
        : new(LlrpLinkFailure.Broken, midFrame ? "The connection ended in the middle of a message." : "The reader closed the connection without a word.");

    static LlrpConnectionException ClosedHere() => new(LlrpLinkFailure.ClosedHere, "The connection was closed on this side.");

    void End(LlrpConnectionException cause)
    {
        lock (_ending)
        {
            if (_cause is not null) return;
            _cause = cause;
        }

        _replies.End(cause);
        _inbound.End(cause);
        _lanes.End(cause);
        _end.Cancel();
    }
}
