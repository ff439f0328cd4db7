using CsCheck;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.ColdChain;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Readings;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Api;

/// <summary>The figures of a period beside a slow oracle that looks at every second by itself.</summary>
public sealed class PeriodTests : IDisposable
{
    const long Second = 1_000_000;
    const long Start = SmallHospital.StartUs / (3600 * Second) * 3600 * Second;   // a whole hour

    /// <summary>A fridge that becomes a blood fridge after an hour: other limits, another gap (3 min), another rhythm.</summary>
    static readonly string s_points = $$$"""
        "points":[{"id":"fridge-1","name":"Vaccine fridge 1","location":"pharmacy","gateway":"gw-1","class":"fridge-2-8","every":"00:00:10",
                   "probe":{"serial":"28-0001","certificate":"UKAS 0001/26","calibratedAt":"2026-01-10","calibratedUntil":"2027-01-09"}},
                  {"id":"fridge-1","name":"Vaccine fridge 1","location":"pharmacy","gateway":"gw-1","class":"blood-2-6","every":"00:00:20","validFrom":"{{{EventTime.FromUs(Start + 3600 * Second):O}}}"},
                  {"id":"freezer-1","name":"Freezer","location":"pharmacy","gateway":"gw-1","class":"freezer","every":"00:00:10"}] }
        """;

    static readonly SiteModel s_site = SiteModelFile.Read("site.json", SmallHospital.Json[..SmallHospital.Json.IndexOf("\"points\"", StringComparison.Ordinal)] + s_points);

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-period-");
    readonly FakeTimeProvider _time = new(EventTime.FromUs(Start + 30 * 86_400 * Second));
    readonly ReadingsStore _store;
    readonly SampleReader _samples;

    public PeriodTests()
    {
        _store = ReadingsStore.Open(Path.Combine(_folder.FullName, "readings.db"));
        _samples = new(Path.Combine(_folder.FullName, "readings.db"));
    }

    public void Dispose()
    {
        _store.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    // Stretches at a level: how many readings, seconds between them, a pause before, and every n-th faulty. Two hours and more, over the change of limits.
    static readonly double[] s_levels = [-1, 1.9, 2, 4.5, 6, 6.1, 8, 8.1, 14];
    static readonly Gen<List<(long AtUs, int? Milli)>> s_series =
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 45], Gen.Int[0, 700], Gen.Int[0, s_levels.Length - 1], Gen.Int[2, 30]).Array[1, 14].Select(stretches =>
        {
            var series = new List<(long, int?)>();
            var at = Start;
            foreach (var (count, every, pause, level, faulty) in stretches)
            {
                at += pause * Second;
                for (var i = 1; i <= count; i++)
                {
                    series.Add((at, i % faulty == 0 ? null : (int)(s_levels[level] * 1000) + i % 3));
                    at += every * Second;
                }
            }
            return series;
        });

    // Ten hours of a fridge that does what it should, and then does not for a while.
    static readonly Gen<List<(long AtUs, int? Milli)>> s_quiet = Gen.Select(Gen.Int[0, 30_000], Gen.Int[0, 900], Gen.Int[0, s_levels.Length - 1]).Select((odd, lasts, level) =>
        Enumerable.Range(0, 1800).Select(i => (AtUs: Start + i * 20 * Second + 3 * Second, Second: i * 20)).Where(s => level != 0 || s.Second < odd || s.Second >= odd + lasts)
            .Select(s => (s.AtUs, (int?)(s.Second >= odd && s.Second < odd + lasts ? (int)(s_levels[level] * 1000) : 4000 + s.Second / 10 % 90 * 10))).ToList());

    [Fact]
    public void Every_figure_is_what_looking_at_each_second_gives() =>
        Gen.Select(s_series, Gen.Int[-900, 6000], Gen.Int[1, 5000], Gen.Int[-600, 9000]).Sample((series, from, length, now) =>
        {
            var (fromUs, toUs, nowUs) = (Start + from * Second, Start + (from + length) * Second, Start + now * Second);
            // What is later than now has not come yet.
            var known = series.Where(s => s.AtUs <= nowUs).ToList();
            var sums = Fold(known, fromUs, Math.Min(toUs, nowUs), nowUs);
            var slow = Slow(known, fromUs, Math.Min(toUs, nowUs), nowUs);
            Assert.Equal((slow.InUs, slow.AboveUs, slow.BelowUs, slow.Readings, slow.Faulty), (sums.InUs, sums.AboveUs, sums.BelowUs, sums.Readings, sums.Faulty));
            Assert.Equal(slow.Held.Sum(h => h.Value), sums.SeenUs);
            Assert.Equal(slow.Held.OrderBy(h => h.Key), sums.Held.OrderBy(h => h.Key));
            if (slow.Readings == 0) return;
            Assert.Equal((slow.Lowest, slow.Highest), (sums.Lowest, sums.Highest));
            Assert.Equal(slow.MeanMilli, sums.MeanMilli, 1e-9);
        }, iter: 400);

    [Fact]
    public void Two_periods_side_by_side_add_up_to_the_one_that_holds_both() =>
        Gen.Select(s_series, Gen.Int[-900, 4000], Gen.Int[1, 3000], Gen.Int[1, 3000]).Sample((series, from, first, second) =>
        {
            var (a, b, c) = (Start + from * Second, Start + (from + first) * Second, Start + (from + first + second) * Second);
            var now = Start + 30 * 86_400 * Second;
            var (left, right, whole) = (Fold(series, a, b, now), Fold(series, b, c, now), Fold(series, a, c, now));
            Assert.Equal(
                (whole.InUs, whole.AboveUs, whole.BelowUs, whole.Readings, whole.Faulty),
                (left.InUs + right.InUs, left.AboveUs + right.AboveUs, left.BelowUs + right.BelowUs, left.Readings + right.Readings, left.Faulty + right.Faulty));
        }, iter: 300);

    [Fact]
    public void By_the_minute_and_by_the_hour_the_times_in_and_out_of_the_limits_are_those_of_every_reading() =>
        Gen.Select(s_series, s_quiet, Gen.Int[-900, 30_000], Gen.Int[200, 36_000], Gen.Bool).Sample((restless, quiet, from, length, byTheHour) =>
        {
            var limits = PeriodSamples.Steps(s_site.PointHistory("fridge-1"));
            List<(long AtUs, int? Milli)> series = [.. restless, .. quiet.Where(q => q.AtUs > restless[^1].AtUs)];
            var (fromUs, toUs, nowUs) = (Start + from * Second, Start + (from + length) * Second, Start + 30 * 86_400 * Second);
            var byReading = Fold(series, fromUs, toUs, nowUs);
            using var fresh = new Series(series);
            var fold = new PeriodFold(limits, fromUs, toUs, nowUs);
            new PeriodSamples(fresh.Samples, fresh.Kept).FillBy((byTheHour ? 3600 : 60) * Second, fold, "fridge-1", fromUs, toUs);
            var byMinute = fold.End();
            Assert.Equal(
                (byReading.InUs, byReading.AboveUs, byReading.BelowUs, byReading.Readings, byReading.Faulty, byReading.Lowest.Milli, byReading.Highest.Milli),
                (byMinute.InUs, byMinute.AboveUs, byMinute.BelowUs, byMinute.Readings, byMinute.Faulty, byMinute.Lowest.Milli, byMinute.Highest.Milli));
            if (byReading.SeenUs == 0) return;
            Assert.Equal(byReading.MeanMilli, byMinute.MeanMilli, 1e-6);
            // It may be too high by what the span of an uneventful hour makes of it; too low only by how unevenly these readings come within a minute.
            var excess = MeanKineticTemperature.Of(PeriodFold.Weighted(byMinute)) - MeanKineticTemperature.Of(PeriodFold.Weighted(byReading));
            Assert.InRange(excess, -0.1, 0.2);
        }, iter: 80);

    [Fact]
    public async Task A_day_with_a_gap_a_fault_and_a_warm_hour_says_so_in_plain_figures()
    {
        // 24 h from the change of limits on, at 20 s: an hour at 7 °C, a gap of an hour, one faulty reading.
        var begin = Start + 3600 * Second;
        for (var i = 0; i <= 24 * 180; i++)
        {
            var hour = i / 180;
            if (hour != 20) Put("fridge-1", begin + i * 20 * Second, i == 5 ? null : hour == 3 ? 7000 : 4000);
        }
        Flush();
        var period = await AskAsync("fridge-1", 3600, 3600 + 86_400);
        var figures = period.Figures;
        Assert.Equal((22 * 3600.0 - 20, 3600.0, 0.0, 3620.0), (figures.SecondsIn, figures.SecondsAbove, figures.SecondsBelow, figures.SecondsUnseen));
        Assert.Equal((23L * 180 - 1, 1L, 24L * 180), (figures.Readings, figures.Faulty, figures.Expected));
        Assert.Equal((4.0, 7.0), (figures.Lowest, figures.Highest));
        Assert.Equal(4.0 + 3.0 * 180 / (23 * 180 - 1), figures.Mean!.Value, 1e-9);
        Assert.InRange(figures.Kinetic!.Value, figures.Mean.Value, 7);
        var setting = Assert.Single(period.Settings);
        Assert.Equal((2.0, 6.0, 20.0), (setting.Low, setting.High, setting.EverySeconds));
        Assert.Null(period.Door);
    }

    [Fact]
    public async Task A_change_of_limits_is_a_step_with_the_probe_of_its_time()
    {
        Put("fridge-1", Start, 7000);
        Flush();
        var period = await AskAsync("fridge-1", 0, 7200);
        var change = EventTime.FromUs(Start + 3600 * Second);
        Assert.Equal([(period.From, change, 8.0), (change, period.To, 6.0)], period.Settings.Select(s => (s.From, s.To, s.High!.Value)));
        Assert.Equal(("28-0001", "UKAS 0001/26", EdgeTrace.Api.Severity.Fine), (period.Settings[0].Probe!.Serial, period.Settings[0].Probe!.Certificate, period.Settings[0].Probe!.State));
        Assert.Null(period.Settings[1].Probe);
        Assert.Contains("class changed", period.Figures.KineticReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_must_not_be_said_is_not_said_and_says_why()
    {
        for (var i = 0; i < 60; i++)
        {
            Put("freezer-1", Start + i * 10 * Second, -20_000);
            if (i < 20) Put("fridge-1", Start + i * 10 * Second, 4000);
        }
        Put("fridge-1", Start + 600 * Second, 1500);
        Put("fridge-1", Start + 610 * Second, 1500);
        Flush();
        Assert.Contains("frozen", (await AskAsync("freezer-1", 0, 600)).Figures.KineticReason, StringComparison.Ordinal);
        Assert.Contains("90 %", (await AskAsync("fridge-1", 0, 590)).Figures.KineticReason, StringComparison.Ordinal);
        Assert.Contains("1.5 °C", (await AskAsync("fridge-1", 600, 610)).Figures.KineticReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_first_reading_nothing_is_missed()
    {
        for (var i = 0; i <= 360; i++) Put("fridge-1", Start + i * 10 * Second, 4000);
        Flush();
        var before = await AskAsync("fridge-1", -7200, -3600);
        Assert.Equal((0.0, 0L, 0L), (before.Figures.SecondsUnseen, before.Figures.Readings, before.Figures.Expected));
        Assert.Equal("there is no reading", before.Figures.KineticReason);
        var half = await AskAsync("fridge-1", -3600, 3600);
        Assert.Equal((3600.0, 0.0, 360L, 360L), (half.Figures.SecondsIn, half.Figures.SecondsUnseen, half.Figures.Readings, half.Figures.Expected));
    }

    [Fact]
    public void Doors_and_mains_are_counted_over_the_edges_of_the_period()
    {
        StateChange[] door = [new(-50, true), new(100, false), new(300, true), new(310, true), new(400, false), new(900, true)];
        var held = HeldFold.Of(door, on: true, 0, 1000, spansMax: 1000);
        Assert.Equal((3, 300e-6), (held.Times, held.Seconds));
        Assert.Equal([(0L, 100L), (300L, 400L), (900L, 1000L)], held.Spans.Select(s => (EventTime.ToUs(s.From), EventTime.ToUs(s.To))));
        var together = HeldFold.Of(door, on: true, 0, 1000, spansMax: 3);
        Assert.Equal((3, 300e-6, 2), (together.Times, together.Seconds, together.Spans.Count));
        Assert.Equal((1, 100e-6), HeldFold.Of([new(0, false), new(100, true)], on: false, 0, 1000, 1000) switch { var mains => (mains.Times, mains.Seconds) });
    }

    [Theory]
    [InlineData("2027-06-01", EdgeTrace.Api.Severity.Fine, "")]
    [InlineData("2026-11-30", EdgeTrace.Api.Severity.Note, "in 8 days")]
    [InlineData("2026-11-22", EdgeTrace.Api.Severity.Warning, "today")]
    [InlineData("2026-11-21", EdgeTrace.Api.Severity.Warning, "ran out on 21 Nov 2026")]
    public void A_certificate_says_when_it_is_time(string until, EdgeTrace.Api.Severity state, string words)
    {
        var view = ProbeWords.Of(new("1", null, null, DateOnly.Parse(until, System.Globalization.CultureInfo.InvariantCulture)), new(2026, 11, 22))!;
        Assert.Equal(state, view.State);
        Assert.Contains(words, view.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_points_mistakes_are_named_with_their_cure()
    {
        var wrong = SmallHospital.Json[..SmallHospital.Json.IndexOf("\"points\"", StringComparison.Ordinal)] + s_points
            .Replace("\"serial\":\"28-0001\"", "\"serial\":\" \"", StringComparison.Ordinal).Replace("2027-01-09", "2025-01-09", StringComparison.Ordinal);
        var mistakes = Assert.Throws<SiteModelException>(() => SiteModelFile.Read("site.json", wrong)).Errors;
        Assert.Equal(2, mistakes.Count);
        Assert.Contains("no serial", mistakes[0], StringComparison.Ordinal);
        Assert.Contains("not after calibratedAt", mistakes[1], StringComparison.Ordinal);
        var unjudged = SmallHospital.Json.Replace("fridge-2-8", "fridge-28", StringComparison.Ordinal);
        Assert.Contains("class \"fridge-28\" is none of fridge-2-8", Assert.Single(Assert.Throws<SiteModelException>(() => SiteModelFile.Read("site.json", unjudged)).Errors), StringComparison.Ordinal);
        wrong = wrong.Replace("2026-01-10", "10/1/2026", StringComparison.Ordinal);
        Assert.Contains(Assert.Throws<SiteModelException>(() => SiteModelFile.Read("site.json", wrong)).Errors, m => m.Contains("calibratedAt \"10/1/2026\" is no date", StringComparison.Ordinal));
    }

    readonly List<StoredSample> _put = [];

    void Put(string point, long atUs, int? milli) => _put.Add(new(point, "temperature", atUs * 1000, milli, null, milli is null ? "Checksum" : ""));

    void Flush() => _store.Write(_put, [], _store.Cursor);

    /// <summary>What the API would answer of these seconds after the start.</summary>
    async Task<PointPeriod> AskAsync(string point, int from, int to)
    {
        var path = Path.Combine(_folder.FullName, "ledger.db");
        await LedgerWriter.Open(path, _time).DisposeAsync();
        var ledger = new LedgerReader(path);
        var query = new PeriodQuery(s_site, _store, _samples, ledger, _time);
        return query.Of(point, EventTime.FromUs(Start + from * Second), EventTime.FromUs(Start + to * Second))!;
    }

    static PeriodSums Fold(List<(long AtUs, int? Milli)> series, long fromUs, long toUs, long nowUs)
    {
        var fold = new PeriodFold(PeriodSamples.Steps(s_site.PointHistory("fridge-1")), fromUs, toUs, nowUs);
        foreach (var (atUs, milli) in series.Where(s => s.AtUs >= fold.SinceUs && s.AtUs <= fold.UntilUs)) fold.Add(Stretch(atUs, milli));
        return fold.End();
    }

    static SampleStretch Stretch(long atUs, int? milli) => milli is { } good ? new(atUs, good, good, good, 1, 0) : new(atUs, 0, 0, 0, 0, 1);

    /// <summary>Second by second: which reading holds now, is it known to, and what are the limits now.</summary>
    static PeriodSums Slow(List<(long AtUs, int? Milli)> series, long fromUs, long toUs, long nowUs)
    {
        var good = series.Where(s => s.Milli is not null).ToList();
        (double Low, double High, long GapUs) At(long us) => us >= Start + 3600 * Second ? (2000, 6000, 180 * Second) : (2000, 8000, 300 * Second);
        var (inside, above, below, held) = (0L, 0L, 0L, new Dictionary<int, long>());
        for (var us = fromUs; us < toUs; us += Second)
        {
            var last = good.FindLastIndex(s => s.AtUs <= us);
            if (last < 0) continue;
            var untilUs = last + 1 < good.Count ? good[last + 1].AtUs : nowUs;
            if (untilUs - good[last].AtUs > At(untilUs).GapUs) continue;
            var milli = good[last].Milli!.Value;
            held[milli] = held.GetValueOrDefault(milli) + Second;
            if (milli > At(us).High) above += Second;
            else if (milli < At(us).Low) below += Second;
            else inside += Second;
        }
        var within = series.Where(s => s.AtUs >= fromUs && s.AtUs < toUs).ToList();
        var values = within.Where(s => s.Milli is not null).Select(s => (Milli: s.Milli!.Value, s.AtUs)).ToList();
        return new(
            inside, above, below, values.Count, within.Count - values.Count, values.Count == 0 ? double.NaN : values.Average(v => v.Milli),
            values.OrderBy(v => v.Milli).ThenBy(v => v.AtUs).FirstOrDefault(), values.OrderByDescending(v => v.Milli).ThenBy(v => v.AtUs).FirstOrDefault(), held);
    }

    /// <summary>A series in a store of its own.</summary>
    sealed class Series : IDisposable
    {
        readonly string _path = Path.Combine(Path.GetTempPath(), $"edgetrace-series-{Guid.NewGuid():N}.db");
        readonly ReadingsStore _store;

        public Series(List<(long AtUs, int? Milli)> series)
        {
            _store = ReadingsStore.Open(_path);
            _store.Write([.. series.Select(s => new StoredSample("fridge-1", "temperature", s.AtUs * 1000, s.Milli, null, s.Milli is null ? "Checksum" : ""))], [], _store.Cursor);
            Samples = new(_path);
        }

        public SampleReader Samples { get; }
        public ReadingsKept Kept => _store.Kept;

        public void Dispose()
        {
            _store.Dispose();
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            foreach (var file in Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(_path) + "*")) File.Delete(file);
        }
    }
}
