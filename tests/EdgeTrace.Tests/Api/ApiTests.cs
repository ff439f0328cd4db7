using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Tests.Projections;

namespace EdgeTrace.Tests.Api;

public class ApiTests
{
    [Fact]
    public async Task What_walked_through_a_door_is_in_now_in_the_feed_and_on_the_items_page_by_name()
    {
        await using var rig = await ApiRig.StartAsync();
        await rig.WalkInAsync(1, tag: 3, SmallHospital.StartUs);
        await ApiRig.UntilAsync(() => rig.Ledger.FeedHead() > 0, "the movement is in the feed");

        var now = await Get<NowView>(rig, "/api/v1/now");
        var movement = Assert.Single(now.Movements);
        Assert.Equal(("Hip stem 44 mm", "serial 1003", "in", "Store 1"), (movement.Item.Name, movement.Item.Detail, movement.Direction, movement.ToName));
        Assert.True(movement.LatencyMs > 0);
        Assert.Equal(1, Assert.Single(now.Places, p => p.Id == "store-1").Items);

        var item = await Get<ItemView>(rig, $"/api/v1/items/{SmallHospital.Tag(3)}");
        Assert.Equal(("store-1", "passage", "10614141123459", "1003"), (item.Location, item.Basis, item.Gtin, item.Serial));
        var evidence = Assert.Single(item.History).Antennas;
        Assert.Equal([(1, "outside", 6), (2, "inside", 6)], evidence.Select(a => (a.Antenna, a.Side, a.Reads)));

        Assert.Single((await Get<PlaceContents>(rig, "/api/v1/places/store-1")).Items);
        foreach (var query in (string[])[SmallHospital.Tag(3), "hip", "1003", "(01)10614141123459(21)1003", "urn:epc:id:sgtin:0614141.112345.1003"])
            Assert.Single((await Get<FindResult>(rig, "/api/v1/find?q=" + Uri.EscapeDataString(query))).Items);
        var events = await rig.Http.GetFromJsonAsync<JsonNode>("/api/v1/events");
        Assert.Equal("1.0", (string?)events!["events"]![0]!["specversion"]);
        Assert.Equal("urn:epc:id:sgtin:0614141.112345.1003", (string?)events["events"]![0]!["data"]!["epcList"]![0]);
    }

    [Fact]
    public async Task The_live_feed_goes_on_from_the_last_event_id()
    {
        await using var rig = await ApiRig.StartAsync();
        await rig.WalkInAsync(1, tag: 1, SmallHospital.StartUs);
        var first = await FirstMovement(rig, after: "0", lastEventId: null);
        Assert.Equal(1, first.Cursor);

        await rig.WalkInAsync(2, tag: 2, SmallHospital.StartUs + 120_000_000);
        var next = await FirstMovement(rig, after: "0", lastEventId: "1");
        Assert.Equal((2, "serial 1002"), (next.Cursor, next.Movement!.Item.Detail));
    }

    [Fact]
    public async Task A_cursor_of_another_ledger_is_told_to_begin_anew()
    {
        await using var rig = await ApiRig.StartAsync();
        await foreach (var happened in Follow(rig, "/live?after=999", null))
        {
            Assert.Equal(FeedKind.Reset, happened.Kind);
            break;
        }
    }

    [Fact]
    public async Task The_live_feed_beats_every_second()
    {
        await using var rig = await ApiRig.StartAsync();
        var beats = 0;
        await foreach (var happened in Follow(rig, "/live", null))
            if (happened.Kind == FeedKind.Pulse && ++beats == 3) break;
        Assert.Equal(3, beats);
    }

    [Fact]
    public async Task An_alarm_is_acknowledged_once_by_somebody_with_a_reason()
    {
        await using var rig = await ApiRig.StartAsync();
        foreach (var logged in SmallHospital.Log(new Random(1)).Where(b => b.Id.Stream == "alarms/fridge-1"))
            await rig.AppendAsync(EdgeTrace.Contract.Batch.Parser.ParseFrom(logged.Body.Span));
        await ApiRig.UntilAsync(() => rig.Ledger.FeedHead() > 0, "the alarm is in the feed");
        var alarm = Assert.Single((await Get<NowView>(rig, "/api/v1/now")).Alarms);
        Assert.Equal((Severity.Alarm, false), (alarm.Severity, alarm.Acknowledged));

        var address = $"/api/v1/alarms/{alarm.Id}/acknowledge";
        using var sam = await rig.SignInAsync("Sam Patel", StaffRole.Pharmacy);
        Assert.Equal(HttpStatusCode.BadRequest, (await sam.PostAsJsonAsync(address, new { })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await sam.PostAsJsonAsync(address, new { reason = "Door was open" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await rig.Http.PostAsJsonAsync(address, new { actor = "Jo Day", reason = "Me too" })).StatusCode);
        Assert.Equal("Sam Patel (sam.patel)", Assert.Single((await Get<NowView>(rig, "/api/v1/now")).Alarms).AcknowledgedBy);
    }

    [Fact]
    public async Task What_is_not_there_says_what_and_where_to_look()
    {
        await using var rig = await ApiRig.StartAsync();
        foreach (var address in (string[])["/api/v1/items/E2000000000000000000AAAA", "/api/v1/places/nowhere", "/api/v1/points/none/samples", "/api/v1/nonsense"])
        {
            var answer = await rig.Http.GetAsync(address);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString());
        }
    }

    [Fact]
    public async Task Status_shows_each_stream_and_how_long_a_read_takes_to_the_feed()
    {
        await using var rig = await ApiRig.StartAsync();
        await rig.WalkInAsync(1, tag: 1, SmallHospital.StartUs);
        await ApiRig.UntilAsync(() => rig.Ledger.FeedHead() > 0, "the movement is in the feed");
        var status = await Get<StatusView>(rig, "/api/v1/status");
        Assert.Equal(("reads/door-1", 1L, 1L, 12L), Assert.Single(status.Streams) switch { var s => (s.Stream, s.Upto, s.Sealed, s.Readings) });
        Assert.True(status.Counters["readToFeedP99Ms"] > 0);
        Assert.Equal(0, status.Counters["openVisits"]);
        Assert.Equal("live", (await rig.Http.GetFromJsonAsync<JsonNode>("/healthz"))!["status"]!.ToString());
        Assert.Equal("ready", (await rig.Http.GetFromJsonAsync<JsonNode>("/readyz"))!["status"]!.ToString());
    }

    static async Task<T> Get<T>(ApiRig rig, string address) => (await rig.Http.GetFromJsonAsync<T>(address, ApiJson.Options))!;

    static async Task<FeedEvent> FirstMovement(ApiRig rig, string after, string? lastEventId)
    {
        await foreach (var happened in Follow(rig, $"/live?after={after}", lastEventId))
            if (happened.Kind == FeedKind.Movement) return happened;
        throw new InvalidOperationException("The feed ended.");
    }

    static async IAsyncEnumerable<FeedEvent> Follow(ApiRig rig, string address, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var answer = await rig.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync(patience.Token), (_, data) => JsonSerializer.Deserialize<FeedEvent>(data, ApiJson.Options)!).EnumerateAsync(patience.Token))
            yield return item.Data;
    }
}
