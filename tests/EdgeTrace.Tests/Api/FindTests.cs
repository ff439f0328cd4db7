using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Tests.Projections;
using static EdgeTrace.Tests.Imports.ImportTests;

namespace EdgeTrace.Tests.Api;

/// <summary>One box for everything: what was understood, and where it leads.</summary>
public class FindTests
{
    [Theory]
    [InlineData("(01)10614141123459(21)1", "Hip stem 44 mm, serial 1")]
    [InlineData("]d20110614141123459211", "Hip stem 44 mm, serial 1")]
    [InlineData("https://id.gs1.org/01/10614141123459/21/1", "Hip stem 44 mm, serial 1")]
    public async Task A_whole_code_leads_to_its_item_and_says_what_it_was_understood_to_be(string code, string understood)
    {
        await using var rig = await StockedAsync();
        var found = await FindAsync(rig, code);
        Assert.Equal(understood, found.Understood);
        Assert.Single(found.Items);
        Assert.Empty(found.Others);
    }

    [Fact]
    public async Task A_lot_a_product_and_a_place_are_found_by_code_and_by_word()
    {
        await using var rig = await StockedAsync();
        var lot = await FindAsync(rig, "(01)10614141123459(10)LOT-7");
        Assert.Equal(["lot", "product"], lot.Others.Select(other => other.Kind));
        Assert.Equal(["lot"], (await FindAsync(rig, "LOT-7")).Others.Select(other => other.Kind));
        Assert.Equal(["place"], (await FindAsync(rig, "store 2")).Others.Select(other => other.Kind));
        var words = await FindAsync(rig, "hip stem");
        Assert.Equal(["lot", "product"], words.Others.Select(other => other.Kind));
        Assert.Single(words.Items);
        var item = await Get<ItemView>(rig, "/api/v1/" + lot.Others[0].Address);
        Assert.Equal((40, true, "lot"), (item.Thing!.Pieces, item.Thing.Available, item.Thing.Status));
        Assert.Equal("opening", Assert.Single(item.History).Kind);
    }

    [Theory]
    [InlineData("]d2(nonsense", "cannot be read")]
    [InlineData("(01)10614141123450(21)1", "cannot be read")]
    [InlineData("zzz", "no item, lot, product or place")]
    [InlineData("10614141123450", "check digit is wrong")]
    [InlineData("3074257BF7194E4000001AFF", "No door or scanner has met it")]
    public async Task What_leads_nowhere_says_why(string query, string why)
    {
        await using var rig = await StockedAsync();
        var found = await FindAsync(rig, query);
        Assert.Contains(why, found.Error, StringComparison.Ordinal);
        Assert.Empty(found.Items);
        Assert.Empty(found.Others);
    }

    [Fact]
    public async Task A_story_has_doors_scans_and_acts_in_one_line_and_what_is_wrong_is_struck_through()
    {
        await using var rig = await ApiRig.StartAsync();
        await rig.WalkInAsync(1, tag: 3, SmallHospital.StartUs);
        await ApiRig.UntilAsync(() => rig.Ledger.FeedHead() > 0, "the movement is in the feed");
        await ActAsync(rig, new("a1", "received", [new(SmallHospital.Tag(3))]) { Place = "goods-in", Order = "PO 7" });
        await ActAsync(rig, new("a2", "stored", [new(SmallHospital.Tag(3))]) { Place = "store-1" });
        var item = await Get<ItemView>(rig, $"/api/v1/items/{SmallHospital.Tag(3)}");
        Assert.Equal(["stored", "received", "in"], item.History.OrderByDescending(entry => entry.To).Select(entry => entry.Kind));
        Assert.Equal(["event", "event", "movement"], item.History.OrderByDescending(entry => entry.To).Select(entry => entry.Fact));
        Assert.True(item.Thing!.Available);

        var door = item.History.Single(entry => entry.Kind == "in");
        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await rig.Http.PostAsJsonAsync($"/api/v1/stock/movements/{door.Id}/declare-wrong", new WrongNotice("somebody carried another box"))).StatusCode);
        item = await Get<ItemView>(rig, $"/api/v1/items/{SmallHospital.Tag(3)}");
        Assert.Equal("somebody carried another box", item.History.Single(entry => entry.Kind == "in").Wrong!.Reason);
    }

    [Fact]
    public async Task A_label_of_two_codes_becomes_one_thing_and_says_what_is_missing()
    {
        await using var rig = await ApiRig.StartAsync();
        var first = await LabelAsync(rig, "(01)10614141123459");
        Assert.Equal(("open", "Hip stem 44 mm"), (first.Outcome, first.Name?.Name));
        Assert.Contains("expiry", first.Says, StringComparison.Ordinal);
        var both = await LabelAsync(rig, "(01)10614141123459", "(17)290131(10)A(21)9");
        Assert.Equal(("complete", "9", "A", new DateOnly(2029, 1, 31)), (both.Outcome, both.Serial, both.Lot, both.Expiry));
        Assert.Equal("other-product", (await LabelAsync(rig, "(01)10614141123459", "(01)05412345000013")).Outcome);
        Assert.Equal("unreadable", (await LabelAsync(rig, "]d20110614141123450")).Outcome);
        Assert.Equal(("complete", true), await LabelAsync(rig, "(01)10614141123459(17)290131(10)A") switch { var lot => (lot.Outcome, lot.IsLot) });
    }

    static async Task<LabelView> LabelAsync(ApiRig rig, params string[] codes)
    {
        using var answer = await rig.Http.PostAsJsonAsync("/api/v1/stock/label", new LabelCodes(codes));
        return (await answer.Content.ReadFromJsonAsync<LabelView>(EdgeTrace.Cloud.Api.ApiJson.Options))!;
    }

    static Task<FindResult> FindAsync(ApiRig rig, string query) => Get<FindResult>(rig, "/api/v1/find?q=" + Uri.EscapeDataString(query));

    static async Task<ApiRig> StockedAsync()
    {
        var rig = await ApiRig.StartAsync();
        await ActAsync(rig, new("o1", "opening", [new("(01)10614141123459(21)1"), new("(01)10614141123459(17)290131(10)LOT-7", 40)]) { Place = "store-1" });
        return rig;
    }
}
