using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Identity;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Doors;

/// <summary>What is expired, recalled or held is told at the door it is carried in through, and a tag that says lot and date needs no look-up for it.</summary>
public class DoorTests
{
    const string Hip = "10614141123459";
    const long T0 = SmallHospital.StartUs;

    [Fact]
    public async Task A_tag_says_its_lot_and_that_it_is_expired_with_nobody_having_booked_it_in()
    {
        await using var rig = await StartAsync();
        var tag = Plus("77", lot: "L7", expiry: "260101");
        await WalkAsync(rig, "door-1", tag, 1);
        var alarm = Assert.Single(await AlarmsAsync(rig, 1));
        Assert.Equal(("carried-in", Severity.Warning, "Hip stem 44 mm (serial 77, lot L7) was carried into Store 1: it expired on 2026-01-01.", "Take it out and put it with the waste."), (alarm.Kind, alarm.Severity, alarm.Sentence, alarm.Remedy));
        Assert.Equal("L7", (await rig.Http.GetFromJsonAsync<ItemView>($"/api/v1/items/{tag}", ApiJson.Options))!.Lot);
        // Seen is not booked in.
        Assert.Null(rig.Ledger.StockItem(Key("77")));

        // It is carried about while nobody has answered: that is one question.
        await WalkAsync(rig, "door-1", tag, 2);
        await WalkAsync(rig, "door-1", Plus("78", lot: "L7", expiry: "260101"), 3);
        Assert.Equal(2, (await AlarmsAsync(rig, 2)).Count);
        using var answer = await rig.Http.PostAsJsonAsync($"/api/v1/alarms/{alarm.Id}/acknowledge", new { reason = "put with the waste" });
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal("put with the waste", rig.Ledger.DoorFinding(alarm.Id)!.Answer!.Reason);
        Assert.Single(await AlarmsAsync(rig, 1));
    }

    [Fact]
    public async Task A_tag_and_a_label_that_disagree_are_told_and_the_earlier_date_counts()
    {
        await using var rig = await StartAsync();
        await BookAsync(rig, Key("77"), new() { Product = Hip, Serial = "77", Lot = "L7", Expiry = new(2029, 1, 1) });
        var tag = Plus("77", lot: "L7", expiry: "280301");
        await WalkAsync(rig, "door-1", tag, 1);
        Assert.EndsWith("was carried into Store 1: its tag says use by 2028-03-01, its label 2029-01-01.", Assert.Single(await AlarmsAsync(rig, 1)).Sentence, StringComparison.Ordinal);
        var item = rig.Ledger.StockItem(Key("77"))!.Item;
        Assert.Equal((new DateOnly(2028, 3, 1), "One carrier says it expires on 2029-01-01, another 2028-03-01: the earlier counts until somebody has looked."), (item.Expiry, Assert.Single(item.Findings)));
        var story = (await rig.Http.GetFromJsonAsync<StockStory>($"/api/v1/stock/story/{Uri.EscapeDataString(Key("77"))}", ApiJson.Options))!;
        Assert.Equal("Its tag says lot L7, use by 2028-03-01", story.Entries.Single(entry => entry.Kind == "tagged").Sentence);
    }

    [Fact]
    public async Task A_label_that_its_tag_contradicts_is_told_so_when_it_is_booked_in()
    {
        await using var rig = await StartAsync();
        var act = new StockAct("in-1", "received", [new($"(01){Hip}(17)290101(10)L7(21)77", Epc: Plus("77", "L8", "280301"))]) { Place = "goods-in" };
        using var answer = await rig.Http.PostAsJsonAsync("/api/v1/stock/acts", act, ApiJson.Options);
        var line = (await answer.Content.ReadFromJsonAsync<ActOutcome>(ApiJson.Options))!.Lines[0];
        Assert.Equal(("done", 2), (line.Outcome, line.Says.Count(said => said.Code == "tag-differs" && !said.Stops)));
        Assert.Equal(new DateOnly(2028, 3, 1), rig.Ledger.StockItem(Key("77"))!.Item.Expiry);
        Assert.Equal(2, rig.Ledger.StockItem(Key("77"))!.Item.Findings.Length);
    }

    [Fact]
    public async Task What_is_held_or_recalled_is_told_at_a_theatre_and_not_at_the_store_where_it_is_kept_apart()
    {
        await using var rig = await StartAsync();
        var (held, recalled, fine) = (SmallHospital.Tag(1), SmallHospital.Tag(2), SmallHospital.Tag(3));
        await BookAsync(rig, Key("1001"), new() { Product = Hip, Serial = "1001", Lot = "A", Expiry = new(2029, 1, 1) }, new() { HoldReason = HoldReason.Damaged, Reason = "dropped" });
        await BookAsync(rig, Key("1002"), new() { Product = Hip, Serial = "1002", Lot = "B", Expiry = new(2029, 1, 1) });
        await BookAsync(rig, Key("1003"), new() { Product = Hip, Serial = "1003", Lot = "C", Expiry = new(2029, 1, 1) });
        using var pressed = await rig.Http.PostAsJsonAsync("/api/v1/recalls", new RecallDraft("notice-1", "FSN 1", Hip) { Lots = ["B"] }, ApiJson.Options);
        Assert.True(pressed.IsSuccessStatusCode);
        ulong sequence = 1;
        foreach (var tag in (string[])[held, recalled, fine]) await WalkAsync(rig, "door-1", tag, sequence++);
        sequence = 1;
        foreach (var tag in (string[])[held, recalled, fine]) await WalkAsync(rig, "door-2", tag, sequence++);
        var alarms = await AlarmsAsync(rig, 2);
        Assert.Equal(["it is on hold", "it is recalled"], alarms.Select(alarm => alarm.Sentence[(alarm.Sentence.LastIndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd('.')).Order());
        Assert.All(alarms, alarm => Assert.Equal((Severity.Alarm, true), (alarm.Severity, alarm.Sentence.Contains("carried into Theatre 2", StringComparison.Ordinal))));
    }

    static Task<ApiRig> StartAsync() => ApiRig.StartAsync(
        new Shifted(EventTime.FromUs(T0 + 1_200_000_000) - TimeProvider.System.GetUtcNow()),
        site: SmallHospital.Json.Replace("""{"id":"store-2","name":"Store 2","kind":"store"}""", """{"id":"store-2","name":"Theatre 2","kind":"theatre"}""", StringComparison.Ordinal),
        more: services => services.AddSingleton(new ItemNames(new([new(Hip, "Hip stem 44 mm")]))));

    static string Key(string serial) => $"https://id.gs1.org/01/{Hip}/21/{serial}";

    /// <summary>An SGTIN+ with its lot and use-by date behind the number.</summary>
    static string Plus(string serial, string lot, string expiry) =>
        TagContent.TryCreate(EpcScheme.SgtinPlus, [new("01", Hip), new("21", serial), new("10", lot), new("17", expiry)], 1, null, out var tag, out var error) ? Convert.ToHexString(tag.ToEpc().ToArray()) : throw new InvalidOperationException(error);

    /// <summary>Through a door from outside, and the promise that lets the visit close.</summary>
    static async Task WalkAsync(ApiRig rig, string door, string epc, ulong sequence)
    {
        var at = T0 + (long)sequence * 60_000_000 + (door == "door-2" ? 600_000_000 : 0);
        await rig.AppendAsync(SmallHospital.Reads(door, sequence, [.. Enumerable.Range(0, 12).Select(i => (at + i * 60_000, (ushort)(i < 6 ? 1 : 2), epc))]));
        rig.Promises.Say(new(SmallHospital.Gateway, $"reads/{door}", 7, sequence + 1, at + 50_000_000));
        await ApiRig.UntilAsync(() => rig.Ledger.VisitsOf(epc, long.MaxValue, 10).Any(visit => visit.Visit.FirstUs == at), "the door has heard it");
    }

    static async Task BookAsync(ApiRig rig, string key, EventDetail label, EventDetail? hold = null)
    {
        var commit = new LedgerCommit("test");
        commit.StockEvents.Add(new($"{key}-in", key, EventKind.Opening, T0 - 2, 60, "goods-in", null, "told", "test", label));
        if (hold is not null) commit.StockEvents.Add(new($"{key}-held", key, EventKind.Held, T0 - 1, 60, null, null, "told", "test", hold));
        foreach (var e in commit.StockEvents) StockClaims.Add(commit, e);
        await rig.Services.GetRequiredService<LedgerWriter>().CommitAsync(commit);
    }

    /// <summary>As Now has them.</summary>
    static async Task<List<AlarmView>> AlarmsAsync(ApiRig rig, int count)
    {
        await ApiRig.UntilAsync(() => rig.Ledger.OpenDoorFindings(0, 100).Count >= count, $"{count} things are told");
        return [.. (await rig.Http.GetFromJsonAsync<NowView>("/api/v1/now", ApiJson.Options))!.Alarms.Where(alarm => alarm.Kind == "carried-in")];
    }

    /// <summary>The real clock at another time: the rig's timers go on.</summary>
    sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
