using System.Net;
using System.Net.Sockets;

namespace EdgeTrace.Faults;

/// <summary>Stands in a TCP link and does to it what networks do. Its moods may change while bytes flow.</summary>
sealed class FaultProxy : IAsyncDisposable
{
    const int ChunkBytes = 16 << 10;

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly int _target;
    readonly Random _random;
    readonly CancellationTokenSource _stop = new();
    readonly Lock _gate = new();
    readonly HashSet<TcpClient> _links = [];
    readonly Task _work;

    public FaultProxy(int target, int seed)
    {
        (_target, _random) = (target, new(seed));
        _listener.Start();
        _work = AcceptAsync(_stop.Token);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes are swallowed both ways and nobody is told: a half-open link.</summary>
    public bool BlackHole { get; set; }

    public TimeSpan Delay { get; set; }

    /// <summary>Bytes per second each way; 0 = as fast as it goes.</summary>
    public int Rate { get; set; }

    /// <summary>Of so many chunks, one has a bit flipped (toward the target only); 0 = none.</summary>
    public int CorruptOneIn { get; set; }

    /// <summary>Of so many chunks, one is sent twice (toward the target only); 0 = none.</summary>
    public int DuplicateOneIn { get; set; }

    public long Corrupted { get; private set; }
    public long Duplicated { get; private set; }

    /// <summary>Resets every link there is.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (var link in _links)
            {
                link.LingerState = new(true, 0);   // RST, not FIN
                link.Close();
            }
            _links.Clear();
        }
    }

    async Task AcceptAsync(CancellationToken stop)
    {
        List<Task> pumps = [];
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(stop);
                pumps.RemoveAll(pump => pump.IsCompleted);
                pumps.Add(CarryAsync(near, stop));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(pumps);
        }
    }

    async Task CarryAsync(TcpClient near, CancellationToken stop)
    {
        using var far = new TcpClient();
        using (near)
        {
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _target, stop);
                (near.NoDelay, far.NoDelay) = (true, true);
                lock (_gate)
                {
                    _links.Add(near);
                    _links.Add(far);
                }
                await Task.WhenAny(PumpAsync(near, far, outward: true, stop), PumpAsync(far, near, outward: false, stop));
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The target is not there: the near end sees a closed connection, as it would.
            }
            finally
            {
                lock (_gate)
                {
                    _links.Remove(near);
                    _links.Remove(far);
                }
            }
        }
    }

    async Task PumpAsync(TcpClient from, TcpClient to, bool outward, CancellationToken stop)
    {
        var chunk = new byte[ChunkBytes];
        try
        {
            var (source, sink) = (from.GetStream(), to.GetStream());
            while (await source.ReadAsync(chunk, stop) is var read and > 0)
            {
                if (BlackHole) continue;
                if (Delay > TimeSpan.Zero) await Task.Delay(Delay, TimeProvider.System, stop);
                if (Rate > 0) await Task.Delay(TimeSpan.FromSeconds((double)read / Rate), TimeProvider.System, stop);
                if (outward && Hits(CorruptOneIn))
                {
                    chunk[_random.Next(read)] ^= (byte)(1 << _random.Next(8));
                    Corrupted++;
                }
                await sink.WriteAsync(chunk.AsMemory(0, read), stop);
                if (!outward || !Hits(DuplicateOneIn)) continue;
                Duplicated++;
                await sink.WriteAsync(chunk.AsMemory(0, read), stop);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, by us or by an end: the pair goes down together.
        }
    }

    bool Hits(int oneIn)
    {
        lock (_gate) return oneIn > 0 && _random.Next(oneIn) == 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _work;
        _stop.Dispose();
    }
}
