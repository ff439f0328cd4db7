using EdgeTrace.Cloud.Retention;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTrace.Tests.Retention;

/// <summary>What is over is deleted, in slices, and nothing else.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task The_log_is_kept_for_thirty_days_and_its_streams_go_on_after_it_is_opened_again()
    {
        await using var kept = new Kept();
        for (var days = 60; days >= 0; days--) await kept.AppendAsync(days);
        await kept.AppliedAsync(61, 61);
        await kept.PassAsync();
        Assert.Equal(kept.AgoUs(30), kept.Log.Reader.Oldest()!.Value.ReceivedUs, tolerance: 3.6e9);
        Assert.Equal([31L, 32L], kept.Log.Read(0, 2).Select(batch => batch.Position));
        Assert.Equal(30, kept.Deleted["log"]);
        var stream = Assert.Single(kept.Log.Streams());
        Assert.Equal((61ul, 61L), (stream.Upto, stream.Batches));

        await kept.Log.DisposeAsync();
        await using var again = BatchLog.Open(kept.Folder, kept.Time, NullLogger<BatchLog>.Instance);
        Assert.Equal(61, again.Head);
        Assert.Equal(62, await again.AppendAsync(new(new("gw-1", "reads/door-1", 7, 62), kept.NowUs, 1, 0, new byte[1])));
    }

    [Theory]
    [InlineData(4, 9, 9, 5)]
    [InlineData(9, 4, 9, 5)]
    [InlineData(9, 9, 4, 5)]
    [InlineData(9, 9, 9, 10)]   // the newest stays, however old
    public async Task Nothing_is_deleted_that_a_projection_has_not_applied(long ledger, long readings, long completeness, long begins)
    {
        await using var kept = new Kept();
        for (var i = 0; i < 10; i++) await kept.AppendAsync(daysAgo: 90 - i);
        await kept.AppliedAsync(ledger, readings, completeness);
        await kept.PassAsync();
        Assert.Equal(begins, kept.Log.Reader.Oldest()!.Value.Position);
        await kept.AppliedAsync(10, 10);
        await kept.PassAsync();
        Assert.Equal(10, kept.Log.Reader.Oldest()!.Value.Position);
    }

    [Fact]
    public async Task A_slice_is_no_larger_than_a_commit_can_bear_and_what_arrives_is_logged_between_them()
    {
        await using var kept = new Kept();
        for (var i = 0; i < 1500; i++) await kept.AppendAsync(90);
        for (var i = 0; i < 30; i++) await kept.AppendAsync(90, bytes: 1 << 20);
        await kept.AppendAsync(0);
        Assert.Equal(BatchLog.TrimRowsMax, await kept.Log.TrimAsync(long.MaxValue, kept.NowUs));
        Assert.Equal(0, await kept.Log.TrimAsync(long.MaxValue, beforeUs: 1));
        await kept.AppliedAsync(1531, 1531);
        var pass = kept.PassAsync();
        var arrived = 0;
        for (; !pass.IsCompleted || arrived == 0; arrived++) await kept.AppendAsync(0);
        await pass;
        Assert.Equal(1530 - BatchLog.TrimRowsMax, kept.Deleted["log"]);
        Assert.Equal(1531, kept.Log.Reader.Oldest()!.Value.Position);
        Assert.Equal(1531 + arrived, kept.Log.Head);

        for (var i = 0; i < 30; i++) await kept.AppendAsync(90, bytes: 1 << 20);
        await kept.AppendAsync(0);
        // A month passes, so that what just arrived is over, too; then bytes and not rows are what a slice is made of.
        kept.Time.Advance(TimeSpan.FromDays(31));
        while (kept.Log.Reader.Oldest()!.Value.Position < 1531 + arrived) Assert.InRange(await kept.Log.TrimAsync(1531 + arrived, kept.NowUs), 1, BatchLog.TrimRowsMax);
        while (kept.Log.Head - kept.Log.Reader.Oldest()!.Value.Position > 30) await kept.Log.TrimAsync(kept.Log.Head - 31, kept.NowUs);
        Assert.Equal(BatchLog.TrimBytesMax >> 20, await kept.Log.TrimAsync(long.MaxValue, kept.NowUs));
    }

    [Fact]
    public async Task A_reader_that_is_behind_the_beginning_is_not_told_of_damage()
    {
        await using var kept = new Kept();
        for (var i = 0; i < 600; i++) await kept.AppendAsync(90);
        var deleting = Task.Run(async () =>
        {
            while (await kept.Log.TrimAsync(599, kept.NowUs) > 0) await Task.Yield();
        }, TestContext.Current.CancellationToken);
        do Assert.NotEmpty(kept.Log.Read(0, 3));
        while (!deleting.IsCompleted);
        await deleting;
        Assert.Equal(600, Assert.Single(kept.Log.Read(0, 3)).Position);
    }

    [Fact]
    public async Task The_way_to_the_evidence_ends_with_the_log_portal_by_portal()
    {
        await using var kept = new Kept();
        for (var i = 0; i < 20; i++) await kept.AppendAsync(daysAgo: i < 10 ? 60 : 1);
        var commit = new LedgerCommit("system:test") { Checkpoint = 20 };
        foreach (var portal in (string[])["door-1", "door-2", "door-9"])
            for (var position = 1; position <= 20; position++) commit.ReadBatches.Add(new(portal, position, position, position));
        await kept.Writer.CommitAsync(commit, TestContext.Current.CancellationToken);
        await kept.AppliedAsync(20, 20);
        await kept.PassAsync();
        foreach (var portal in (string[])["door-1", "door-2", "door-9"])
            Assert.Equal(Enumerable.Range(11, 10).Select(position => (long)position), kept.Ledger.ReadBatches(portal, 0, long.MaxValue, 100));
        Assert.Empty(kept.Ledger.PortalsWithReadBatchesBelow(11));
    }

    [Fact]
    public async Task Samples_go_first_then_minutes_hours_stay_and_what_comes_too_late_is_counted()
    {
        await using var kept = new Kept(new() { Samples = TimeSpan.FromDays(30), SampleMinutes = TimeSpan.FromDays(60), Visits = TimeSpan.FromDays(10) });
        StoredSample At(double daysAgo, string point = "fridge-1") => new(point, "temperature", kept.AgoUs(daysAgo) * 1000, 4000 + (int)daysAgo, null, "");
        StoredSample[] samples = [.. Enumerable.Range(0, 6000).SelectMany(i => new[] { At(i / 60.0), At(i / 60.0, "fridge-2") }), new("fridge-1", "door", kept.AgoUs(50) * 1000, null, true, "")];
        kept.Readings.Write(samples, [.. Enumerable.Range(0, 40).Select(i => new StoredVisit("door-1", kept.AgoUs(i) * 1000, "30", kept.AgoUs(i), kept.AgoUs(i), 1, -5000, "in", $"v{i}"))], default);
        var (from, to) = (SampleLevel.Hours.Down(kept.AgoUs(100)), SampleLevel.Hours.Up(kept.NowUs));
        var hours = kept.Readings.Buckets("fridge-1", from, to, 86_400_000_000);
        await kept.PassAsync();

        Assert.Equal(hours, kept.Readings.Buckets("fridge-1", from, to, 86_400_000_000));
        var totals = kept.Readings.Totals();
        Assert.Equal((3602L, 11L), (totals["samplesStored"], totals["visitsStored"]));
        Assert.Equal(12_001 - totals["samplesStored"], kept.Deleted["samples"]);
        Assert.Equal(29, kept.Deleted["visits"]);
        Assert.InRange(kept.Deleted["minutes"], 2 * 2390, 2 * 2400);
        Assert.Empty(kept.Readings.PastRetention());
        // Where the full rate is gone the minutes answer, and before them the hours.
        Assert.Equal(10_000_000, kept.Readings.Plan(kept.AgoUs(1), kept.AgoUs(0.99), 8000, 10_000_000).BucketUs);
        Assert.Equal(60_000_000, kept.Readings.Plan(kept.AgoUs(45), kept.AgoUs(44.99), 8000, 10_000_000).BucketUs);
        Assert.Equal(3_600_000_000, kept.Readings.Plan(kept.AgoUs(90), kept.AgoUs(89.99), 8000, 10_000_000).BucketUs);

        // A gateway that was in a drawer since then: its sample is counted, and the hour is not made wrong by half of it.
        kept.Readings.Write([At(45.5)], [new("door-1", kept.AgoUs(20) * 1000, "30", 0, 0, 1, 0, "in", "late")], kept.Readings.Cursor);
        Assert.Equal(2, kept.Readings.Totals()["readingsPastRetention"]);
        Assert.Equal(hours, kept.Readings.Buckets("fridge-1", from, to, 86_400_000_000));
    }

    [Fact]
    public async Task A_clock_that_leaps_a_year_ahead_deletes_a_day_and_one_that_is_put_right_nothing()
    {
        await using var kept = new Kept();
        for (var days = 40; days >= 0; days--) await kept.AppendAsync(days);
        await kept.AppliedAsync(41, 41);
        await kept.PassAsync();
        Assert.Equal(11, kept.Log.Reader.Oldest()!.Value.Position);
        kept.Time.Advance(TimeSpan.FromDays(365));
        await kept.PassAsync();
        Assert.Equal(12, kept.Log.Reader.Oldest()!.Value.Position);
        await kept.PassAsync();
        Assert.Equal(13, kept.Log.Reader.Oldest()!.Value.Position);
    }

    [Fact]
    public void Every_mistake_is_named_with_its_cure()
    {
        var mistakes = Find(new() { ["BatchLog"] = "00:30:00", ["Samples"] = "20.00:00:00", ["SampleMinutes"] = "10.00:00:00", ["Ledger"] = "7.00:00:00", ["Days"] = "3" });
        Assert.Equal(6, mistakes.Count);
        Assert.Contains(mistakes, mistake => mistake.StartsWith("Retention.BatchLog is 00:30:00: choose from 1.00:00:00", StringComparison.Ordinal));
        Assert.Contains(mistakes, mistake => mistake.StartsWith("Retention.Samples is 20.00:00:00: choose from 30.00:00:00", StringComparison.Ordinal));
        Assert.Contains(mistakes, mistake => mistake.StartsWith("Retention.SampleMinutes is 10.00:00:00: choose", StringComparison.Ordinal));
        Assert.Contains(mistakes, mistake => mistake.Contains("shorter than Retention.Samples", StringComparison.Ordinal));
        Assert.Contains(mistakes, mistake => mistake.Contains("the ledger and its audit are kept", StringComparison.Ordinal));
        Assert.Contains(mistakes, mistake => mistake.Contains("Retention.Days is no setting", StringComparison.Ordinal));
        Assert.Empty(Find(new() { ["BatchLog"] = "90" }));
        Assert.Empty(Find([]));
    }

    static List<string> Find(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => $"Retention:{setting.Key}", setting => setting.Value)).Build();
        return [.. new RetentionOptionsValidator(configuration).Validate(null, RetentionOptions.Of(configuration)).Failures ?? []];
    }
}
