using System.Diagnostics;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.DependencyInjection;
using static EdgeTrace.Tests.Imports.ImportTests;

namespace EdgeTrace.Tests.Stock;

/// <summary>How long the pages of stock wait for their server; figures for cloud/README.md, by name only.</summary>
public class StockMeasure(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public async Task An_items_story_of_hundreds_of_events_and_a_hospitals_stock()
    {
        await using var rig = await ApiRig.StartAsync();
        var writer = rig.Services.GetRequiredService<LedgerWriter>();
        const int items = 20_000;
        for (var n = 0; n < items;)
        {
            var commit = new LedgerCommit("test");
            for (var end = Math.Min(items, n + 1_000); n < end; n++)
            {
                var key = $"https://id.gs1.org/01/10614141123459/21/{n}";
                commit.StockEvents.Add(new(StockBook.IdOf("m", key, EventKind.Opening, n), key, EventKind.Opening, 1_000_000, 0, n % 2 == 0 ? "store-1" : "store-2", null, "m", "test",
                    new() { Product = "10614141123459", Serial = $"{n}", Lot = $"L{n % 40}", Expiry = new DateOnly(2029, 1, 1).AddDays(n % 700), Pence = 81_250 }));
                commit.Sightings.Add(new(key, null, 1_000_000, "store-1", "10614141123459", $"{n}", $"L{n % 40}"));
                commit.Locations.Add(new(key, n % 2 == 0 ? "store-1" : "store-2", "scan", 1_000_000, "store-1", 1_000_000, 1, "m"));
            }
            await writer.CommitAsync(commit);
        }
        var tag = SmallHospital.Tag(3);
        for (ulong i = 0; i < 150; i++) await rig.WalkInAsync(i + 1, tag: 3, SmallHospital.StartUs + (long)i * 30_000_000);
        for (var i = 0; i < 300; i++) await ActAsync(rig, new($"s{i}", i % 2 == 0 ? "stored" : "counted", [new(tag)]) { Place = "store-1" });
        await ApiRig.UntilAsync(() => rig.Ledger.FeedHead() > 140, "the door's visits are there");
        async Task TellAsync<T>(string what, string address)
        {
            for (var i = 0; i < 3; i++) await Get<T>(rig, address);
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < 10; i++) await Get<T>(rig, address);
            output.WriteLine($"{what}: {Stopwatch.GetElapsedTime(started).TotalMilliseconds / 10:0.0} ms");
        }
        await TellAsync<ItemView>("an item's story (450 entries, the newest 50)", $"/api/v1/items/{tag}");
        await TellAsync<ItemView>("an item's story, the page with doors", $"/api/v1/items/{tag}?before={Uri.EscapeDataString(DateTimeOffset.UnixEpoch.AddMicroseconds(SmallHospital.StartUs + 5_000_000_000).ToString("O"))}");
        await TellAsync<StockPage>($"stock of {items} items by product and place", "/api/v1/stock?things=false");
        await TellAsync<StockPage>("one product in one place with its things", "/api/v1/stock?place=store-1&product=10614141123459");
        await TellAsync<FindResult>("find by words", "/api/v1/find?q=hip");
        await TellAsync<ReportView>("expiring within 90 days", "/api/v1/reports/expiring?days=90");
    }
}
