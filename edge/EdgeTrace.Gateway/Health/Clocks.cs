namespace EdgeTrace.Gateway.Health;

static class Clocks
{
    /// <summary>Microseconds since 1970 UTC, the unit of every event time on the wire.</summary>
    public static long ToUnixTimeMicroseconds(this DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
