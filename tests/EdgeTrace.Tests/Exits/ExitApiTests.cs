using System.Net;
using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Exits;

/// <summary>From tag reads in the batch log to a question on the page, its answer, and what becomes of the stock.</summary>
public sealed class ExitApiTests : IAsyncLifetime
{
    const long Second = 1_000_000;
    ApiRig _rig = null!;
    ulong _sequence;
    long _atUs;

    public async ValueTask InitializeAsync()
    {
        _rig = await ApiRig.StartAsync(site: LoadingBay.Json, more: services => services.AddSingleton(LoadingBay.Names));
        _atUs = EventTime.ToUs(TimeProvider.System.GetUtcNow());
        await ApiRig.UntilAsync(() => _rig.Ledger.ExitCursor() is not null, "exits are watched");
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task What_leaves_without_a_ticket_stands_on_Now_and_a_false_alarm_puts_it_back()
    {
        Assert.Equal(HttpStatusCode.OK, (await ActAsync("received", 1)).StatusCode);
        await CarryAsync(1, inward: false);
        var exit = (await OpenAsync()).Single();
        Assert.Equal("Hip stem 44 mm (serial 1001) went out through Loading bay door: no ticket covers it.", exit.Sentence);
        Assert.Equal(("amber", false), (exit.State, exit.Late));
        Assert.Equal([(1, "outside", 12), (2, "inside", 12)], exit.Antennas.Select(antenna => (antenna.Antenna, antenna.Side, antenna.Reads)));
        Assert.Equal(("exit", exit.Id, "door-1"), (await GetAsync<NowView>("now")).Alarms.Select(alarm => (alarm.Kind, alarm.Id, alarm.Subject)).Single());
        Assert.Equal("left", (await StoryAsync(1)).Thing.Status);

        Assert.Equal(HttpStatusCode.BadRequest, (await AnswerAsync(exit.Id, "false", " ")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await AnswerAsync(exit.Id, "perhaps", "x")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AnswerAsync("no-such", "false", "x")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AnswerAsync(exit.Id, "false", "It stands on the shelf behind the door")).StatusCode);
        // The first answer stands.
        var second = (await (await AnswerAsync(exit.Id, "stolen", "No!")).Content.ReadFromJsonAsync<ExitView>(ApiJson.Options))!;
        Assert.Equal(("false", "It stands on the shelf behind the door"), (second.Answer!.Answer, second.Answer.Reason));

        var thing = (await StoryAsync(1)).Thing;
        Assert.Equal(("received", "store-1", "declared"), (thing.Status, thing.Location, thing.Basis));
        Assert.Empty((await GetAsync<NowView>("now")).Alarms);
        var exits = await GetAsync<ExitsView>("exits");
        Assert.Empty(exits.Open);
        Assert.Equal((1, 1, 1, 1.0), exits.Doors.Select(door => (door.Alarms, door.Answered, door.False, door.FalseShare!.Value)).Single());
        // Who comes late to the feed hears of both, and from both that it is answered.
        Assert.Equal([true, true], (await GetAsync<FeedPage>("feed?after=0")).Events.Where(e => e.Kind == "exit").Select(e => e.Alarm!.Acknowledged));
    }

    [Fact]
    public async Task A_ticket_lets_its_thing_leave_once_and_says_what_it_could_not_read()
    {
        var wrong = await TicketAsync("t-0", "loan", [SmallHospital.Tag(1), "rubbish"]);
        Assert.Null(wrong.Ticket);
        Assert.Equal(["done", "refused"], wrong.Lines.Select(line => line.Outcome));
        Assert.Contains("whole lot", (await TicketAsync("t-0", "loan", [$"(01){LoadingBay.Hip}(10)LOT7"])).Lines.Single().Says.Single().Says, StringComparison.Ordinal);

        var written = (await TicketAsync("t-1", "loan", [SmallHospital.Tag(1)])).Ticket!;
        Assert.Equal(("open", "machine:rig", "Loan set"), (written.State, written.By, written.Reason));
        Assert.Equal(written.Id, (await TicketAsync("t-1", "loan", [SmallHospital.Tag(1)])).Ticket!.Id);
        await CarryAsync(1, inward: false);
        await ApiRig.UntilAsync(() => _rig.Ledger.Ticket("t-1")!.Things[0].LeftUs is not null, "it has left on its ticket");
        var exits = await GetAsync<ExitsView>("exits");
        Assert.Empty(exits.Open);
        Assert.Equal(("ticketed", "t-1"), exits.Settled.Select(exit => (exit.Outcome, exit.Ticket!)).Single());
        Assert.Equal("used", exits.Tickets.Single().State);
        Assert.Equal("in-transit", (await StoryAsync(1)).Thing.Status);

        Assert.NotNull((await TicketAsync("t-2", "repair", [SmallHospital.Tag(2)])).Ticket);
        Assert.Equal(HttpStatusCode.NoContent, (await _rig.Http.PostAsync("/api/v1/exits/tickets/t-2/end", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _rig.Http.PostAsync("/api/v1/exits/tickets/t-2/end", null)).StatusCode);
        await CarryAsync(2, inward: false);
        Assert.Equal("unticketed", (await OpenAsync()).Single().Outcome);
        // Somebody runs after it with the paper.
        Assert.NotNull((await TicketAsync("t-3", "repair", [SmallHospital.Tag(2)])).Ticket);
        var late = (await GetAsync<ExitsView>("exits")).Settled.Single(exit => exit.Outcome == "unticketed");
        Assert.Equal(("answered", "allowed", "Ticket written: Loan set"), (late.State, late.Answer!.Answer, late.Answer.Reason));
    }

    [Theory]
    [InlineData("returned", "returned", "store-1")]
    [InlineData("allowed", "in-transit", "bay")]
    [InlineData("gone", "left", "bay")]
    [InlineData("stolen", "stolen", "bay")]
    public async Task What_somebody_answers_is_what_the_books_say(string answer, string status, string place)
    {
        await CarryAsync(3, inward: false);
        var exit = (await OpenAsync()).Single();
        Assert.Equal(HttpStatusCode.OK, (await AnswerAsync(exit.Id, answer, "Asked at the door")).StatusCode);
        var thing = (await StoryAsync(3)).Thing;
        Assert.Equal((status, place, false), (thing.Status, thing.Location, thing.Available));
    }

    [Fact]
    public async Task Mistakes_in_a_ticket_are_named()
    {
        foreach (var body in new object[]
        {
            new { kind = "loan", things = new[] { "x" }, until = In(1), reason = "r" }, new { id = "a", kind = "gift", things = new[] { "x" }, until = In(1), reason = "r" }, new { id = "a", kind = "loan", things = Array.Empty<string>(), until = In(1), reason = "r" },
            new { id = "a", kind = "loan", things = new[] { "x" }, until = In(-1), reason = "r" }, new { id = "a", kind = "loan", things = new[] { "x" }, until = In(32), reason = "r" }, new { id = "a", kind = "loan", things = new[] { "x" }, until = In(1), reason = " " },
        })
            Assert.Equal(HttpStatusCode.BadRequest, (await _rig.Http.PostAsJsonAsync("/api/v1/exits/tickets", body)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _rig.Http.PostAsJsonAsync("/api/v1/exits/tickets", new { id = "a", kind = "loan", things = new[] { "x" }, until = In(1), reason = "r", portal = "door-2" })).StatusCode);
    }

    [Fact]
    public void A_door_out_of_the_building_that_cannot_tell_out_from_in_is_a_mistake_of_the_site_model()
    {
        var mistakes = Assert.Throws<SiteModelException>(() => SiteModelFile.Read("site.json", LoadingBay.Json.Replace("{\"antenna\":1,\"side\":\"outside\"},", "", StringComparison.Ordinal))).Errors;
        Assert.Equal(["door \"door-1\" leads out of the building and has no antenna on its outside: without one on each side nobody can tell what left."], mistakes);
    }

    static DateTimeOffset In(int days) => TimeProvider.System.GetUtcNow().AddDays(days);

    /// <summary>Somebody carries a hip stem through the loading bay's door.</summary>
    async Task CarryAsync(int tag, bool inward)
    {
        var reads = Enumerable.Range(0, 24).Select(i => (_atUs + i * 60_000, (ushort)(i < 12 == inward ? 1 : 2), SmallHospital.Tag(tag))).ToArray();
        await _rig.AppendAsync(SmallHospital.Reads("door-1", ++_sequence, reads));
        _rig.Promises.Say(new(SmallHospital.Gateway, "reads/door-1", 7, _sequence + 1, _atUs + 4 * Second));
        _atUs += 5 * Second;
    }

    async Task<IReadOnlyList<ExitView>> OpenAsync()
    {
        await ApiRig.UntilAsync(() => _rig.Ledger.OpenExits(10).Count > 0, "somebody is asked");
        return (await GetAsync<ExitsView>("exits")).Open;
    }

    Task<HttpResponseMessage> AnswerAsync(string id, string answer, string reason) => _rig.Http.PostAsJsonAsync($"/api/v1/exits/{id}/answer", new AnswerExit(answer, reason));

    async Task<TicketOutcome> TicketAsync(string id, string kind, string[] things) =>
        (await (await _rig.Http.PostAsJsonAsync("/api/v1/exits/tickets", new NewTicket(id, kind, things, In(1), "Loan set"))).Content.ReadFromJsonAsync<TicketOutcome>(ApiJson.Options))!;

    Task<HttpResponseMessage> ActAsync(string kind, int tag) => _rig.Http.PostAsJsonAsync("/api/v1/stock/acts", new StockAct($"{kind}-{tag}", kind, [new(SmallHospital.Tag(tag))]) { Place = "store-1" });

    Task<StockStory> StoryAsync(int tag) => GetAsync<StockStory>($"stock/story/{SmallHospital.Tag(tag)}");

    async Task<T> GetAsync<T>(string path) => (await _rig.Http.GetFromJsonAsync<T>($"/api/v1/{path}", ApiJson.Options))!;
}
