using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Excursions;

/// <summary>A fridge is outside its limits for a while: what lay there is on hold, by each thing's own story, and only pharmacy releases it.</summary>
public class ExcursionTests
{
    const string Vaccine = "05098404501013", Hip = "10614141123459", Unknown = "05098404502027";
    const long T0 = SmallHospital.StartUs;

    [Fact]
    public async Task What_lay_in_a_warm_fridge_is_held_by_its_own_story()
    {
        await using var rig = await StartAsync();
        await TellAsync(rig,
            At("there", Vaccine, (0, "pharmacy")), At("before", Vaccine, (0, "pharmacy"), (30, "store-1")), At("left", Vaccine, (0, "pharmacy"), (65, "store-1")), At("binned", Vaccine, (0, "bin-1")),
            At("elsewhere", Vaccine, (0, "store-1")), At("hip", Hip, (0, "pharmacy")), At("unknown", Unknown, (0, "pharmacy")), Lot("A", "pharmacy"), Lot("B", "store-1"));
        await WarmAsync(rig);
        await HeldAsync(rig, "there");
        await TellAsync(rig, At("late", Vaccine, (10, "pharmacy")), At("during", Vaccine, (0, "store-1"), (100, "pharmacy")), At("after", Vaccine, (0, "store-1"), (900, "pharmacy")), At("last", Vaccine, (0, "pharmacy")));
        await HeldAsync(rig, "last");
        Assert.Equal(["binned", "during", "last", "late", "left", "lot A", "there", "unknown"], Held(rig).Select(e => Name(e.Subject)).Order(StringComparer.Ordinal));
        // The hold is of the moment from which on it stands: when the rule was broken, or when the thing was put into the warm fridge.
        Assert.Equal((T0 + 80_000_000, T0 + 100_000_000), (Held(rig).Single(e => Name(e.Subject) == "there").AtUs, Held(rig).Single(e => Name(e.Subject) == "during").AtUs));
        Assert.All(Held(rig), e => Assert.Equal(("rule:temperature", HoldReason.ColdChain, "temperature: Vaccine fridge 1 above 8.0 °C for more than 20 s"), (e.Actor, e.Detail.HoldReason, e.Detail.Reason)));
    }

    [Fact]
    public async Task A_hold_says_how_long_it_was_and_leads_to_the_fridge()
    {
        await using var rig = await StartAsync();
        await TellAsync(rig, At("there", Vaccine, (0, "pharmacy"), (120, "store-1")));
        await WarmAsync(rig);
        await HeldAsync(rig, "there");
        var page = (await rig.Http.GetFromJsonAsync<StockPage>("/api/v1/stock?place=store-1", ApiJson.Options))!;
        var thing = Assert.Single(Assert.Single(page.Groups).Things);
        Assert.Equal((false, "cold-chain", "temperature: Vaccine fridge 1 above 8.0 °C for 1 min, at worst 9.2 °C", "fridge-1"), (thing.Available, thing.Holds[0].Reason, thing.Holds[0].Note, thing.Holds[0].Point));
        var story = (await rig.Http.GetFromJsonAsync<StockStory>($"/api/v1/stock/story/{Uri.EscapeDataString(Key("there"))}", ApiJson.Options))!;
        Assert.Contains("It was there for 60 s of that", story.Entries.Single(entry => entry.Kind == "held").Sentence, StringComparison.Ordinal);
        Assert.NotNull(rig.Ledger.Episode(thing.Holds[0].Notice!));
    }

    [Fact]
    public async Task Pharmacy_releases_it_and_nobody_else()
    {
        await using var rig = await StartAsync();
        await TellAsync(rig, At("there", Vaccine, (0, "pharmacy")));
        await WarmAsync(rig);
        await HeldAsync(rig, "there");
        var release = new StockAct("release-1", "released", [new(Key("there"), Hold: rig.Ledger.StockItem(Key("there"))!.Item.Holds[0].Id)]) { Reason = "It was at room temperature for a minute; the maker allows an hour." };
        foreach (var role in (StaffRole[])[StaffRole.Theatre, StaffRole.Operations])
        {
            using var nurse = await rig.SignInAsync($"Ann {role}", role);
            var refused = await ActAsync(nurse, release);
            Assert.Equal(("refused", "for-pharmacy"), (refused.Lines[0].Outcome, refused.Lines[0].Says[0].Code));
        }
        Assert.Single(rig.Ledger.StockItem(Key("there"))!.Item.Holds);
        using var pharmacist = await rig.SignInAsync("Bea Reid", StaffRole.Pharmacy);
        Assert.Equal("done", (await ActAsync(pharmacist, release)).Lines[0].Outcome);
        Assert.Empty(rig.Ledger.StockItem(Key("there"))!.Item.Holds);
        // It is moved, which lets its story be judged anew: the hold that was released is not raised a second time.
        await TellAsync(rig, At("there", Vaccine, (0, "pharmacy"), (700, "store-1")), At("control", Vaccine, (0, "pharmacy")));
        await HeldAsync(rig, "control");
        Assert.Empty(rig.Ledger.StockItem(Key("there"))!.Item.Holds);
    }

    [Fact]
    public async Task One_warm_spell_that_breaks_several_rules_is_one_hold_and_the_next_is_another()
    {
        await using var rig = await StartAsync();
        await TellAsync(rig, At("there", Vaccine, (0, "pharmacy")));
        await WarmAsync(rig, celsius: 13);
        await HeldAsync(rig, "there");
        Assert.Equal(["excursion-high", "excursion-hot"], rig.Ledger.RaisedEpisodes(0, 10).Where(e => e.Rule.StartsWith("excursion", StringComparison.Ordinal)).Select(e => e.Rule).Order());
        await TellAsync(rig, At("control", Vaccine, (0, "pharmacy")));
        await HeldAsync(rig, "control");
        Assert.Single(rig.Ledger.StockItem(Key("there"))!.Item.Holds);
        await WarmAsync(rig, fromS: 1000, sequence: 2);
        await ApiRig.UntilAsync(() => rig.Ledger.StockItem(Key("there"))!.Item.Holds.Length == 2, "the second spell holds it too");
    }

    [Fact]
    public async Task The_order_in_which_it_is_told_changes_nothing()
    {
        (string, string, (int, string)[])[] things = [At("a", Vaccine, (0, "pharmacy")), At("b", Vaccine, (0, "store-1"), (90, "pharmacy"), (110, "store-1")), At("c", Vaccine, (0, "pharmacy"), (50, "store-1")), At("d", Vaccine, (20, "pharmacy"))];
        var told = new List<List<string>>();
        foreach (var first in (bool[])[true, false])
        {
            await using var rig = await StartAsync();
            if (first) await TellAsync(rig, things);
            await WarmAsync(rig);
            if (!first) await TellAsync(rig, [.. things.Reverse()]);
            await HeldAsync(rig, "d");
            await HeldAsync(rig, "b");
            told.Add([.. Held(rig).Select(e => $"{e}").Order(StringComparer.Ordinal)]);
        }
        Assert.Equal(3, told[0].Count);
        Assert.Equal(told[0], told[1]);
    }

    static Task<ApiRig> StartAsync() => ApiRig.StartAsync(
        site: SmallHospital.Json.Replace("""{"id":"goods-in",""", """{"id":"bin-1","name":"Bin 1","kind":"pharmacy","parent":"pharmacy"},{"id":"goods-in",""", StringComparison.Ordinal),
        more: services => services.AddSingleton(new ItemNames(new([new(Hip, "Hip stem 44 mm"), new(Vaccine, "Influenza vaccine") { Storage = "fridge-2-8" }]))));

    /// <summary>Good for a minute, then warm for a minute and a half, then good until the alarm is over.</summary>
    static async Task WarmAsync(ApiRig rig, double celsius = 9.2, int fromS = 0, ulong sequence = 1)
    {
        await rig.AppendAsync(SmallHospital.Samples("fridge-1", sequence, [.. Enumerable.Range(fromS, 600).Select(s => (T0 + s * 1_000_000L, s - fromS is >= 60 and < 150 ? celsius : 4.6))]));
        rig.Promises.Say(new(SmallHospital.Gateway, "samples/fridge-1", 7, sequence + 1, T0 + (fromS + 600) * 1_000_000L));
        await ApiRig.UntilAsync(() => rig.Ledger.RaisedEpisodes(0, 100).Any(e => e.Rule == "excursion-high" && e.StartUs >= T0 + fromS * 1_000_000L && e.EndedUs is not null), "the excursion is over");
    }

    static (string, string, (int AtS, string Place)[]) At(string serial, string product, params (int AtS, string Place)[] places) => (serial, product, places);

    static (string, string, (int, string)[]) Lot(string number, string place) => ($"lot {number}", Vaccine, [(0, place)]);

    /// <summary>What people have entered, at the times it happened.</summary>
    static async Task TellAsync(ApiRig rig, params (string Serial, string Product, (int AtS, string Place)[] Places)[] things)
    {
        var commit = new LedgerCommit("test");
        foreach (var (serial, product, places) in things)
            foreach (var (n, (atS, place)) in places.Index())
            {
                var lot = serial.StartsWith("lot ", StringComparison.Ordinal) ? serial[4..] : null;
                var key = Key(serial, product);
                var kind = n == 0 ? EventKind.Opening : EventKind.Stored;
                var e = new StockEvent(StockBook.IdOf("told", key, kind, atS), key, kind, T0 + atS * 1_000_000L, 60, place, null, "told", "test",
                    new() { Product = product, Serial = lot is null ? serial : null, Lot = lot, Expiry = new DateOnly(2029, 1, 1), Quantity = lot is null ? null : 5 });
                commit.StockEvents.Add(e);
                StockClaims.Add(commit, e);
            }
        await rig.Services.GetRequiredService<LedgerWriter>().CommitAsync(commit);
    }

    static string Key(string serial, string product = Vaccine) => serial.StartsWith("lot ", StringComparison.Ordinal) ? EdgeTrace.Stock.Lot.Key(product, serial[4..]) : $"https://id.gs1.org/01/{product}/21/{serial}";

    static string Name(string subject) => subject.Contains("/10/", StringComparison.Ordinal) ? $"lot {subject[^1]}" : subject[(subject.LastIndexOf('/') + 1)..];

    static List<StockEvent> Held(ApiRig rig) => [.. rig.Ledger.StockEventsAfter(0, 1000).Select(e => e.Event).Where(e => e.Kind == EventKind.Held)];

    static Task HeldAsync(ApiRig rig, string serial) => ApiRig.UntilAsync(() => rig.Ledger.StockItem(Key(serial))?.Item.Holds.Length > 0, $"{serial} is on hold");

    static async Task<ActOutcome> ActAsync(HttpClient http, StockAct act)
    {
        using var answer = await http.PostAsJsonAsync("/api/v1/stock/acts", act, ApiJson.Options);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<ActOutcome>(ApiJson.Options))!;
    }
}
