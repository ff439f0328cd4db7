using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Retention;
using EdgeTrace.Store.Readings;
using EdgeTrace.Tests.Api;

namespace EdgeTrace.Tests.Retention;

/// <summary>When the disk is full: measured, with retention taken into account, and not guessed.</summary>
public sealed class StorageTests
{
    const double Never = StorageForecast.DaysMax, Ever = double.PositiveInfinity;

    [Theory]
    [InlineData(100, 10, Ever, 0, 0, 10)]
    [InlineData(100, 10, 5, 0, 0, Never)]        // it has reached its retention before the disk is full
    [InlineData(100, 10, 5, 1, Ever, 50)]        // … and what goes on growing has the rest: 100 − 55 = 45 in 45 days
    [InlineData(100, 10, 20, 10, 20, 5)]
    [InlineData(0, 1, Ever, 0, 0, 0)]
    [InlineData(100, 0, Ever, 0, 0, Never)]
    [InlineData(1e9, 1, Ever, 0, 0, Never)]      // further away than anybody plans
    public void A_disk_is_full_when_what_grows_has_used_it_up(double free, double rate, double growsFor, double otherRate, double otherGrowsFor, double days) =>
        Assert.Equal(days, StorageForecast.DaysUntilFull(free, [new(rate, growsFor), new(otherRate, otherGrowsFor)]), 6);

    [Fact]
    public async Task Growth_is_not_known_for_an_hour_and_then_measured_over_what_retention_wrote_down()
    {
        await using var kept = new Kept();
        await kept.AppendAsync(0);
        await kept.PassAsync();
        var first = kept.Book.Look();
        Assert.Null(first.DaysUntilFull);
        Assert.Equal(["ledger", "log", "readings", "everything else"], first.Stores.Select(store => store.Name));
        Assert.All(first.Stores, store => Assert.True(store is { Bytes: > 0, What.Length: > 0, Kept.Length: > 0 }, store.Name));
        Assert.Equal(("30 days", "Always"), (first.Stores[1].Kept, first.Stores[0].Kept));

        // The file grows when SQLite folds its write-ahead log in: at the checkpoint of 16 MB.
        for (var i = 0; i < 50; i++) await kept.AppendAsync(0, 1 << 20);
        var grown = new FileInfo(Path.Combine(kept.Folder, "log.db")).Length;
        Assert.True(grown > 16 << 20, $"{grown}");
        // The pass itself took as long as it took.
        kept.Time.SetUtcNow(DateTimeOffset.UnixEpoch.AddMicroseconds(AtFirst(kept).AtUs) + TimeSpan.FromMinutes(59));
        Assert.Null(kept.Book.Look().DaysUntilFull);
        kept.Time.Advance(TimeSpan.FromHours(11) + TimeSpan.FromMinutes(1));
        var later = kept.Book.Look();
        Assert.Equal((grown - AtFirst(kept).Bytes) * 2, later.Stores.Single(store => store.Name == "log").BytesPerDay, tolerance: 1e6);
        Assert.Equal(later.Stores.Sum(store => store.BytesPerDay), later.BytesPerDay, tolerance: 1);
        var expected = StorageForecast.DaysUntilFull(later.FreeBytes, later.Stores.Select(store => new Growth(store.BytesPerDay, store.Name switch { "log" => 29.5, "readings" => 399.5, _ => Ever })));
        Assert.Equal(expected, later.DaysUntilFull!.Value, tolerance: expected * 0.01);
        // The rest of the disk is not EdgeTrace's, and what happens on it in an hour says nothing.
        Assert.Equal(0, later.Stores[^1].BytesPerDay);
    }

    [Fact]
    public async Task The_api_says_it_and_a_folder_without_an_hour_of_sizes_is_not_known_yet()
    {
        await using var rig = await ApiRig.StartAsync();
        var view = (await rig.Http.GetFromJsonAsync<StorageView>("/api/v1/storage", ApiJson.Options, TestContext.Current.CancellationToken))!;
        Assert.Null(view.DaysUntilFull);
        Assert.Equal(["accounts", "ledger", "log", "readings", "everything else"], view.Stores.Select(store => store.Name));
        Assert.True(view.FreeBytes > 0 && view.TotalBytes > view.FreeBytes);
    }

    static StoreSize AtFirst(Kept kept) => StoreSizes.Read(Path.Combine(kept.Folder, "readings.db"), long.MaxValue).Single(size => size.Store == "log");
}
