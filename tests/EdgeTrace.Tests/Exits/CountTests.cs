using System.Net;
using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Exits;

/// <summary>A stock-take of a store: what is scanned, what a door hears, what nobody sees, and what turns up again.</summary>
public sealed class CountTests : IAsyncLifetime
{
    const long Second = 1_000_000;
    ApiRig _rig = null!;
    ulong _sequence;
    int _acts;

    public async ValueTask InitializeAsync() => _rig = await ApiRig.StartAsync(site: LoadingBay.Json, more: services => services.AddSingleton(LoadingBay.Names));

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task What_is_found_missing_moved_and_unexpected_is_told_with_its_price_and_a_later_sign_finds_what_was_missed()
    {
        foreach (var n in (int[])[1, 2, 3, 4]) await ActAsync("received", "store-1", new(SmallHospital.Tag(n)));
        await ActAsync("received", "goods-in", new(SmallHospital.Tag(5)));
        await ActAsync("received", "store-1", new($"(01){LoadingBay.Gauze}(10)L1", 40));
        await ActAsync("received", "store-1", new($"(01){LoadingBay.Gauze}(10)L2", 7));

        var started = await PostAsync<CountView>("counts", new StartCount("c-1", "store-1"));
        Assert.Equal((6, 0, 4, 2), (started.Expected, started.Found, started.Missing, started.NotCounted));
        Assert.Equal("c-1", (await PostAsync<CountView>("counts", new StartCount("c-2", "store-1"))).Count.Id);

        // One by hand, one by its scanner's code, one heard at a door; a stem of goods-in stands here; pieces are counted.
        Assert.All((await SeeAsync("c-1", new StockLine(SmallHospital.Tag(1)), new StockLine(SmallHospital.Tag(5)), new StockLine($"(01){LoadingBay.Gauze}(10)L1", 38))).Lines, line => Assert.Equal("done", line.Outcome));
        Assert.Equal("refused", (await SeeAsync("c-1", new StockLine("rubbish"))).Lines.Single().Outcome);
        await HearAsync(2);
        await HearAsync(3, moves: true);

        var now = await GetAsync<CountView>("counts/c-1");
        Assert.Equal(["4 missing", "L1 short 38 of 40", "5 unexpected from Goods in", "L2 not-counted", "3 moved to Corridor", "1 found", "2 found"], now.Things.Select(Said));
        Assert.Equal((3, 1, 1, 1, 120_000L), (now.Found, now.Missing, now.Moved, now.Unexpected, now.MissingPence));

        var closed = await PostAsync<CountView>("counts/c-1/close", new { });
        Assert.Equal(now.Things.Select(Said), closed.Things.Select(Said));
        Assert.Equal(closed.Count.Closed, (await PostAsync<CountView>("counts/c-1/close", new { })).Count.Closed);
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.Http.PostAsJsonAsync("/api/v1/counts/c-1/seen", new CountSeen("x", [new(SmallHospital.Tag(1))]))).StatusCode);
        Assert.Equal(("missing", false), await StatusAsync(4));
        var report = await GetAsync<MissingReport>("counts/missing");
        Assert.Equal(("missing", "Store 1", 120_000L, 1), report.Things.Select(thing => (thing.State, thing.From!, thing.Pence!.Value, report.Missing)).Single());

        // It lay behind a radiator: a door hears it, and it is there again with no word from anybody.
        await HearAsync(4);
        Assert.Equal(("received", true), await StatusAsync(4));
        Assert.Equal("4 found-again in Store 1", (await GetAsync<CountView>("counts/c-1")).Things.Select(Said).Single(said => said.StartsWith('4')));
        report = await GetAsync<MissingReport>("counts/missing");
        Assert.Equal(("found", "Store 1", 0), report.Things.Select(thing => (thing.State, thing.FoundIn!, report.Missing)).Single());
    }

    [Fact]
    public async Task Mistakes_are_named_and_a_thing_that_was_missed_before_is_not_expected_again()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _rig.Http.PostAsJsonAsync("/api/v1/counts", new StartCount("c-1", "bay"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.Http.PostAsJsonAsync("/api/v1/counts", new StartCount(null, "store-1"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _rig.Http.GetAsync("/api/v1/counts/none")).StatusCode);
        await ActAsync("received", "store-1", new(SmallHospital.Tag(1)));
        await PostAsync<CountView>("counts", new StartCount("c-1", "store-1"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _rig.Http.PostAsJsonAsync("/api/v1/counts/c-1/seen", new CountSeen("x", [new(SmallHospital.Tag(1))], TimeProvider.System.GetUtcNow().AddHours(-1)))).StatusCode);
        Assert.Equal(1, (await PostAsync<CountView>("counts/c-1/close", new { })).Missing);
        Assert.Equal(0, (await PostAsync<CountView>("counts", new StartCount("c-2", "store-1"))).Expected);
        await SeeAsync("c-2", new StockLine(SmallHospital.Tag(1)));
        Assert.Equal(("received", true), await StatusAsync(1));
    }

    static string Said(CountedThing thing) => thing.Outcome switch
    {
        "short" or "not-counted" => $"{thing.Name.Detail[4..]} {thing.Outcome}{(thing.Outcome == "short" ? $" {thing.Counted} of {thing.Expected}" : "")}",
        _ => $"{thing.Name.Detail[^1]} {thing.Outcome}{(thing.Where is null ? "" : thing.Outcome switch { "moved" => " to ", "found-again" => " in ", _ => " from " } + thing.Where)}",
    };

    /// <summary>Store 1's door to the corridor hears a tag, or sees it carried out.</summary>
    async Task HearAsync(int tag, bool moves = false)
    {
        var atUs = EventTime.ToUs(TimeProvider.System.GetUtcNow());
        var reads = Enumerable.Range(0, 24).Select(i => (atUs + i * (moves ? 60_000 : 1_000), (ushort)(moves && i >= 12 ? 1 : 2), SmallHospital.Tag(tag))).ToArray();
        await _rig.AppendAsync(SmallHospital.Reads("door-2", ++_sequence, reads));
        _rig.Promises.Say(new(SmallHospital.Gateway, "reads/door-2", 7, _sequence + 1, atUs + 5 * Second));
        await ApiRig.UntilAsync(() => _rig.Ledger.Item(LoadingBay.KeyOf(SmallHospital.Tag(tag)))?.SeenUs >= atUs, "the door has heard it");
    }

    async Task ActAsync(string kind, string place, StockLine line) =>
        Assert.Equal("done", (await PostAsync<ActOutcome>("stock/acts", new StockAct($"act-{++_acts}", kind, [line]) { Place = place })).Lines.Single().Outcome);

    Task<ActOutcome> SeeAsync(string count, params StockLine[] lines) => PostAsync<ActOutcome>($"counts/{count}/seen", new CountSeen($"act-{++_acts}", lines));

    async Task<(string, bool)> StatusAsync(int tag)
    {
        var thing = (await GetAsync<StockStory>($"stock/story/{SmallHospital.Tag(tag)}")).Thing;
        return (thing.Status, thing.Available);
    }

    async Task<T> PostAsync<T>(string path, object body)
    {
        var answer = await _rig.Http.PostAsJsonAsync($"/api/v1/{path}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<T>(ApiJson.Options))!;
    }

    async Task<T> GetAsync<T>(string path) => (await _rig.Http.GetFromJsonAsync<T>($"/api/v1/{path}", ApiJson.Options))!;
}
