using EdgeTrace.Api;
using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Tests.Projections;

namespace EdgeTrace.Tests.Completeness;

public class DayGridTests
{
    static readonly DateOnly s_day = new(2026, 11, 25);
    static readonly long s_midnightUs = Stream.Us("2026-11-25T00:00:00Z");
    static readonly long s_hour = SiteHours.HourUs;

    /// <summary>A whole day of the fridge, a sample each ten seconds but between the two minutes; batches of 90.</summary>
    static List<Store.Log.LoggedBatch> Log(long fromUs, long toUs, Func<long, bool>? silent = null)
    {
        var log = new List<Store.Log.LoggedBatch>();
        var times = Enumerable.Range(0, (int)((toUs - fromUs) / 10_000_000)).Select(i => fromUs + i * 10_000_000L).Where(at => silent?.Invoke(at) != true);
        foreach (var chunk in times.Chunk(90))
        {
            var batch = Stream.Samples((ulong)log.Count + 1, chunk[0], 1);
            batch.Samples = new() { Samples = { chunk.Select(at => new Sample { TimeUs = at, MilliCelsius = 4_600 }) } };
            (batch.Header.LastUs, batch.Header.ThroughUs) = (chunk[^1], chunk[^1]);
            log.Add(batch.At(log.Count + 1));
        }
        return log;
    }

    static DayGrid Grid(LedgerCommit said, long nowUs, DateOnly? day = null, string excuse = "")
    {
        var (fromUs, toUs) = new SiteHours(SmallHospital.Site.TimeZone).Day(day ?? s_day);
        var mark = said.Marks.OrderBy(m => m.Sequence).LastOrDefault();
        var known = new StreamKnown(SmallHospital.Gateway, Stream.Fridge, said.Marks.Min(m => m.SinceUs), mark!.ThroughUs, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), excuse, _ => true);
        return new(SmallHospital.Site, new(day ?? s_day, fromUs, toUs, nowUs, [.. said.Received.OrderBy(r => r.HourUs)], said.Losses, [known]));
    }

    static IReadOnlyList<HourCell> Cells(DayGrid grid) => Assert.Single(grid.Streams(new Dictionary<(string, string), long>())).Cells;

    [Fact]
    public void A_whole_day_is_n_of_n()
    {
        var grid = Grid(Stream.Tally(Log(s_midnightUs, s_midnightUs + 24 * s_hour + 600_000_000)), s_midnightUs + 25 * s_hour);
        Assert.Equal((8640L, 0L, true, 0), (grid.Totals.Received, grid.Totals.Lost, grid.Totals.Complete, grid.Totals.Intervals));
        Assert.All(Cells(grid), cell => Assert.Equal((HourState.Full, 360L), (cell.State, cell.Received)));
        Assert.Equal(24, grid.Hours.Count);
    }

    [Theory]
    [InlineData("2026-10-25", 25)]
    [InlineData("2026-03-29", 23)]
    [InlineData("2026-11-25", 24)]
    public void A_day_has_the_hours_that_the_sites_clock_gives_it_and_none_is_counted_twice(string date, int hours)
    {
        var day = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);
        var (fromUs, toUs) = new SiteHours(SmallHospital.Site.TimeZone).Day(day);
        Assert.Equal(hours, (toUs - fromUs) / s_hour);
        var grid = Grid(Stream.Tally(Log(fromUs - s_hour, toUs + s_hour)), toUs + 2 * s_hour, day);
        Assert.Equal((hours, hours * 360L, true), (grid.Hours.Count, grid.Totals.Received, grid.Totals.Complete));
    }

    [Fact]
    public void A_batch_that_comes_a_week_late_makes_its_own_day_whole()
    {
        var log = Log(s_midnightUs, s_midnightUs + 24 * s_hour + 600_000_000).Select(b => b with { ReceivedUs = b.ReceivedUs + 7 * 24 * s_hour }).ToList();
        var grid = Grid(Stream.Tally(log), s_midnightUs + 8 * 24 * s_hour);
        Assert.Equal((8640L, true), (grid.Totals.Received, grid.Totals.Complete));
    }

    [Fact]
    public void A_restart_is_a_blind_cell_with_its_cause_and_never_a_silence_besides()
    {
        var (from, to) = (s_midnightUs + 10 * s_hour + 60_000_000, s_midnightUs + 10 * s_hour + 300_000_000);
        var log = Log(s_midnightUs, s_midnightUs + 24 * s_hour + 600_000_000, at => at > from && at < to);
        var first = log.First(b => Batch.Parser.ParseFrom(b.Body.Span).Header.FirstUs >= to);
        var told = Batch.Parser.ParseFrom(first.Body.Span).With(new Loss { Cause = LossCause.Blind, FromUs = from, ToUs = to, Detail = "the gateway was restarted" });
        log[log.IndexOf(first)] = told.At(first.Position);
        var grid = Grid(Stream.Tally(log), s_midnightUs + 25 * s_hour);
        var cell = Cells(grid)[10];
        Assert.Equal((HourState.Blind, 240.0, 0.0, 0L), (cell.State, cell.BlindSeconds, cell.UnknownSeconds, cell.Lost));
        Assert.Equal("Blind from 10:01:00 to 10:05:00 (4 min): the gateway was restarted", Assert.Single(cell.Causes).Replace("Wed 25 Nov ", "", StringComparison.Ordinal));
        var interval = Assert.Single(grid.Intervals);
        Assert.Contains("Vaccine fridge 1 could not be seen", interval.Sentence, StringComparison.Ordinal);
        Assert.True(interval.Remedy.Length > 0);
        Assert.False(grid.Totals.Complete);
    }

    [Fact]
    public void A_silence_that_nobody_explained_is_unknown_also_over_midnight()
    {
        var (from, to) = (s_midnightUs - 180_000_000, s_midnightUs + 120_000_000);
        var said = Stream.Tally(Log(s_midnightUs - 2 * s_hour, s_midnightUs + 24 * s_hour + 600_000_000, at => at >= from && at < to));
        var cell = Cells(Grid(said, s_midnightUs + 25 * s_hour))[0];
        Assert.Equal((HourState.Unknown, 120.0, 348L), (cell.State, cell.UnknownSeconds, cell.Received));
        var before = Grid(said, s_midnightUs + 25 * s_hour, s_day.AddDays(-1));
        Assert.Equal((HourState.Unknown, 180.0), (Cells(before)[23].State, Cells(before)[23].UnknownSeconds));
        Assert.Equal(Missing.Silence, Assert.Single(before.Intervals).Cause);
    }

    [Fact]
    public void A_gateway_that_is_away_leaves_its_hours_not_known_yet_and_never_full()
    {
        var leftUs = s_midnightUs + 14 * s_hour + 120_000_000;
        var said = Stream.Tally(Log(s_midnightUs, leftUs + 1));
        var grid = Grid(said, s_midnightUs + 16 * s_hour + 60_000_000, excuse: "Gateway gw-1 has not been heard since 14:02");
        var states = Cells(grid).Select(c => c.State).ToList();
        Assert.All(states[..14], s => Assert.Equal(HourState.Full, s));
        Assert.All(states[14..17], s => Assert.Equal(HourState.Unknown, s));
        Assert.All(states[17..], s => Assert.Equal(HourState.Ahead, s));
        var interval = Assert.Single(grid.Intervals);
        Assert.Equal(Missing.Pending, interval.Cause);
        Assert.Contains("is not known yet. Gateway gw-1 has not been heard since 14:02.", interval.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Lost_with_a_count_is_of_n_and_lost_without_one_stands_beside_it()
    {
        var log = Log(s_midnightUs, s_midnightUs + 24 * s_hour + 600_000_000);
        var told = Batch.Parser.ParseFrom(log[40].Body.Span).With(
            new Loss { Cause = LossCause.Thinned, Readings = 120, FromUs = s_midnightUs + 9 * s_hour + 5, ToUs = s_midnightUs + 9 * s_hour + 9, Detail = "over the outbox's disk budget" },
            new Loss { Cause = LossCause.Corrupt, FromUs = s_midnightUs + 9 * s_hour + 5, ToUs = s_midnightUs + 9 * s_hour + 9, Detail = "the segment could not be read back" });
        log[40] = told.At(log[40].Position);
        var grid = Grid(Stream.Tally(log), s_midnightUs + 25 * s_hour);
        Assert.Equal((8640L, 120L, 1, 2), (grid.Totals.Received, grid.Totals.Lost, grid.Totals.Uncounted, grid.Totals.Intervals));
        Assert.Equal((HourState.Gap, 120L), (Cells(grid)[9].State, Cells(grid)[9].Lost));
    }

    [Fact]
    public void A_probe_that_answers_with_a_fault_is_received_and_not_full()
    {
        var batch = Stream.Samples(1, s_midnightUs + 3 * s_hour, 6);
        batch.Samples.Samples[2].Fault = ProbeFault.Vanished;
        var grid = Grid(Stream.Tally([batch.At(1)]), s_midnightUs + 3 * s_hour + 60_000_000);
        Assert.Equal((HourState.Blind, 6L, 1L), (Cells(grid)[3].State, Cells(grid)[3].Received, Cells(grid)[3].Faults));
        Assert.Contains("1 reading of Vaccine fridge 1 between 03:00:00 and 03:01:00 carry a fault of the probe", Assert.Single(grid.Intervals).Sentence, StringComparison.Ordinal);
    }
}
