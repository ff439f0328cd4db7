using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Tests.Api;

namespace EdgeTrace.Tests.Stock;

/// <summary>What people do to stock, over the real address and a real ledger.</summary>
public class StockApiTests
{
    const string Label = "(01)10614141123459(17)290131(10)A1(21)1001";

    [Fact]
    public async Task Booked_in_put_away_and_picked_it_is_in_the_stock_where_it_is_and_then_no_longer()
    {
        await using var rig = await ApiRig.StartAsync();
        Assert.Equal("done", Assert.Single((await DoAsync(rig, "received", "goods-in", Label)).Lines).Outcome);
        Assert.Equal(["not in a store"], Assert.Single((await StockAsync(rig)).Groups).Things[0].Against);
        Assert.Equal("done", Assert.Single((await DoAsync(rig, "stored", "store-1", Label)).Lines).Outcome);
        var group = Assert.Single((await StockAsync(rig)).Groups);
        Assert.Equal(("Hip stem 44 mm", "Store 1", 1, 1, new DateOnly(2029, 1, 31)), (group.Name, group.LocationName, group.Pieces, group.Available, group.Soonest));

        Assert.Equal("done", Assert.Single((await DoAsync(rig, "picked", null, Label, caseId: "c1")).Lines).Outcome);
        group = Assert.Single((await StockAsync(rig)).Groups);
        Assert.Equal((1, 0), (group.Pieces, group.Available));
        Assert.Equal("refused", Assert.Single((await DoAsync(rig, "picked", null, Label, caseId: "c2")).Lines).Outcome);
    }

    [Fact]
    public async Task What_lies_in_a_bin_lies_in_its_store()
    {
        await using var rig = await ApiRig.StartAsync(site: Projections.SmallHospital.Json.Replace("\"locations\":[", "\"locations\":[{\"id\":\"bin-1\",\"name\":\"Bin 1\",\"kind\":\"store\",\"parent\":\"store-1\"},", StringComparison.Ordinal));
        await DoAsync(rig, "opening", "bin-1", Label);
        await PostAsync(rig, new(Guid.NewGuid().ToString(), "opening", [new("(01)10614141123459(10)B2", 40)]) { Place = "bin-1" });
        Assert.Equal(41, (await rig.Http.GetFromJsonAsync<StockPage>("/api/v1/stock?place=store-1", ApiJson.Options))!.Groups.Sum(group => group.Available));
        Assert.Empty((await rig.Http.GetFromJsonAsync<StockPage>("/api/v1/stock?place=store-2", ApiJson.Options))!.Groups);
    }

    [Fact]
    public async Task An_act_that_is_sent_twice_is_done_once()
    {
        await using var rig = await ApiRig.StartAsync();
        var act = new StockAct(Guid.NewGuid().ToString(), "received", [new("(01)10614141123459(10)B2", 40)]) { Place = "store-1" };
        Assert.Equal("done", (await PostAsync(rig, act)).Lines[0].Outcome);
        Assert.Equal("already", (await PostAsync(rig, act)).Lines[0].Outcome);
        Assert.Equal(40, Assert.Single((await StockAsync(rig)).Groups).Pieces);
    }

    [Fact]
    public async Task What_is_out_of_date_or_unknown_comes_in_on_hold_and_says_so()
    {
        await using var rig = await ApiRig.StartAsync();
        var expired = (await DoAsync(rig, "received", "store-1", "(01)10614141123459(17)240131(10)A1(21)7")).Lines[0];
        Assert.Equal(("done", "expired"), (expired.Outcome, Assert.Single(expired.Says).Code));
        var unknown = (await DoAsync(rig, "received", "store-1", "(01)00614141999996(21)8")).Lines[0];
        Assert.Equal(("done", "unknown-product"), (unknown.Outcome, Assert.Single(unknown.Says).Code));
        Assert.All((await StockAsync(rig)).Groups, group => Assert.Equal(0, group.Available));
        Assert.Equal(2, rig.Ledger.StockHeld(10).Count);
    }

    [Fact]
    public async Task An_act_that_is_sent_again_tells_once_more_what_its_rules_said()
    {
        await using var rig = await ApiRig.StartAsync();
        var act = new StockAct(Guid.NewGuid().ToString(), "received", [new("(01)10614141123459(17)240131(10)A1(21)7"), new(Label)]) { Place = "store-1" };
        var first = (await PostAsync(rig, act)).Lines;
        var again = (await PostAsync(rig, act)).Lines;
        Assert.All(again, line => Assert.Equal("already", line.Outcome));
        Assert.Equal(Assert.Single(first[0].Says), Assert.Single(again[0].Says));
        Assert.Empty(again[1].Says);
    }

    [Fact]
    public async Task A_later_expiry_is_taken_only_with_a_reason()
    {
        await using var rig = await ApiRig.StartAsync();
        await DoAsync(rig, "opening", "store-1", Label);
        await DoAsync(rig, "opening", "store-1", "(01)10614141123459(17)280131(10)A0(21)1002");
        Assert.Equal("1002", (await rig.Http.GetFromJsonAsync<List<StockView>>("/api/v1/stock/first-expired?product=10614141123459", ApiJson.Options))![0].Serial);
        Assert.Equal(("refused", "fefo"), await FirstAsync(DoAsync(rig, "picked", null, Label)));
        Assert.Equal(("done", "fefo"), await FirstAsync(DoAsync(rig, "picked", null, Label, reason: "the surgeon wants this lot")));
    }

    [Fact]
    public async Task Of_lots_too_a_later_expiry_is_taken_only_with_a_reason()
    {
        await using var rig = await ApiRig.StartAsync();
        const string Early = "(01)10614141123459(17)280131(10)A0", Late = "(01)10614141123459(17)290131(10)B0";
        async Task<LineOutcome> PiecesAsync(string id, string kind, string code, int pieces, string? reason = null)
        {
            using var answer = await rig.Http.PostAsJsonAsync("/api/v1/stock/acts", new StockAct(id, kind, [new(code, pieces, kind == "picked" ? "store-1" : null)]) { Place = kind == "picked" ? null : "store-1", Reason = reason }, ApiJson.Options);
            return (await answer.Content.ReadFromJsonAsync<ActOutcome>(ApiJson.Options))!.Lines[0];
        }
        await PiecesAsync("in-1", "opening", Early, 5);
        await PiecesAsync("in-2", "opening", Late, 9);
        var refused = await PiecesAsync("pick-1", "picked", Late, 2);
        Assert.Equal(("refused", "fefo", "5 of the same product expire earlier: take one of those, or say why not."), (refused.Outcome, refused.Says[0].Code, refused.Says[0].Says));
        Assert.Equal("done", (await PiecesAsync("pick-2", "picked", Late, 2, "whole boxes only")).Outcome);
        Assert.Equal("done", (await PiecesAsync("pick-3", "picked", Early, 5)).Outcome);
    }

    [Fact]
    public async Task What_is_declared_wrong_stays_and_no_longer_counts_and_the_thing_is_where_it_was()
    {
        await using var rig = await ApiRig.StartAsync();
        await DoAsync(rig, "opening", "store-1", Label);
        await DoAsync(rig, "stored", "store-2", Label);
        await DoAsync(rig, "held", null, Label, reason: "box is wet", holdReason: "damaged");
        var story = await StoryAsync(rig);
        Assert.Equal(("store-2", false), (story.Thing.Location, story.Thing.Available));
        foreach (var entry in story.Entries.Where(e => e.Kind is "held" or "stored"))
            Assert.Equal(HttpStatusCode.NoContent, (await rig.Http.PostAsJsonAsync($"/api/v1/stock/events/{entry.Id}/declare-wrong", new WrongNotice("it was another box"))).StatusCode);
        story = await StoryAsync(rig);
        Assert.Equal(("store-1", true), (story.Thing.Location, story.Thing.Available));
        Assert.Equal(["it was another box", "it was another box"], story.Entries.Where(e => e.Wrong is not null).Select(e => e.Wrong!.Reason));
    }

    [Fact]
    public async Task A_passage_puts_away_what_was_booked_in()
    {
        await using var rig = await ApiRig.StartAsync();
        var label = "(01)10614141123459(10)A1(21)1003";
        await DoAsync(rig, "received", "goods-in", label);
        await rig.WalkInAsync(1, tag: 3, Cloud.Site.EventTime.ToUs(TimeProvider.System.GetUtcNow()) + 1_000_000);
        await ApiRig.UntilAsync(() => rig.Ledger.FeedHead() > 0, "the movement is in the feed");
        var thing = Assert.Single(Assert.Single((await StockAsync(rig)).Groups).Things);
        Assert.Equal(("store-1", "passage", true), (thing.Location, thing.Basis, thing.Available));
    }

    [Fact]
    public async Task Two_tags_with_one_number_hold_it_everywhere_until_a_person_says_which_is_right()
    {
        await using var rig = await ApiRig.StartAsync();
        const string Label = "(01)10614141123459(10)A1(21)1001";
        var (epc, key, atUs) = (Projections.SmallHospital.Tag(1), "https://id.gs1.org/01/10614141123459/21/1001", Cloud.Site.EventTime.ToUs(TimeProvider.System.GetUtcNow()) - 60_000_000);
        await DoAsync(rig, "received", "store-1", Label);
        await DoAsync(rig, "stored", "store-1", Label);
        for (var door = 1; door <= 2; door++)
        {
            var (stream, tid) = ($"door-{door}", $"E2801160200000000000000{door}");
            var reads = Enumerable.Range(0, 12).Select(i => new Projections.SmallHospital.Read(atUs + door * 5_000_000 + i * 60_000, (ushort)(i < 6 ? 1 : 2), epc, tid)).ToArray();
            await rig.AppendAsync(Projections.SmallHospital.Reads(stream, 1, reads));
            rig.Promises.Say(new(Projections.SmallHospital.Gateway, $"reads/{stream}", 7, 2, atUs + 50_000_000));
        }
        await ApiRig.UntilAsync(() => rig.Ledger.HasTwoTags(key) && rig.Ledger.FeedHead() > 1, "both tags and both passages are in the ledger");

        Assert.Equal(0, Assert.Single((await StockAsync(rig)).Groups).Available);
        var item = (await rig.Http.GetFromJsonAsync<ItemView>($"/api/v1/items/{epc}", ApiJson.Options))!;
        Assert.Equal([("E28011602000000000000001", "Store 1 door", null), ("E28011602000000000000002", "Store 2 door", null)], item.Tags!.Select(tag => (tag.Tid, tag.LastWhere, tag.Right)));
        Assert.Contains("read last at Store 2 door", Assert.Single(item.Thing!.Holds).Note, StringComparison.Ordinal);
        Assert.Equal(["E28011602000000000000002"], item.History.Single(entry => entry is { Kind: "in", Where: "door-2" }).Tids);
        Assert.Equal("Another tag with this number answered at Store 2 door: E28011602000000000000002", item.History.Single(entry => entry.Kind == "two-tags").Sentence);
        Assert.Contains("do not use it", Assert.Single((await rig.Http.GetFromJsonAsync<FindResult>("/api/v1/find?q=1001", ApiJson.Options))!.Items).Warning, StringComparison.Ordinal);
        var fault = Assert.Single((await rig.Http.GetFromJsonAsync<FaultsView>("/api/v1/faults", ApiJson.Options))!.Faults, fault => fault.Kind == "tags");
        Assert.Equal(($"items/{Uri.EscapeDataString(key)}", Severity.Alarm), (fault.Evidence, fault.Severity));

        Assert.Equal(("refused", "which-tag"), await FirstAsync(ReleaseAsync(rig, null)));
        Assert.Equal(("refused", "which-tag"), await FirstAsync(ReleaseAsync(rig, "E2FF")));
        Assert.Equal(("done", null), await FirstAsync(ReleaseAsync(rig, "E28011602000000000000001")));
        Assert.Equal(1, Assert.Single((await StockAsync(rig)).Groups).Available);
        item = (await rig.Http.GetFromJsonAsync<ItemView>($"/api/v1/items/{epc}", ApiJson.Options))!;
        Assert.Equal([true, false], item.Tags!.Select(tag => tag.Right));
        Assert.StartsWith("Of the tags with this number E28011602000000000000001 said to be right. The other lay on another box", item.History[0].Sentence, StringComparison.Ordinal);
        Assert.False(rig.Ledger.HasTwoTags(key));

        static Task<ActOutcome> ReleaseAsync(ApiRig rig, string? tid) =>
            PostAsync(rig, new(Guid.NewGuid().ToString(), "released", [new(Label, Hold: "two-tags", Tid: tid)]) { Reason = "The other lay on another box" });
    }

    [Theory]
    [InlineData("""{"id":"","kind":"received","lines":[{"code":"x"}],"place":"store-1"}""", "no id")]
    [InlineData("""{"id":"a","kind":"eaten","lines":[{"code":"x"}],"place":"store-1"}""", "eaten")]
    [InlineData("""{"id":"a","kind":"received","lines":[],"place":"store-1"}""", "no lines")]
    [InlineData("""{"id":"a","kind":"received","lines":[{"code":"x"}]}""", "no place")]
    [InlineData("""{"id":"a","kind":"received","lines":[{"code":"x"}],"place":"moon"}""", "moon")]
    [InlineData("""{"id":"a","kind":"held","lines":[{"code":"x"}]}""", "no reason")]
    [InlineData("""{"id":"a","kind":"received","lines":[{"code":"x"}],"place":"store-1","at":"2199-01-01T00:00:00Z"}""", "still to come")]
    public async Task What_cannot_be_done_says_why(string body, string says)
    {
        await using var rig = await ApiRig.StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await rig.Http.PostAsync(new Uri("/api/v1/stock/acts", UriKind.Relative), content);
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, answer.StatusCode.ToString());
        Assert.Contains(says, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("title").GetString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(01)10614141123458(21)1", "unreadable")]
    [InlineData("hello", "unreadable")]
    [InlineData("(01)10614141123459", "unreadable")]
    [InlineData("(01)10614141123459(10)A1", "how-many")]
    public async Task A_code_that_names_no_thing_is_refused_with_a_sentence_and_is_in_the_audit(string code, string outcome)
    {
        await using var rig = await ApiRig.StartAsync();
        Assert.Equal(("refused", outcome), await FirstAsync(DoAsync(rig, "received", "store-1", code)));
    }

    static async Task<(string, string?)> FirstAsync(Task<ActOutcome> act) => (await act).Lines[0] is var line ? (line.Outcome, line.Says is [var first, ..] ? first.Code : null) : default;

    static Task<ActOutcome> DoAsync(ApiRig rig, string kind, string? place, string code, string? caseId = null, string? reason = null, string? holdReason = null) =>
        PostAsync(rig, new(Guid.NewGuid().ToString(), kind, [new(code, HoldReason: holdReason)]) { Place = place, Case = caseId, Reason = reason });

    static async Task<ActOutcome> PostAsync(ApiRig rig, StockAct act)
    {
        var answer = await rig.Http.PostAsJsonAsync("/api/v1/stock/acts", act, ApiJson.Options);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<ActOutcome>(ApiJson.Options))!;
    }

    static async Task<StockPage> StockAsync(ApiRig rig) => (await rig.Http.GetFromJsonAsync<StockPage>("/api/v1/stock", ApiJson.Options))!;
    static async Task<StockStory> StoryAsync(ApiRig rig) => (await rig.Http.GetFromJsonAsync<StockStory>("/api/v1/stock/story/" + Uri.EscapeDataString(Told.Item), ApiJson.Options))!;
}
