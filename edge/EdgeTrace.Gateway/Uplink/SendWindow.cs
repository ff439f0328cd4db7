using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Uplink;

/// <summary>What is on its way: sent and not yet acknowledged by the cloud. Bounds it in bytes and in number; says what has waited too long.</summary>
/// <remarks>Pure; the caller holds the lock.</remarks>
sealed class SendWindow
{
    /// <summary>About 2 s of a full portal on a 16 Mbit/s link.</summary>
    public const int UnackedBytesMax = 4 << 20;

    /// <summary>What the cloud holds of a stream that arrives out of order; with more on the way a lost one would cost the rest.</summary>
    public const int UnackedPerStreamMax = 64;

    /// <summary>A backlog of reads leaves a quarter of the window free: an alarm never waits for it.</summary>
    const int ReadsBytesMax = UnackedBytesMax / 4 * 3;

    readonly Dictionary<string, Flight> _flights = [];

    public long UnackedBytes { get; private set; }
    public int Unacked { get; private set; }

    /// <summary>The last batch of the stream that was sent; (0, 0) when none is on its way.</summary>
    public (ulong Epoch, ulong Sequence) LastSent(string stream) => _flights.TryGetValue(stream, out var flight) ? (flight.Epoch, flight.Last) : default;

    /// <summary>Whether one more batch may go. A batch larger than the whole window goes when nothing else is on its way.</summary>
    public bool Admits(string stream, StreamKind kind, int length) =>
        (UnackedBytes + length <= (kind == StreamKind.Reads ? ReadsBytesMax : UnackedBytesMax) || Unacked == 0)
        && (!_flights.TryGetValue(stream, out var flight) || flight.Sent.Count < UnackedPerStreamMax);

    public void Sent(string stream, ulong epoch, ulong sequence, int length, long nowTicks)
    {
        if (_flights.TryGetValue(stream, out var flight) && flight.Epoch != epoch) Drop(stream, flight);
        if (!_flights.TryGetValue(stream, out flight)) _flights[stream] = flight = new(epoch);
        flight.Sent.Enqueue((sequence, length, nowTicks));
        flight.Last = sequence;
        UnackedBytes += length;
        Unacked++;
    }

    /// <summary>Takes what is acknowledged off the way.</summary>
    public void Acknowledged(string stream, ulong epoch, ulong upto)
    {
        if (!_flights.TryGetValue(stream, out var flight) || flight.Epoch != epoch) return;
        while (flight.Sent.TryPeek(out var first) && first.Sequence <= upto) Take(flight);
        if (flight.Sent.Count == 0) _flights.Remove(stream);
    }

    /// <summary>Streams whose oldest batch has waited longer than <paramref name="maxTicks"/>: all they have on the way is to be sent again.</summary>
    /// <returns>How many batches that is.</returns>
    public int Rewind(long nowTicks, long maxTicks)
    {
        var batches = 0;
        foreach (var (stream, flight) in _flights.Where(pair => pair.Value.Sent.TryPeek(out var first) && nowTicks - first.SentTicks > maxTicks).ToList())
        {
            batches += flight.Sent.Count;
            Drop(stream, flight);
        }
        return batches;
    }

    /// <summary>A new connection: nothing is on its way.</summary>
    public void Clear()
    {
        _flights.Clear();
        (UnackedBytes, Unacked) = (0, 0);
    }

    void Drop(string stream, Flight flight)
    {
        while (flight.Sent.Count > 0) Take(flight);
        _flights.Remove(stream);
    }

    void Take(Flight flight)
    {
        UnackedBytes -= flight.Sent.Dequeue().Length;
        Unacked--;
    }

    sealed class Flight(ulong epoch)
    {
        public ulong Epoch { get; } = epoch;
        public ulong Last { get; set; }
        public Queue<(ulong Sequence, int Length, long SentTicks)> Sent { get; } = new();
    }
}
