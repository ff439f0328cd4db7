namespace EdgeTrace.Gateway.Uplink;

/// <summary>How long to wait before trying again: full jitter over 1 s, 2 s, 4 s … so that 500 gateways do not come back in one second.</summary>
sealed class RetryDelay(TimeSpan max, Random random)
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    int _failures;

    public TimeSpan Next()
    {
        var ceiling = Math.Min(First.TotalSeconds * Math.Pow(2, _failures), max.TotalSeconds);
        if (_failures < 30) _failures++;
        // Never quite at once: a broker that kicks at connect must not be hammered.
        return TimeSpan.FromSeconds(Math.Max(0.1, random.NextDouble() * ceiling));
    }

    /// <summary>The cloud has acknowledged on a session that lasts: connecting is not the trouble. A mere TCP connection would not show that.</summary>
    public void Reset() => _failures = 0;
}
