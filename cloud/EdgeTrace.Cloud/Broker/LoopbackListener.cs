using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.Channel;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Server;

namespace EdgeTrace.Cloud.Broker;

/// <summary>
/// Accepts MQTT connections on 127.0.0.1. The library's own listener cannot say which port it got, reads packets of any
/// declared size into memory before anybody has signed in, and keeps 8 KiB socket buffers (a third of the throughput at 16 KiB).
/// </summary>
sealed partial class LoopbackListener(int port, ILogger logger) : IMqttServerAdapter
{
    /// <summary>A thousand gateways would be an external broker's work; each may take one packet's memory.</summary>
    const int ConnectionsMax = 256;
    const int SocketBufferBytes = 256 << 10;
    static readonly TimeSpan AcceptAgainAfter = TimeSpan.FromMilliseconds(250);

    TcpListener? _listener;
    CancellationTokenSource? _stop;
    Task _accepting = Task.CompletedTask;
    int _connections;

    public int PortWanted => port;
    public int Port { get; private set; }
    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger netLogger)
    {
        _listener = new(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _stop = new();
        _accepting = AcceptAsync(_listener, netLogger, _stop.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        if (_stop is null) return;
        await _stop.CancelAsync();
        _listener!.Stop();
        await _accepting;
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _stop?.Dispose();
    }

    async Task AcceptAsync(TcpListener listener, IMqttNetLogger netLogger, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptSocketAsync(stopping);
                if (Interlocked.Increment(ref _connections) <= ConnectionsMax)
                {
                    _ = ServeAsync(socket, netLogger);
                    continue;
                }
                Interlocked.Decrement(ref _connections);
                socket.Dispose();
                LogTooMany(ConnectionsMax);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException error)
            {
                // One connection's trouble (reset before it was accepted), or no descriptors left: the next may do better. Without
                // descriptors the same connection fails again at once, so there is a pause, or the loop would fill the disk with its complaint.
                LogNotAccepted(error.Message);
                await Task.Delay(AcceptAgainAfter, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    async Task ServeAsync(Socket socket, IMqttNetLogger netLogger)
    {
        try
        {
            (socket.NoDelay, socket.ReceiveBufferSize, socket.SendBufferSize) = (true, SocketBufferBytes, SocketBufferBytes);
            var remote = socket.RemoteEndPoint;
            using var channel = new BoundedChannel(new MqttTcpChannel(new NetworkStream(socket, ownsSocket: true), socket.LocalEndPoint, remote, null));
            using var adapter = new MqttChannelAdapter(channel, new MqttPacketFormatterAdapter(new MqttBufferWriter(4096, 64 << 10)), netLogger);
            if (ClientHandler is { } handler) await handler(adapter);
            if (channel.Refused is { } length) LogOversize(remote, length, BoundedChannel.PacketBytesMax);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            LogLost(error.Message);
        }
        finally
        {
            socket.Dispose();
            Interlocked.Decrement(ref _connections);
        }
    }

    [LoggerMessage(3201, LogLevel.Warning, "More than {Max} MQTT connections: one was refused")]
    partial void LogTooMany(int max);

    [LoggerMessage(3202, LogLevel.Warning, "An MQTT connection could not be accepted: {Why}")]
    partial void LogNotAccepted(string why);

    [LoggerMessage(3203, LogLevel.Warning, "{Remote} announced an MQTT packet of {Length} bytes (at most {Max}): disconnected")]
    partial void LogOversize(EndPoint? remote, long length, int max);

    [LoggerMessage(3204, LogLevel.Debug, "An MQTT connection ended: {Why}")]
    partial void LogLost(string why);
}

/// <summary>Reads MQTT packet lengths as they pass and refuses a packet that is too large before memory is taken for it.</summary>
sealed class BoundedChannel(IMqttChannel inner) : IMqttChannel
{
    /// <summary>A full batch of 100,000 reads is about 1.5 MB.</summary>
    public const int PacketBytesMax = 2 << 20;

    // MQTT 5 §2.1: one byte of type and flags, then the remaining length, base 128, at most four bytes.
    const int AtType = -1;
    int _shift = AtType;
    long _length;
    long _bodyLeft;

    /// <summary>The declared length that ended this connection, or null.</summary>
    public long? Refused { get; private set; }

    public X509Certificate2 ClientCertificate => inner.ClientCertificate;
    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;
    public EndPoint LocalEndPoint => inner.LocalEndPoint;
    public bool IsSecureConnection => inner.IsSecureConnection;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);
    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);
    public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) => inner.WriteAsync(buffer, isEndOfPacket, cancellationToken);

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var read = await inner.ReadAsync(buffer, offset, count, cancellationToken);
        if (Follow(buffer.AsSpan(offset, read))) return read;
        Refused = _length;
        return 0;   // as if the peer had closed: nothing of the packet is kept
    }

    public void Dispose() => inner.Dispose();

    internal bool Follow(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_bodyLeft > 0)
            {
                var skipped = (int)Math.Min(_bodyLeft, bytes.Length);
                _bodyLeft -= skipped;
                bytes = bytes[skipped..];
            }
            else if (_shift == AtType)
            {
                (_shift, _length) = (0, 0);
                bytes = bytes[1..];
            }
            else
            {
                _length |= (long)(bytes[0] & 0x7F) << _shift;
                _shift += 7;
                if (_length > PacketBytesMax) return false;
                if (bytes[0] < 0x80) (_shift, _bodyLeft) = (AtType, _length);
                else if (_shift == 28) return false;
                bytes = bytes[1..];
            }
        }
        return true;
    }
}
