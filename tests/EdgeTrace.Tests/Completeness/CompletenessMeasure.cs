using System.Diagnostics;
using System.Globalization;
using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Completeness;

/// <summary>
/// What counting costs a read, and how long a day and a quarter of a hundred streams take with a year behind them, HTTP included. Explicit, for it
/// writes 876,000 rows first: <c>EdgeTrace.Tests --explicit only --filter-class '*CompletenessMeasure' --show-live-output on</c>.
/// </summary>
public sealed class CompletenessMeasure(ITestOutputHelper output)
{
    const int Streams = 100;
    const int DaysOfYear = 365;

    [Fact(Explicit = true)]
    public void A_read_counted()
    {
        const int ReadsMax = 1000, Batches = 2000;
        var nowUs = Stream.Us("2026-11-25T10:00:00Z");
        var log = new List<LoggedBatch>();
        for (var n = 0; n < Batches; n++)
            log.Add(SmallHospital.Logged(n + 1, SmallHospital.Reads("door-1", (ulong)n + 1, [.. Enumerable.Range(0, ReadsMax).Select(i => (nowUs + n * 1_000_000L + i * 1000, (ushort)(1 + i % 4), SmallHospital.Tag(i % 50)))])));
        Stream.Tally(log);
        var began = Stopwatch.GetTimestamp();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var said = Stream.Tally(log);
        var took = Stopwatch.GetElapsedTime(began);
        Assert.Equal(Batches * ReadsMax, said.Received.Sum(r => r.Readings));
        Say($"{took.TotalNanoseconds / (Batches * ReadsMax):0.0} ns and {(GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)(Batches * ReadsMax):0.0} B a read in batches of {ReadsMax}, of it decoding {Decoding(log) / (Batches * ReadsMax):0.0} ns");
    }

    [Fact(Explicit = true)]
    public async Task A_day_and_a_quarter_with_a_year_of_a_hundred_streams_behind_them()
    {
        await using var rig = await ApiRig.StartAsync();
        var writer = rig.Services.GetRequiredService<LedgerWriter>();
        var nowUs = TimeProvider.System.GetUtcNow().ToUnixTimeMicroseconds() / SiteHours.HourUs * SiteHours.HourUs;
        var random = new Random(1);
        for (var day = DaysOfYear; day > 0; day--)
        {
            var commit = new LedgerCommit("system:measure");
            for (var hour = 0; hour < 24; hour++)
                for (var stream = 0; stream < Streams; stream++)
                {
                    var hourUs = nowUs - (day * 24 - hour) * SiteHours.HourUs;
                    commit.Received.Add(new(hourUs, "gw-1", Name(stream), true, 360, 0, 60, (1L << 60) - 1));
                    if (random.Next(500) == 0) commit.Losses.Add(new("gw-1", Name(stream), 7, (ulong)(day * 24 + hour), 0, (ulong)(day * 24 + hour), LossCauses.Blind, null, hourUs + 60_000_000, hourUs + 90_000_000, "the gateway was restarted"));
                }
            await writer.CommitAsync(commit, TestContext.Current.CancellationToken);
        }
        var size = new FileInfo(rig.Ledger.Path).Length;
        for (var stream = 0; stream < Streams; stream++)
        {
            var first = Stream.Samples(1, nowUs - DaysOfYear * 24 * SiteHours.HourUs, 1);
            (first.Header.Stream, first.Header.ThroughUs) = (Name(stream), nowUs);
            await rig.AppendAsync(first);
        }
        await ApiRig.UntilAsync(() => rig.Services.GetRequiredService<CompletenessProjection>().Marks.Count >= Streams, "the streams are known");
        Say($"{DaysOfYear * 24 * Streams:N0} rows, ledger.db {size / 1e6:0} MB: {size / (double)(DaysOfYear * 24 * Streams):0} B an hour of a stream");
        var today = rig.Services.GetRequiredService<CompletenessQuery>().Today;
        foreach (var (what, query) in new[]
        {
            ("a day", $"day={today.AddDays(-100):yyyy-MM-dd}"), ("30 days", $"from={today.AddDays(-29):yyyy-MM-dd}&to={today:yyyy-MM-dd}"), ("a quarter", $"from={today.AddDays(-91):yyyy-MM-dd}&to={today:yyyy-MM-dd}"),
        })
        {
            var times = new List<double>();
            var bytes = 0;
            for (var i = 0; i < 8; i++)
            {
                var began = Stopwatch.GetTimestamp();
                bytes = (await rig.Http.GetByteArrayAsync($"/api/v1/completeness?{query}", TestContext.Current.CancellationToken)).Length;
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            Say($"{what}: first {times[0]:0} ms, then {times.Skip(1).Order().ElementAt(3):0.0} ms, {bytes / 1e3:N0} kB");
        }
    }

    static string Name(int stream) => stream % 2 == 0 ? $"samples/point-{stream}" : $"reads/door-{stream}";

    static double Decoding(List<LoggedBatch> log)
    {
        var columns = new ReadColumns();
        var batches = log.Select(b => Batch.Parser.ParseFrom(b.Body.Span).Reads.Columns).ToList();
        var began = Stopwatch.GetTimestamp();
        foreach (var batch in batches) columns.Decode(batch.Span);
        return Stopwatch.GetElapsedTime(began).TotalNanoseconds;
    }

    void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
