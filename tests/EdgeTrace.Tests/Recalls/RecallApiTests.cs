using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Recalls;

/// <summary>A recall from the press to its end, over the real address and a real ledger.</summary>
public class RecallApiTests
{
    const string Gtin = "10614141123459";
    static readonly DateTimeOffset s_start = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_preview_says_what_would_be_found_and_changes_nothing()
    {
        await using var rig = await StockedAsync();
        var found = await PostAsync<RecallFound>(rig, "preview", Draft() with { Id = null, Reference = null });
        Assert.Equal((5, 1), (found.Pieces, found.MayBeMeant));
        Assert.Equal([("Store 1", 3, 1), ("Store 2", 1, 0)], found.Places.Select(place => (place.Name, place.Named, place.MayBeMeant)));
        Assert.Equal("Store 2", Assert.Single(found.OnTheirWay).To);
        Assert.Equal("patient-7", Assert.Single(found.InPatients).Patient);
        Assert.Single(found.Unknown);
        Assert.Single(found.Gone);
        Assert.Empty((await ListAsync(rig)).Recalls);
        Assert.Equal(3, await AvailableAsync(rig));
    }

    [Fact]
    public async Task One_press_holds_everything_at_once_also_what_comes_in_later_and_pressed_again_it_is_the_same_recall()
    {
        await using var rig = await StockedAsync();
        var view = await PostAsync<RecallView>(rig, "", Draft());
        Assert.Equal(0, view.Found.Unheld);
        Assert.Equal((2, 0, null), (view.Brief.Places, view.Brief.Answered, view.Brief.Contained));
        Assert.Equal(0, await AvailableAsync(rig));
        var held = rig.Ledger.StockHeld(100);
        Assert.Equal(5, held.Count);
        Assert.All(held, row => Assert.Equal(view.Brief.Id, Assert.Single(row.Item.Holds).Notice));

        var again = await PostAsync<RecallView>(rig, "", Draft() with { Lots = [], Reference = "another" });
        Assert.Equal("FSN 2026-14", again.Brief.Reference);
        Assert.Equal(5, rig.Ledger.StockHeld(100).Count);

        // What comes in tomorrow is recalled when it comes.
        await WriteAsync(rig, Event("late", EventKind.Opening, "store-1", new() { Product = Gtin, Lot = "A1", Serial = "late" }));
        Assert.Equal(0, await AvailableAsync(rig));
        Assert.Equal(1, (await ViewAsync(rig, view.Brief.Id)).Found.Unheld);
        Assert.Equal(0, (await PostAsync<RecallView>(rig, "", Draft())).Found.Unheld);
    }

    [Fact]
    public async Task It_is_contained_when_every_place_has_answered_and_a_place_where_more_is_found_must_answer_again()
    {
        var time = new FakeTimeProvider(s_start);
        await using var rig = await StockedAsync(time);
        var id = (await PostAsync<RecallView>(rig, "", Draft())).Brief.Id;
        time.Advance(TimeSpan.FromMinutes(20));
        var view = await PostAsync<RecallView>(rig, $"{id}/answers", new RecallAnswerGiven("store-1", 3));
        Assert.Equal((1, null), (view.Brief.Answered, view.Brief.Contained));
        time.Advance(TimeSpan.FromMinutes(22));
        view = await PostAsync<RecallView>(rig, $"{id}/answers", new RecallAnswerGiven("store-2", 0, "it has not come yet"));
        Assert.Equal(TimeSpan.FromMinutes(42), view.Brief.Contained - view.Brief.Opened);
        Assert.Equal(("machine:rig", 0, 1), view.Found.Places.Where(place => place.Place == "store-2").Select(place => (place.Answer!.By, place.Answer.Found, place.Answer.Named)).Single());
        Assert.Empty((await rig.Http.GetFromJsonAsync<NowView>("/api/v1/now", ApiJson.Options))!.Recalls!);

        await WriteAsync(rig, Event("late", EventKind.Opening, "store-1", new() { Product = Gtin, Lot = "A1", Serial = "late" }));
        view = await ViewAsync(rig, id);
        Assert.Equal((1, null), (view.Brief.Answered, view.Brief.Contained));
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("FSN 2026-14", Assert.Single((await rig.Http.GetFromJsonAsync<NowView>("/api/v1/now", ApiJson.Options))!.Recalls!).Reference);
        view = await PostAsync<RecallView>(rig, $"{id}/answers", new RecallAnswerGiven("store-1", 4));
        Assert.NotNull(view.Brief.Contained);
    }

    [Fact]
    public async Task A_place_from_which_everything_was_carried_away_must_answer_and_so_must_the_one_where_it_is_now()
    {
        await using var rig = await StockedAsync();
        var id = (await PostAsync<RecallView>(rig, "", Draft())).Brief.Id;
        foreach (var serial in (string[])["1", "2", "unknown-lot"]) await WriteAsync(rig, Event(serial, EventKind.Stored, "pharmacy", new() { Product = Gtin, Serial = serial }));
        var view = await ViewAsync(rig, id);
        Assert.Equal([("Pharmacy", 3), ("Store 2", 1), ("Store 1", 0)], view.Found.Places.Select(place => (place.Name, place.Named)));
        Assert.Equal(3, view.Brief.Places);
    }

    [Fact]
    public async Task A_thing_that_is_not_meant_is_released_with_a_reason_once_and_stays_released()
    {
        await using var rig = await StockedAsync();
        var id = (await PostAsync<RecallView>(rig, "", Draft())).Brief.Id;
        var release = new RecallReleased("act-1", Key("unknown-lot"), "The box says lot B9.");
        Assert.Equal(4, (await PostAsync<RecallView>(rig, $"{id}/release", release)).Found.Pieces);
        Assert.Equal(4, (await PostAsync<RecallView>(rig, $"{id}/release", release)).Found.Pieces);
        Assert.Equal(1, await AvailableAsync(rig));
        await PostAsync<RecallView>(rig, "", Draft());
        Assert.Equal(1, await AvailableAsync(rig));
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Http.PostAsJsonAsync($"/api/v1/recalls/{id}/release", release with { Act = "act-2", Key = Key("other") })).StatusCode);
        Assert.Equal(1, rig.Ledger.AuditAfter(0, 1000).Count(row => row.Action == "release-from-recall"));
    }

    [Fact]
    public async Task A_hold_that_is_released_at_the_shelf_releases_nothing_while_the_notice_is_open()
    {
        await using var rig = await StockedAsync();
        await PostAsync<RecallView>(rig, "", Draft());
        var held = rig.Ledger.StockItem(Key("1"))!.Item;
        var act = new StockAct("act-shelf", "released", [new($"(01){Gtin}(10)A1(21)1", Hold: held.Holds[0].Id)]) { Reason = "looks fine to me" };
        Assert.True((await rig.Http.PostAsJsonAsync("/api/v1/stock/acts", act, ApiJson.Options)).IsSuccessStatusCode);
        Assert.Empty(rig.Ledger.StockItem(Key("1"))!.Item.Holds);
        Assert.Equal(0, await AvailableAsync(rig));
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 0)]
    public async Task Closed_it_releases_what_it_held_or_leaves_it_on_hold_and_what_came_meanwhile_too(bool release, int available)
    {
        await using var rig = await StockedAsync();
        var id = (await PostAsync<RecallView>(rig, "", Draft())).Brief.Id;
        await WriteAsync(rig, Event("late", EventKind.Opening, "corridor", new() { Product = Gtin, Lot = "A1", Serial = "late" }));
        var view = await PostAsync<RecallView>(rig, $"{id}/close", new RecallClosing("The maker has withdrawn it.", release));
        Assert.Equal(("machine:rig", release), (view.Closed!.By, view.Closed.Released));
        Assert.Equal(available, await AvailableAsync(rig));
        Assert.Equal(release ? 0 : 6, rig.Ledger.StockHeld(100).Count);
        Assert.Equal(HttpStatusCode.BadRequest, (await rig.Http.PostAsJsonAsync($"/api/v1/recalls/{id}/answers", new RecallAnswerGiven("store-1", 3))).StatusCode);
    }

    [Fact]
    public async Task What_only_a_door_has_seen_and_what_has_no_number_of_its_own_are_found_too()
    {
        await using var rig = await ApiRig.StartAsync();
        var commit = new LedgerCommit("test");
        commit.Sightings.Add(new("https://id.gs1.org/01/10614141123459/21/1009", Projections.SmallHospital.Tag(9), 5, "door-1", Gtin, "1009"));
        commit.Locations.Add(new("https://id.gs1.org/01/10614141123459/21/1009", "store-2", "passage", 5, "door-1", 5, 1, "v"));
        commit.StockEvents.Add(Event("", EventKind.Opening, "store-1", new() { Product = Gtin, Lot = "A1", Quantity = 40 }, Lot.Key(Gtin, "A1")));
        commit.StockEvents.Add(Event("", EventKind.Issued, null, new() { Product = Gtin, Lot = "A1", Quantity = 15, From = "store-1", Destination = "pharmacy" }, Lot.Key(Gtin, "A1")));
        commit.StockEvents.Add(Event("", EventKind.Implanted, null, new() { Product = Gtin, Lot = "A1", Quantity = 2, From = "store-1", Patient = "patient-3" }, Lot.Key(Gtin, "A1")));
        await rig.Services.GetRequiredService<LedgerWriter>().CommitAsync(commit);
        var view = await PostAsync<RecallView>(rig, "", Draft());
        Assert.Equal([("Store 1", 23), ("Pharmacy", 15), ("Store 2", 1)], view.Found.Places.Select(place => (place.Name, place.Named)));
        Assert.Equal(("patient-3", 2), (view.Found.InPatients.Single().Patient, view.Found.InPatients.Single().Pieces));
        Assert.Equal((39, 1, 0), (view.Found.Pieces, view.Found.MayBeMeant, view.Found.Unheld));
        var page = await rig.Http.GetFromJsonAsync<StockPage>("/api/v1/stock", ApiJson.Options);
        Assert.All(page!.Groups, group => Assert.Equal((0, group.Pieces), (group.Available, group.Recalled)));
    }

    [Fact]
    public async Task The_lists_for_others_name_pseudonyms_and_who_fetched_the_letters_is_in_the_audit()
    {
        await using var rig = await StockedAsync();
        var id = (await PostAsync<RecallView>(rig, "", Draft())).Brief.Id;
        var stock = await rig.Http.GetStringAsync($"/api/v1/recalls/{id}/stock.csv");
        Assert.Contains("FSN 2026-14,10614141123459,Hip stem 44 mm,A1,1,,1,in-stock,Store 1,", stock, StringComparison.Ordinal);
        Assert.Equal(7, stock.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        var letters = await rig.Http.GetStringAsync($"/api/v1/recalls/{id}/letters.csv");
        Assert.Contains("patient-7", letters, StringComparison.Ordinal);
        Assert.Contains(rig.Ledger.AuditAfter(0, 1000), row => row.Action == "see-patient" && row.Subject == $"recall/{id}");
    }

    [Theory]
    [InlineData("10614141123459", Gtin, null, null)]
    [InlineData("]d2011061414112345917290131", Gtin, null, null)]
    [InlineData("(01)10614141123459(10)A1(21)7", Gtin, "A1", null)]
    [InlineData("+A99912345/$$52001510X33", "+A9991234", "10X3", null)]   // the worked pair of ANSI/HIBC 2.6
    [InlineData("hip stem", Gtin, null, null)]
    [InlineData("nothing like it", null, null, "No product")]
    public async Task A_scan_or_some_words_say_what_of_the_notice_is_known(string code, string? product, string? lot, string? error)
    {
        await using var rig = await ApiRig.StartAsync();
        var subject = (await rig.Http.GetFromJsonAsync<RecallSubject>("/api/v1/recalls/understand?code=" + Uri.EscapeDataString(code), ApiJson.Options))!;
        Assert.Equal((product, lot), (subject.Products.SingleOrDefault()?.Key, subject.Lot));
        if (error is null) Assert.Null(subject.Error);
        else Assert.NotEmpty(subject.Error!);
    }

    [Theory]
    [InlineData("""{"product":"10614141123459","reference":"FSN"}""", "no id")]
    [InlineData("""{"id":"a","product":"10614141123459"}""", "no reference")]
    [InlineData("""{"id":"a","reference":"FSN","product":"10614141123458"}""", "no product")]
    [InlineData("""{"id":"a","reference":"FSN","product":"10614141123459","lots":["123456789012345678901"]}""", "too long")]
    [InlineData("""{"id":"a","reference":"FSN","product":"10614141123459","serialFrom":"20","serialTo":"3"}""", "before they begin")]
    [InlineData("""{"id":"a","reference":"FSN","product":"10614141123459","expiryFrom":"2029-02-01","expiryTo":"2029-01-01"}""", "before it begins")]
    public async Task What_is_no_notice_says_why(string body, string says)
    {
        await using var rig = await ApiRig.StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await rig.Http.PostAsync(new Uri("/api/v1/recalls", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(says, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("title").GetString()!, StringComparison.Ordinal);
    }

    static RecallDraft Draft() => new("1b7cf2b0-2c2c-4b64-9c52-1f2f6d7a0001", "FSN 2026-14", Gtin) { Lots = ["A1"], Said = "Return to the maker." };

    /// <summary>Two of lot A1 and one of no known lot in one store, one in another, one on its way there, one missing, one in a patient, one wasted; and one of another lot.</summary>
    static async Task<ApiRig> StockedAsync(TimeProvider? time = null)
    {
        var rig = await ApiRig.StartAsync(time);
        EventDetail A1(string serial) => new() { Product = Gtin, Lot = "A1", Serial = serial };
        await WriteAsync(rig,
            Event("1", EventKind.Opening, "store-1", A1("1")), Event("2", EventKind.Opening, "store-1", A1("2")), Event("unknown-lot", EventKind.Opening, "store-1", new() { Product = Gtin, Serial = "unknown-lot" }),
            Event("3", EventKind.Opening, "store-1", A1("3")), Event("3", EventKind.Issued, null, A1("3") with { Destination = "store-2" }),
            Event("4", EventKind.Opening, "corridor", A1("4")), Event("4", EventKind.Missed, null, A1("4") with { From = "corridor" }),
            Event("7", EventKind.Opening, "store-1", A1("7")), Event("7", EventKind.Implanted, null, A1("7") with { Patient = "patient-7", Case = "case-7" }),
            Event("8", EventKind.Opening, "store-1", A1("8")), Event("8", EventKind.Wasted, null, A1("8")),
            Event("other", EventKind.Opening, "corridor", new() { Product = Gtin, Lot = "B1", Serial = "other" }));
        return rig;
    }

    static int s_second;

    static StockEvent Event(string serial, EventKind kind, string? place, EventDetail detail, string? subject = null)
    {
        var atUs = EventTime.ToUs(s_start.AddDays(-1)) + Interlocked.Increment(ref s_second) * 1_000_000L;
        return new($"event-{atUs}", subject ?? Key(serial), kind, atUs, 0, place, null, $"act-of-{atUs}", "test", detail);
    }

    static string Key(string serial) => $"https://id.gs1.org/01/{Gtin}/21/{serial}";

    static async Task WriteAsync(ApiRig rig, params StockEvent[] events)
    {
        var commit = new LedgerCommit("test");
        foreach (var e in events)
        {
            commit.StockEvents.Add(e);
            Cloud.Stock.StockClaims.Add(commit, e);
        }
        await rig.Services.GetRequiredService<LedgerWriter>().CommitAsync(commit);
    }

    static async Task<int> AvailableAsync(ApiRig rig) =>
        (await rig.Http.GetFromJsonAsync<StockPage>($"/api/v1/stock?product={Gtin}", ApiJson.Options))!.Groups.Sum(group => group.Available);

    static async Task<RecallList> ListAsync(ApiRig rig) => (await rig.Http.GetFromJsonAsync<RecallList>("/api/v1/recalls", ApiJson.Options))!;
    static async Task<RecallView> ViewAsync(ApiRig rig, string id) => (await rig.Http.GetFromJsonAsync<RecallView>($"/api/v1/recalls/{id}", ApiJson.Options))!;

    static async Task<T> PostAsync<T>(ApiRig rig, string path, object body)
    {
        var answer = await rig.Http.PostAsJsonAsync($"/api/v1/recalls{(path.Length > 0 ? "/" + path : "")}", body, ApiJson.Options);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<T>(ApiJson.Options))!;
    }
}
