using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;

namespace EdgeTrace.Tests.Stock;

public class ScanDeskTests
{
    static readonly string s_site = SmallHospital.Json.Replace("\"id\":\"desk\"", "\"id\":\"desk\",\"does\":\"received\"", StringComparison.Ordinal);

    [Fact]
    public async Task A_scan_at_a_desk_that_books_in_books_in_once_and_what_cannot_be_read_is_a_scan_and_nothing_more()
    {
        await using var rig = await ApiRig.StartAsync(site: s_site);
        var at = Cloud.Site.EventTime.ToUs(TimeProvider.System.GetUtcNow());
        await rig.AppendAsync(SmallHospital.Scanned(1, (at, "]d2011061414112345917290131" + "10A1\u001D217001"), (at + 1, "]C1rubbish"), (at + 2, "]d20110614141123459" + "217002")));
        await ApiRig.UntilAsync(() => rig.Ledger.StockItem("https://id.gs1.org/01/10614141123459/21/7002") is not null, "the last scan is booked");

        var group = Assert.Single((await rig.Http.GetFromJsonAsync<StockPage>("/api/v1/stock", ApiJson.Options))!.Groups);
        Assert.Equal(("Goods in", 2, 0), (group.LocationName, group.Pieces, group.Available));
        var story = (await rig.Http.GetFromJsonAsync<StockStory>("/api/v1/stock/story/" + Uri.EscapeDataString("https://id.gs1.org/01/10614141123459/21/7001"), ApiJson.Options))!;
        Assert.Equal(("A1", new DateOnly(2029, 1, 31), "scanner:desk"), (story.Thing.Lot, story.Thing.Expiry, Assert.Single(story.Entries).Actor));
        Assert.Equal(3, rig.Ledger.NewestScans(10).Count);
    }

    [Fact]
    public async Task The_two_codes_of_one_label_are_one_thing_and_those_of_two_are_not()
    {
        await using var rig = await ApiRig.StartAsync(site: s_site);
        var at = Cloud.Site.EventTime.ToUs(TimeProvider.System.GetUtcNow());
        await rig.AppendAsync(SmallHospital.Scanned(1,
            (at, "]d20110614141123459"), (at + 2_000_000, "]d217290131" + "10A1\u001D217004"),
            // Alone and too late for what came before it: no thing, and no guess.
            (at + 20_000_000, "]d20110614141123459"), (at + 30_000_000, "]d2172901312" + "17005"),
            (at + 40_000_000, "]d20110614141123459" + "217006")));
        await ApiRig.UntilAsync(() => rig.Ledger.StockItem("https://id.gs1.org/01/10614141123459/21/7006") is not null, "the last scan is booked");
        Assert.Equal(["7004", "7006"], rig.Ledger.StockThere(10).Select(row => row.Item.Serial).Order());
        Assert.Equal(("A1", new DateOnly(2029, 1, 31)), rig.Ledger.StockItem("https://id.gs1.org/01/10614141123459/21/7004")!.Item is var item ? (item.Lot, item.Expiry!.Value) : default);
    }

    [Fact]
    public async Task What_is_in_a_tray_goes_where_the_tray_goes_and_only_by_inference()
    {
        const string Tray = "8003", Item = "(01)10614141123459(10)A1(21)7003", TrayCode = "(8003)00614141123452T1";
        await using var rig = await ApiRig.StartAsync();
        await ActAsync(rig, "opening", "store-1", Item);
        await ActAsync(rig, "opening", "store-1", TrayCode);
        var tray = rig.Ledger.StockThere(10).Single(row => row.Item.Key.Contains(Tray, StringComparison.Ordinal)).Item.Key;
        await ActAsync(rig, "packed", null, Item, tray);
        await ActAsync(rig, "stored", "store-2", TrayCode);
        var inside = rig.Ledger.StockIn("store-2", 10).Single(row => row.Item.Serial == "7003");
        Assert.Equal(("store-2", "inferred"), (inside.At!.Location, inside.At.Basis));
        Assert.DoesNotContain(rig.Ledger.StockIn("store-1", 10), row => row.Item.Serial == "7003");
    }

    static async Task ActAsync(ApiRig rig, string kind, string? place, string code, string? container = null)
    {
        var answer = await rig.Http.PostAsJsonAsync("/api/v1/stock/acts", new StockAct(Guid.NewGuid().ToString(), kind, [new(code)]) { Place = place, Container = container }, ApiJson.Options);
        Assert.Equal("done", (await answer.Content.ReadFromJsonAsync<ActOutcome>(ApiJson.Options))!.Lines[0].Outcome);
    }
}
