using EdgeTrace.Api;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Completeness;

/// <summary>Something a stream lacks for a time, before it is put into words.</summary>
/// <param name="Readings">Null: cannot be counted.</param>
readonly record struct Missing(string Cause, HourState State, long FromUs, long ToUs, long? Readings, string Detail)
{
    public const string Faults = "faults", Silence = "silence", Pending = "pending";

    /// <summary>The detail of what is pending because its stream has not said a word yet.</summary>
    public const string Never = "Nothing has ever been received there";

    /// <summary>An instant belongs to the hour it is in, a stretch to every hour it has a part of.</summary>
    public bool Touches(long fromUs, long toUs) => FromUs < toUs && (ToUs > fromUs || FromUs == ToUs && FromUs >= fromUs);

    public Missing Within(long fromUs, long toUs) => this with { FromUs = Math.Clamp(FromUs, fromUs, toUs), ToUs = Math.Clamp(ToUs, fromUs, toUs) };
}

/// <summary>What is known of one stream, to judge a day of it by.</summary>
/// <param name="SinceUs">Nothing is known of it before; <see cref="long.MaxValue"/>: never heard.</param>
/// <param name="ThroughUs">Nothing older than this follows.</param>
/// <param name="Every">How often a point measures; null where silence is nothing strange.</param>
/// <param name="LagMax">How far the watermark may stay behind the clock before somebody is told.</param>
/// <param name="Excuse">Why the watermark does not move; empty when that is not known.</param>
/// <param name="Expected">Whether this gateway owned the stream at an event time.</param>
sealed record StreamKnown(
    string Gateway, string Stream, long SinceUs, long ThroughUs, TimeSpan? Every, TimeSpan LagMax, string Excuse, Func<long, bool> Expected);

/// <summary>One stream between two instants: what is missing and why. Pure.</summary>
static class StreamDay
{
    /// <summary>Three readings missed are worth a word (the page calls a point stale then, too); in whole minutes, for no more is kept.</summary>
    const int MissedMax = 3;

    /// <summary>Rows so far before and after a day are needed to see a silence over midnight: the longest rhythm is an hour.</summary>
    public const long MarginUs = 4 * SiteHours.HourUs;

    /// <param name="received">The stream's rows of the day and <see cref="MarginUs"/> about it.</param>
    /// <param name="losses">The same of its losses.</param>
    public static List<Missing> Look(StreamKnown known, IReadOnlyList<ReceivedHour> received, IReadOnlyList<LossFact> losses, long fromUs, long toUs, long nowUs)
    {
        var missing = losses.Select(Of).Where(m => m.Touches(fromUs, toUs)).ToList();
        missing.AddRange(Faults(received, fromUs, toUs));
        if (known.Every is { } every && known.SinceUs != long.MaxValue) missing.AddRange(Silences(known, every, received, losses, fromUs, toUs, nowUs));
        if (Pending(known, fromUs, Math.Min(toUs, nowUs), nowUs) is { } pending) missing.Add(pending);
        return missing;
    }

    static Missing Of(LossFact loss) =>
        new(loss.Cause, loss.Cause == LossCauses.Blind ? HourState.Blind : HourState.Gap, loss.FromUs, loss.ToUs, loss.Readings, loss.Detail);

    /// <summary>The instrument was asked and had no value: as blind as if nobody had asked.</summary>
    static IEnumerable<Missing> Faults(IReadOnlyList<ReceivedHour> received, long fromUs, long toUs)
    {
        Missing? open = null;
        foreach (var hour in received.Where(r => r.Faults > 0 && r.Placed && r.HourUs >= fromUs && r.HourUs < toUs))
        {
            if (open is { } before && before.ToUs == hour.HourUs)
            {
                open = before with { ToUs = hour.HourUs + SiteHours.HourUs, Readings = before.Readings + hour.Faults };
                continue;
            }
            if (open is { } done) yield return done;
            open = new(Missing.Faults, HourState.Blind, hour.HourUs, hour.HourUs + SiteHours.HourUs, hour.Faults, "");
        }
        if (open is { } last) yield return last;
    }

    static IEnumerable<Missing> Silences(
        StreamKnown known, TimeSpan every, IReadOnlyList<ReceivedHour> received, IReadOnlyList<LossFact> losses, long fromUs, long toUs, long nowUs)
    {
        var baseUs = fromUs - MarginUs;
        var accounted = new bool[(toUs + MarginUs - baseUs) / SiteHours.MinuteUs];
        void Account(long minute)
        {
            if (minute >= 0 && minute < accounted.Length) accounted[minute] = true;
        }
        foreach (var hour in received.Where(r => r.Placed))
            for (var bit = 0; bit < 60; bit++)
                if ((hour.Minutes & 1L << bit) != 0) Account((hour.HourUs - baseUs) / SiteHours.MinuteUs + bit);
        foreach (var loss in losses)
            for (var minute = Math.Max(0, (loss.FromUs - baseUs) / SiteHours.MinuteUs); minute <= (loss.ToUs - baseUs) / SiteHours.MinuteUs && minute < accounted.Length; minute++) Account(minute);
        // The minute it began in and the one it has come to are not whole.
        var first = Math.Clamp((known.SinceUs - baseUs) / SiteHours.MinuteUs + 1, 0, accounted.Length);
        var last = Math.Clamp((Math.Min(known.ThroughUs, nowUs) - baseUs) / SiteHours.MinuteUs, 0, accounted.Length);
        var longMax = Math.Max(1, (int)Math.Ceiling(MissedMax * every.TotalMinutes));
        for (var at = first; at < last; at++)
        {
            if (accounted[at]) continue;
            var begin = at;
            while (at < last && !accounted[at]) at++;
            if (at - begin < longMax) continue;
            var silence = new Missing(Missing.Silence, HourState.Unknown, baseUs + begin * SiteHours.MinuteUs, baseUs + at * SiteHours.MinuteUs, null, "");
            if (silence.Touches(fromUs, toUs) && known.Expected(silence.FromUs)) yield return silence.Within(fromUs, toUs);
        }
    }

    static Missing? Pending(StreamKnown known, long fromUs, long toUs, long nowUs)
    {
        var never = known.SinceUs == long.MaxValue;
        var beginUs = Math.Max(fromUs, known.ThroughUs);
        if (beginUs >= toUs || !never && nowUs - known.ThroughUs <= known.LagMax.Ticks / TimeSpan.TicksPerMicrosecond) return null;
        // Hours that belong to another gateway are not this one's to know.
        while (beginUs < toUs && !known.Expected(beginUs)) beginUs += SiteHours.MinuteUs;
        var endUs = beginUs;
        while (endUs < toUs && known.Expected(endUs)) endUs += SiteHours.MinuteUs;
        if (beginUs >= toUs) return null;
        return new(Missing.Pending, HourState.Unknown, beginUs, Math.Min(endUs, toUs), null, never ? Missing.Never : known.Excuse);
    }
}
