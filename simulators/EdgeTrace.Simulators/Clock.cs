namespace EdgeTrace.Simulators;

/// <summary>Time as the simulators count it: microseconds of UTC.</summary>
static class Clock
{
    public static long Microseconds(TimeProvider time) => (time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    public static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
