using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using EdgeTrace.Contract;
using Google.Protobuf;

namespace EdgeTrace.Simulators.Load;

/// <summary>The broker said no, or the link went.</summary>
sealed class LoadException(string message) : Exception(message);

/// <summary>
/// One gateway as the cloud sees it: says birth, sends its streams' batches within a gateway's own window, hears acknowledgements, sends
/// again what got none, says its watermarks every second. Packets are gathered and written 256 KiB at a time.
/// </summary>
sealed class LoadGateway : IAsyncDisposable
{
    const int BufferBytes = 256 << 10;

    // The gateway's own limits (edge/EdgeTrace.Gateway/Uplink/SendWindow.cs): three quarters of 4 MiB, and 64 batches a stream.
    const int UnackedBytesMax = 3 << 20;
    const int UnackedPerStreamMax = 64;

    static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ResendAfter = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    readonly LoadPlan _plan;
    readonly GatewayTopics _topics;
    readonly Lane[] _lanes;
    readonly Dictionary<string, Lane> _byName;
    readonly LoadCount _count;
    readonly TimeProvider _time;
    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = BufferBytes, ReceiveBufferSize = BufferBytes };
    readonly SemaphoreSlim _news = new(0);
    readonly TaskCompletionSource _born = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock _lock = new();
    readonly Queue<ushort> _toPuback = new();
    readonly string _boot = Guid.NewGuid().ToString("N");
    int _receiveMax, _unpubacked, _unackedBytes, _next;
    ushort _packet;
    ulong _beat;
    long _startedAt;

    public LoadGateway(LoadPlan plan, int gateway, IEnumerable<LoadStream> streams, LoadCount count, TimeProvider time)
    {
        (_plan, _topics, _count, _time) = (plan, plan.Topics(gateway), count, time);
        _lanes = [.. streams.Select(stream => new Lane(stream, Encoding.UTF8.GetBytes(_topics.Stream(stream.Name))))];
        _byName = _lanes.ToDictionary(lane => lane.Stream.Name);
    }

    public int Unacked
    {
        get
        {
            lock (_lock) return _lanes.Sum(lane => (int)(lane.Sent - lane.Upto));
        }
    }

    /// <summary>Connects, says birth and returns once the cloud has answered it.</summary>
    /// <exception cref="LoadException">The broker refuses, or nobody answers.</exception>
    public async Task<Task> StartAsync(string host, int port, string password, bool answered, CancellationToken stop)
    {
        try
        {
            await _socket.ConnectAsync(host, port, stop);
        }
        catch (SocketException gone)
        {
            throw new LoadException($"No broker answers at {host}:{port}: {gone.Message}");
        }
        var buffer = new byte[8192];
        await SendAsync(buffer.AsMemory(0, MqttPacket.WriteConnect(buffer, _topics.Gateway, _topics.Gateway, password)), stop);
        var receiving = ReceiveAsync(stop);
        await _news.WaitAsync(stop);   // CONNACK
        if (receiving.IsFaulted) await receiving;
        await SendAsync(buffer.AsMemory(0, MqttPacket.WriteSubscribe(buffer, NextPacket(), _topics.Ack)), stop);
        await SendAsync(buffer.AsMemory(0, WriteSmall(buffer, _topics.State, new GatewayState { Online = true, Boot = _boot, Connection = 1, SentUs = Clock.Microseconds(_time) }, retain: true)), stop);
        await SendAsync(buffer.AsMemory(0, WriteSmall(buffer, _topics.Birth, Birth(), retain: true)), stop);
        if (answered) await Task.WhenAny(receiving, _born.Task.WaitAsync(ResendAfter, _time, stop)).Unwrap();
        return receiving;
    }

    /// <summary>Sends until <paramref name="ending"/>, then waits for what is still unacknowledged until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken ending, CancellationToken stop)
    {
        var buffer = new byte[BufferBytes + _lanes.Max(lane => lane.Stream.LengthMax) + 8192];
        _startedAt = _time.GetTimestamp();
        var beatAt = _startedAt;
        while (!stop.IsCancellationRequested && !(ending.IsCancellationRequested && Unacked == 0))
        {
            var used = WritePubAcks(buffer);
            if (_time.GetElapsedTime(beatAt) >= HeartbeatEvery)
            {
                beatAt = _time.GetTimestamp();
                used += WriteSmall(buffer.AsSpan(used), _topics.Heartbeat, Heartbeat(), retain: false);
            }
            used += WriteBatches(buffer, used, ending.IsCancellationRequested);
            if (used > 0) await SendAsync(buffer.AsMemory(0, used), stop);
            else await _news.WaitAsync(Tick, stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.Connected)
        {
            // A planned end is told, so that nobody waits for the keep-alive.
            var buffer = new byte[1024];
            var used = WriteSmall(buffer, _topics.State, new GatewayState { Boot = _boot, Connection = 1, SentUs = Clock.Microseconds(_time), Reason = "the load has ended" }, retain: true);
            (buffer[used], buffer[used + 1]) = (MqttPacket.Disconnect, 0);
            try
            {
                await SendAsync(buffer.AsMemory(0, used + 2), CancellationToken.None);
            }
            catch (SocketException)
            {
                // The broker went first: the summary has been made without it.
            }
        }
        _socket.Dispose();
        _news.Dispose();
    }

    int WriteBatches(byte[] buffer, int used, bool ending)
    {
        var before = used;
        Span<byte> envelope = stackalloc byte[BatchEnvelope.Length];
        lock (_lock)
        {
            for (var idle = 0; idle < _lanes.Length && used < BufferBytes && _unpubacked < _receiveMax;)
            {
                var lane = _lanes[_next++ % _lanes.Length];
                if (NextOf(lane, ending) is not { } sequence)
                {
                    idle++;
                    continue;
                }
                idle = 0;
                used += WriteBatch(lane, sequence, buffer.AsSpan(used), envelope);
            }
        }
        return used - before;
    }

    /// <summary>The oldest batch that waited too long for its acknowledgement, or the next new one; null when the window is full or it is not read yet.</summary>
    ulong? NextOf(Lane lane, bool ending)
    {
        var now = Stopwatch.GetTimestamp();
        if (lane.Resend > 0 && lane.Resend <= lane.Sent) return Again(lane);
        if (lane.Upto < lane.Sent && Stopwatch.GetElapsedTime(lane.SentAt[(lane.Upto + 1) % UnackedPerStreamMax], now) >= ResendAfter)
        {
            lane.Resend = lane.Upto + 1;
            return Again(lane);
        }
        if (ending || lane.Sent - lane.Upto >= UnackedPerStreamMax || _unackedBytes >= UnackedBytesMax) return null;
        if (_plan.Rate is not null && _time.GetElapsedTime(_startedAt).TotalMicroseconds < (lane.Sent + 1) * (double)_plan.Batch * _plan.SpacingUs) return null;
        return ++lane.Sent;

        ulong Again(Lane late)
        {
            _count.Resent();
            var sequence = Math.Max(late.Resend, late.Upto + 1);
            late.Resend = sequence + 1;
            return sequence;
        }
    }

    int WriteBatch(Lane lane, ulong sequence, Span<byte> to, Span<byte> envelope)
    {
        // The head's length is known before its numbers are: identity, length and checksum follow from the body behind it.
        var correlation = lane.Stream.HasEnvelope ? envelope : default;
        var room = 1 + 4 + 2 + lane.Topic.Length + 2 + 1 + 3 + correlation.Length;
        var length = lane.Stream.Write(sequence, to[room..]);
        if (lane.Stream.HasEnvelope) BatchEnvelope.For(lane.Stream.Epoch, sequence, to.Slice(room, length)).Write(envelope);
        var head = MqttPacket.WritePublishHead(to, NextPacket(), lane.Topic, retain: false, correlation, length);
        if (head < room) to.Slice(room, length).CopyTo(to[head..]);
        lane.SentAt[sequence % UnackedPerStreamMax] = Stopwatch.GetTimestamp();
        lane.Lengths[sequence % UnackedPerStreamMax] = length;
        _unackedBytes += length;
        _unpubacked++;
        _count.Sent(head + length, length);
        return head + length;
    }

    void Take(Ack ack)
    {
        if (ack.AnswersBoot == _boot) _born.TrySetResult();
        lock (_lock)
        {
            foreach (var told in ack.Streams)
            {
                if (!_byName.TryGetValue(told.Stream, out var lane) || told.Epoch != lane.Stream.Epoch) continue;
                _count.Rejected(told.Rejected.Count);
                for (; lane.Upto < Math.Min(told.Upto, lane.Sent); lane.Upto++)
                {
                    var slot = (lane.Upto + 1) % UnackedPerStreamMax;
                    _unackedBytes -= lane.Lengths[slot];
                    _count.Acknowledged(_plan.Batch, Stopwatch.GetElapsedTime(lane.SentAt[slot]));
                }
            }
        }
    }

    async Task ReceiveAsync(CancellationToken stop)
    {
        var buffer = new byte[64 << 10];
        var filled = 0;
        try
        {
            while (true)
            {
                var got = await _socket.ReceiveAsync(buffer.AsMemory(filled), stop);
                if (got == 0) throw new LoadException($"The broker closed the connection of {_topics.Gateway}.");
                filled += got;
                var used = TakePackets(buffer.AsSpan(0, filled));
                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
                if (filled == buffer.Length) throw new LoadException("The broker sent a packet larger than any acknowledgement.");
                if (_news.CurrentCount == 0) _news.Release();
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            throw new LoadException($"The link of {_topics.Gateway} went: {gone.Message}");
        }
        finally
        {
            _news.Release();
        }
    }

    int TakePackets(ReadOnlySpan<byte> bytes)
    {
        var whole = bytes.Length;
        while (MqttPacket.TryRead(ref bytes, out var head, out var body))
        {
            switch (head & 0xF0)
            {
                case MqttPacket.ConnAck:
                    var (reason, receiveMax) = MqttPacket.ReadConnAck(body);
                    if (reason != 0) throw new LoadException($"The broker refuses {_topics.Gateway}: reason 0x{reason:x2}. Give its password with --password-file.");
                    _receiveMax = receiveMax;
                    break;
                case MqttPacket.SubAck when body[^1] >= 0x80: throw new LoadException($"The broker does not let {_topics.Gateway} hear {_topics.Ack}: check its ACL.");
                case MqttPacket.PubAck:
                    lock (_lock) _unpubacked--;
                    if (body.Length > 2 && body[2] >= 0x80) _count.Refused();
                    break;
                case MqttPacket.Publish:
                    var id = MqttPacket.ReadPublish(head, body, out var payload);
                    if (id != 0) lock (_lock) _toPuback.Enqueue(id);
                    Take(Ack.Parser.ParseFrom(payload));
                    break;
            }
        }
        return whole - bytes.Length;
    }

    int WritePubAcks(Span<byte> to)
    {
        var used = 0;
        lock (_lock)
            while (_toPuback.TryDequeue(out var id)) used += MqttPacket.WritePubAck(to[used..], id);
        return used;
    }

    int WriteSmall(Span<byte> to, string topic, IMessage message, bool retain)
    {
        var payload = message.ToByteArray();
        lock (_lock)
        {
            _unpubacked++;
            var head = MqttPacket.WritePublishHead(to, NextPacket(), Encoding.UTF8.GetBytes(topic), retain, [], payload.Length);
            payload.CopyTo(to[head..]);
            return head + payload.Length;
        }
    }

    // Never 0, and far apart from the few that are on their way.
    ushort NextPacket() => ++_packet == 0 ? ++_packet : _packet;

    async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, stop)..];
    }

    Birth Birth()
    {
        var birth = new Birth { Gateway = _topics.Gateway, Boot = _boot, Version = "load", ConfigurationHash = 1, TimeQuality = TimeQuality.Ntp, SentUs = Clock.Microseconds(_time), Connection = 1 };
        foreach (var lane in _lanes)
        {
            StreamName.TrySplit(lane.Stream.Name, out _, out var portal);
            birth.Portals.Add(portal);
            birth.Streams.Add(new StreamPosition { Stream = lane.Stream.Name, Epoch = lane.Stream.Epoch, NextSequence = 1, OldestUnacked = 1 });
        }
        return birth;
    }

    Heartbeat Heartbeat()
    {
        var beat = new Heartbeat { Boot = _boot, Ordinal = ++_beat, SentUs = Clock.Microseconds(_time) };
        lock (_lock)
            foreach (var lane in _lanes)
                beat.Streams.Add(new StreamThrough { Stream = lane.Stream.Name, Epoch = lane.Stream.Epoch, NextSequence = lane.Sent + 1, ThroughUs = lane.Stream.LastUs(lane.Sent) });
        return beat;
    }

    /// <summary>A stream on its way; what is between <see cref="Upto"/> and <see cref="Sent"/> is unacknowledged.</summary>
    sealed class Lane(LoadStream stream, byte[] topic)
    {
        public LoadStream Stream => stream;
        public byte[] Topic => topic;
        public ulong Sent { get; set; }
        public ulong Upto { get; set; }
        public ulong Resend { get; set; }
        public long[] SentAt { get; } = new long[UnackedPerStreamMax];
        public int[] Lengths { get; } = new int[UnackedPerStreamMax];
    }
}
