using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Completeness;

/// <summary>What the ledger and the live gateways know for a day: everything the grid is made of.</summary>
/// <param name="Received">Of the day and <see cref="StreamDay.MarginUs"/> about it.</param>
/// <param name="Losses">The same.</param>
sealed record DayKnown(
    DateOnly Day, long FromUs, long ToUs, long NowUs, IReadOnlyList<ReceivedHour> Received, IReadOnlyList<LossFact> Losses, IReadOnlyList<StreamKnown> Streams);

/// <summary>Makes the cells, rows, totals and intervals of one day. Pure.</summary>
sealed class DayGrid
{
    readonly CauseWords _words;
    readonly DayKnown _known;
    readonly List<long> _hours = [];
    readonly List<Row> _rows = [];

    public DayGrid(SiteModel site, DayKnown known)
    {
        (_words, _known) = (new(site, known.NowUs), known);
        for (var at = known.FromUs; at < known.ToUs; at += SiteHours.HourUs) _hours.Add(at);
        var received = known.Received.ToLookup(r => (r.Gateway, r.Stream));
        var losses = known.Losses.ToLookup(l => (l.Gateway, l.Stream));
        foreach (var stream in known.Streams)
        {
            var name = StreamLabel.Of(site, stream.Stream, known.FromUs);
            var hours = received[(stream.Gateway, stream.Stream)].ToList();
            var missing = StreamDay.Look(stream, hours, [.. losses[(stream.Gateway, stream.Stream)]], known.FromUs, known.ToUs, known.NowUs);
            var here = hours.Where(h => h.HourUs >= known.FromUs && h.HourUs < known.ToUs).ToList();
            if (here.Count > 0 && name.IsReading || missing.Count > 0 || name.IsReading && stream.SinceUs < known.ToUs && stream.Expected(Math.Max(stream.SinceUs, known.FromUs)))
                _rows.Add(new(stream, name, here, missing));
        }
        _rows.Sort((a, b) => (a.Label.Order, a.Label.Name, a.Known.Gateway).CompareTo((b.Label.Order, b.Label.Name, b.Known.Gateway)));
        Intervals = _words.Intervals(_rows.SelectMany(r => r.Missing.Select(m => (r.Known, r.Label, Missing: m.Within(known.FromUs, Math.Min(known.ToUs, Math.Max(known.NowUs, known.FromUs)))))));
    }

    public IReadOnlyList<DateTimeOffset> Hours => [.. _hours.Select(EventTime.FromUs)];

    /// <summary>Everything to explain, earliest first.</summary>
    public IReadOnlyList<MissingInterval> Intervals { get; }

    public CompletenessTotals Totals => Total(_rows.Where(r => r.Label.IsReading).ToList(), _rows.SelectMany(r => r.Missing), Intervals.Count);

    public IReadOnlyList<StreamCompleteness> Streams(IReadOnlyDictionary<(string, string), long> onTheWay) => [.. _rows.Select(row => new StreamCompleteness(
        row.Known.Gateway, row.Known.Stream, row.Label.Kind, row.Label.Name, row.Label.Place, Total([row], row.Missing, row.Missing.Count),
        onTheWay.GetValueOrDefault((row.Known.Gateway, row.Known.Stream)), [.. _hours.Select(hour => Cell(row, hour))]))];

    HourCell Cell(Row row, long fromUs)
    {
        var toUs = Math.Min(fromUs + SiteHours.HourUs, _known.ToUs);
        var hours = row.Hours.Where(h => h.HourUs == fromUs && h.Placed).ToList();
        var missing = row.Missing.Where(m => m.Touches(fromUs, toUs)).ToList();
        var received = hours.Sum(h => h.Readings);
        var state = missing.Count > 0 ? missing.Max(m => m.State)
            : received > 0 ? HourState.Full
            : fromUs >= _known.NowUs ? HourState.Ahead
            : row.Known.SinceUs >= toUs || !row.Known.Expected(Math.Max(fromUs, row.Known.SinceUs)) ? HourState.Before
            : HourState.Full;
        return new(
            state, received, missing.Where(m => m.FromUs >= fromUs).Sum(Lost), hours.Sum(h => h.Faults), Seconds(missing, HourState.Blind, fromUs, toUs),
            Seconds(missing, HourState.Unknown, fromUs, toUs), [.. missing.Select(m => _words.Short(m)).Distinct()]);
    }

    CompletenessTotals Total(IReadOnlyList<Row> rows, IEnumerable<Missing> missing, int intervals)
    {
        var all = missing.ToList();
        double Sum(HourState state) => rows.Sum(r => Seconds(r.Missing, state, _known.FromUs, _known.ToUs));
        return new(
            rows.Sum(r => r.Hours.Where(h => h.Placed).Sum(h => h.Readings)), rows.Sum(r => r.Missing.Where(m => m.FromUs >= _known.FromUs).Sum(Lost)),
            all.Count(m => m.State == HourState.Gap && m.Readings is null), Sum(HourState.Blind), Sum(HourState.Unknown), rows.Sum(r => r.Hours.Sum(h => h.Faults)),
            rows.Sum(r => r.Hours.Where(h => !h.Placed).Sum(h => h.Readings)), intervals, all.Count == 0);
    }

    /// <summary>Counted where it began, so that no two days count it.</summary>
    static long Lost(Missing missing) => missing.State == HourState.Gap ? missing.Readings ?? 0 : 0;

    /// <summary>Where two intervals overlap, once. A faulty probe has readings to show for its time, so that is no time nobody looked.</summary>
    static double Seconds(IEnumerable<Missing> missing, HourState state, long fromUs, long toUs)
    {
        var (us, reachedUs) = (0L, fromUs);
        foreach (var one in missing.Where(m => m.State == state && m.Cause != Missing.Faults).OrderBy(m => m.FromUs))
        {
            var (beginUs, endUs) = (Math.Max(one.FromUs, reachedUs), Math.Min(one.ToUs, toUs));
            if (endUs <= beginUs) continue;
            us += endUs - beginUs;
            reachedUs = endUs;
        }
        return us / 1e6;
    }

    sealed record Row(StreamKnown Known, StreamLabel Label, IReadOnlyList<ReceivedHour> Hours, IReadOnlyList<Missing> Missing);
}
