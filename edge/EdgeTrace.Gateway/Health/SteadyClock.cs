using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Health;

/// <summary>
/// The time readings get: the box's clock as it was when the gateway started, carried on by the monotonic clock. Somebody who sets the
/// clock, or a time server gone wrong, cannot reorder readings or break what was promised of them. A difference of up to a second is
/// slewed away; a larger one is told, and when it stands <see cref="Patience"/> long the gateway starts anew to follow it.
/// </summary>
/// <remarks>
/// CLOCK_MONOTONIC is disciplined by NTP as CLOCK_REALTIME is, except that it never steps (clock_gettime(2)): once synchronised the two
/// stay together by themselves.
/// </remarks>
sealed class SteadyClock : TimeProvider
{
    /// <summary>How long a step must stand before it is believed: time servers that are wrong are usually set right at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What is larger is a step; what is smaller is slewed, as adjtime(3) does, by 500 µs a second.</summary>
    static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);
    const double SlewMax = 500e-6;
    static readonly TimeSpan s_slewOver = TimeSpan.FromSeconds(10);

    readonly TimeProvider _box;
    readonly Lock _gate = new();
    DateTimeOffset _anchorUtc;
    long _anchor;
    double _rate = 1;
    bool _everSynchronised;
    TimeSpan _apart;
    long _apartSince;

    public SteadyClock(TimeProvider box) => (_box, _anchorUtc, _anchor) = (box, box.GetUtcNow(), box.GetTimestamp());

    /// <summary>The box's clock was set and stands: whoever runs the gateway starts it anew.</summary>
    public bool MustFollow { get; private set; }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return At(_box.GetTimestamp());
    }

    public override long GetTimestamp() => _box.GetTimestamp();
    public override long TimestampFrequency => _box.TimestampFrequency;
    public override TimeZoneInfo LocalTimeZone => _box.LocalTimeZone;
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _box.CreateTimer(callback, state, dueTime, period);

    /// <summary>Compares with the box's clock; called about once a second.</summary>
    /// <param name="kernel">What the kernel says of the box's clock.</param>
    /// <returns>How far the box's clock is ahead of this one when that is a step, otherwise zero; and how far this clock can be trusted.</returns>
    public (TimeSpan Step, TimeQuality Quality) Compare(TimeQuality kernel)
    {
        lock (_gate)
        {
            var now = _box.GetTimestamp();
            var difference = _box.GetUtcNow() - At(now);
            if (difference.Duration() <= s_step)
            {
                Slew(now, difference);
                _apart = default;
                _everSynchronised |= kernel == TimeQuality.Ntp;
                return (default, kernel);
            }
            if ((difference - _apart).Duration() > s_step) (_apart, _apartSince) = (difference, now);   // stepped (again): patience begins anew
            var firstSync = kernel == TimeQuality.Ntp && !_everSynchronised;
            MustFollow |= firstSync || _box.GetElapsedTime(_apartSince, now) >= Patience;
            return (difference, _everSynchronised ? TimeQuality.Holdover : TimeQuality.Rtc);
        }
    }

    // Never backwards: the rate stays positive.
    void Slew(long now, TimeSpan difference)
    {
        (_anchorUtc, _anchor) = (At(now), now);
        _rate = 1 + Math.Clamp(difference / s_slewOver, -SlewMax, SlewMax);
    }

    DateTimeOffset At(long timestamp) => _anchorUtc + _box.GetElapsedTime(_anchor, timestamp) * _rate;
}
