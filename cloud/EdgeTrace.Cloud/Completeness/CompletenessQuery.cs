using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Completeness;

/// <summary><c>/api/v1/completeness</c>: from the ledger alone but for what is live: heartbeats, silent gateways, what is on the way.</summary>
sealed class CompletenessQuery(SiteModel site, LedgerReader ledger, CompletenessProjection projection, StatusQuery status, EquipmentBoard equipment, TimeProvider time)
{
    public const int IntervalsMax = 500;

    /// <summary>Losses of a span that are looked at; a gateway tells some a day. Rather no answer than one that leaves some out.</summary>
    const int LossesMax = 100_000;

    /// <summary>A quarter: what pharmacy reports on. A year of a hundred streams would be nearly a million rows.</summary>
    public const int DaysMax = 92;

    /// <summary>Seals, heartbeats and this projection each take a second or two, a Wi-Fi roam ten; a reader may hold its reports for a minute.</summary>
    static readonly TimeSpan LagMax = TimeSpan.FromSeconds(30);

    readonly SiteHours _hours = new(site.TimeZone);

    public DateOnly Today => _hours.DayOf(time.NowUs());

    public CompletenessView Day(DateOnly day)
    {
        var (fromUs, toUs, nowUs) = Span(day, day);
        var grid = Grid(day, Known(nowUs), ledger.Received(fromUs - StreamDay.MarginUs, toUs + StreamDay.MarginUs), Losses(fromUs, toUs), nowUs);
        var onTheWay = status.Streams().ToDictionary(s => (s.Gateway, s.Stream), s => s.Sealed - s.Upto);
        var intervals = grid.Intervals;
        return new(
            day, site.TimeZone.Id, EventTime.FromUs(fromUs), EventTime.FromUs(toUs), EventTime.FromUs(nowUs), grid.Totals, grid.Hours, grid.Streams(onTheWay),
            [.. intervals.Take(IntervalsMax)], Math.Max(0, intervals.Count - IntervalsMax));
    }

    public CompletenessDays Days(DateOnly from, DateOnly to)
    {
        var (fromUs, toUs, nowUs) = Span(from, to);
        var received = ledger.Received(fromUs - StreamDay.MarginUs, toUs + StreamDay.MarginUs);
        var (losses, streams) = (Losses(fromUs, toUs), Known(nowUs));
        var days = new List<CompletenessDay>();
        for (var day = from; day <= to; day = day.AddDays(1)) days.Add(new(day, Grid(day, streams, received, losses, nowUs).Totals));
        return new(from, to, site.TimeZone.Id, EventTime.FromUs(nowUs), Sum([.. days.Select(d => d.Totals)]), days);
    }

    DayGrid Grid(DateOnly day, IReadOnlyList<StreamKnown> streams, IReadOnlyList<ReceivedHour> received, IReadOnlyList<LossFact> losses, long nowUs)
    {
        var (fromUs, toUs, _) = Span(day, day);
        var (beginUs, endUs) = (fromUs - StreamDay.MarginUs, toUs + StreamDay.MarginUs);
        var (first, last) = (FirstAt(received, beginUs), FirstAt(received, endUs));
        return new(site, new(
            day, fromUs, toUs, nowUs, [.. received.Skip(first).Take(last - first)], [.. losses.Where(l => l.ToUs >= beginUs && l.FromUs < endUs)], streams));
    }

    /// <exception cref="TooManyLossesException">There are more than can be shown.</exception>
    IReadOnlyList<LossFact> Losses(long fromUs, long toUs)
    {
        var losses = ledger.Losses(fromUs - StreamDay.MarginUs, toUs + StreamDay.MarginUs, LossesMax + 1);
        return losses.Count <= LossesMax ? losses : throw new TooManyLossesException(LossesMax);
    }

    /// <summary>Every stream that has ever said anything, and those of the site model that should have.</summary>
    List<StreamKnown> Known(long nowUs)
    {
        var marks = projection.Marks.GroupBy(m => (m.Gateway, m.Stream)).ToList();
        var begun = marks.Select(m => m.Min(e => e.SinceUs)).DefaultIfEmpty(long.MaxValue).Min();
        var known = marks.Select(m => StreamOf(m.Key.Gateway, m.Key.Stream, m.Min(e => e.SinceUs), m.Max(e => e.ThroughUs), m.Max(e => e.HeardUs), nowUs)).ToList();
        if (begun == long.MaxValue) return known;
        var heard = marks.Select(m => m.Key).ToHashSet();
        foreach (var (gateway, stream) in Modelled().Where(s => !heard.Contains(s))) known.Add(StreamOf(gateway, stream, long.MaxValue, begun, 0, nowUs));
        return known;
    }

    IEnumerable<(string Gateway, string Stream)> Modelled() =>
    [
        .. site.Points.Select(p => (p.Gateway, StreamName.Samples(p.Id))), .. site.Portals.Select(p => (p.Gateway, StreamName.Reads(p.Id))),
        .. site.Scanners.Select(s => (s.Gateway, StreamName.Scans(s.Id))),
    ];

    StreamKnown StreamOf(string gateway, string stream, long sinceUs, long throughUs, long heardUs, long nowUs)
    {
        var split = StreamName.TrySplit(stream, out var kind, out var name);
        var every = split && kind == StreamKind.Samples ? site.Point(name, nowUs)?.Every : null;
        var silentUs = equipment.SilentSinceUs(gateway);
        var excuse = silentUs is { } since ? $"Gateway {CauseWords.NameOf(site, gateway)} has not been heard since {Clock(since, nowUs)}" : "";
        // Of a gateway that is known to be away nothing is waited for.
        var lagMax = silentUs is null ? LagMax + (every ?? TimeSpan.Zero) * 3 : TimeSpan.Zero;
        // A reader that is away cannot hold the watermark for ever, and says what it missed only when it is back.
        if (excuse.Length == 0 && split && kind == StreamKind.Reads && ReaderAway(gateway) is { } away && heardUs < away.SinceUs && away.SinceUs < throughUs)
            (throughUs, excuse) = (away.SinceUs, $"Reader {away.Name} of gateway {CauseWords.NameOf(site, gateway)} is {away.State}");
        return new(gateway, stream, sinceUs, throughUs, every, lagMax, excuse, at => Owner(split, kind, name, at) == gateway);
    }

    string Clock(long atUs, long nowUs) => _hours.Local(atUs).ToString(_hours.DayOf(atUs) == _hours.DayOf(nowUs) ? "HH:mm" : "ddd d MMM HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    EquipmentState? ReaderAway(string gateway) =>
        equipment.ChildrenOf(gateway).Where(s => s.Kind == "reader" && s.State is not ("fine" or "connected" or "overflowed")).OrderBy(s => s.SinceUs).FirstOrDefault();

    string? Owner(bool split, StreamKind kind, string name, long atUs) => !split ? null : kind switch
    {
        StreamKind.Samples => site.Point(name, atUs)?.Gateway,
        StreamKind.Reads => site.Portal(name, atUs)?.Gateway,
        StreamKind.Scans => site.Scanner(name)?.Gateway,
        // Nobody waits for a gateway to change its mind.
        _ => null,
    };

    (long FromUs, long ToUs, long NowUs) Span(DateOnly from, DateOnly to) => (_hours.Day(from).FromUs, _hours.Day(to).ToUs, time.NowUs());

    static CompletenessTotals Sum(IReadOnlyList<CompletenessTotals> all) => new(
        all.Sum(t => t.Received), all.Sum(t => t.Lost), all.Sum(t => t.Uncounted), all.Sum(t => t.BlindSeconds), all.Sum(t => t.UnknownSeconds), all.Sum(t => t.Faults),
        all.Sum(t => t.Unplaced), all.Sum(t => t.Intervals), all.All(t => t.Complete));

    /// <summary>Where the rows of an hour begin: they are in order of it.</summary>
    static int FirstAt(IReadOnlyList<ReceivedHour> rows, long hourUs)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rows[middle].HourUs < hourUs) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}

/// <summary>A span with more losses than an answer can hold.</summary>
sealed class TooManyLossesException(int max) : Exception($"More than {max} losses were told in this time");
