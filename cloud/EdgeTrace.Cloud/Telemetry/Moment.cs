namespace EdgeTrace.Cloud.Telemetry;

/// <summary>One look for all instruments of one scrape, so that what belongs together was seen together and is asked for once.</summary>
sealed class Moment<T>(Func<T> look, TimeProvider time, TimeSpan? lasts = null)
    where T : class
{
    /// <summary>Longer than a collection takes, far shorter than the pause between two.</summary>
    readonly TimeSpan _lasts = lasts ?? TimeSpan.FromMilliseconds(200);
    readonly Lock _gate = new();
    T? _seen;
    long _at;

    public T Now()
    {
        lock (_gate)
        {
            if (_seen is not null && time.GetElapsedTime(_at) < _lasts) return _seen;
            (_seen, _at) = (look(), time.GetTimestamp());
            return _seen;
        }
    }
}
