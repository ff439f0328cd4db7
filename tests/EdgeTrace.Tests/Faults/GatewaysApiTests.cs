using System.Net;
using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;
using EdgeTrace.Tests.Api;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Faults;

public class GatewaysApiTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    static readonly long NoonUs = EventTime.ToUs(Noon);

    [Fact]
    public async Task A_gateway_nobody_has_heard_is_listed_as_such_and_another_is_not_known()
    {
        await using var rig = await ApiRig.StartAsync(new FakeTimeProvider(Noon));
        var gateway = Assert.Single((await rig.Http.GetFromJsonAsync<GatewaysView>("/api/v1/gateways", ApiJson.Options))!.Gateways);
        Assert.Equal(("gw-1", "never-heard", Severity.Unknown, "unknown"), (gateway.Id, gateway.State, gateway.Severity, gateway.Clock));
        Assert.Null(gateway.Outbox);
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Http.GetAsync("/api/v1/gateways/gw-9")).StatusCode);
    }

    [Fact]
    public async Task A_gateway_says_how_its_box_is_and_how_long_it_could_go_on_alone()
    {
        await using var rig = await ApiRig.StartAsync(new FakeTimeProvider(Noon));
        rig.Gateways.Take(new("demo-trust", "st-elsewhere", "gw-1"), new Birth { Gateway = "gw-1", Boot = "b1", Version = "0.1.0", Connection = 3, TimeQuality = TimeQuality.Rtc }, NoonUs);
        rig.Gateways.Take("gw-1", Beat("b1", sealedBytes: 0, unacked: 0), NoonUs);
        // Ten seconds later 1 MB more: 360 MB an hour, and 720 MB of room are two hours.
        rig.Gateways.Take("gw-1", Beat("b1", sealedBytes: 1_000_000, unacked: 150), NoonUs + 10_000_000);
        var detail = (await rig.Http.GetFromJsonAsync<GatewayDetail>("/api/v1/gateways/gw-1", ApiJson.Options))!;
        Assert.Equal(("online", "ntp", 1.5, "0.1.0", 3L), (detail.Gateway.State, detail.Gateway.Clock, detail.Gateway.ClockErrorMs, detail.Gateway.Version, detail.Gateway.Connection));
        var outbox = detail.Gateway.Outbox!;
        Assert.Equal((150L, 360_000_000.0, 2.0, true), (outbox.UnackedBatches, outbox.BytesPerHour, outbox.HoursLeft, outbox.FallsBehind));
    }

    [Fact]
    public void Another_boot_counts_anew_and_a_box_that_seals_nothing_has_no_end()
    {
        var before = GatewayVitals.After(null, "b1", new() { SealedBytes = 5_000_000 }, TimeQuality.Ntp, 0, NoonUs);
        var restarted = GatewayVitals.After(before, "b2", new() { SealedBytes = 100 }, TimeQuality.Rtc, 0, NoonUs + 10_000_000);
        Assert.Null(restarted.BytesPerHour);
        var quiet = GatewayVitals.After(restarted, "b2", new() { SealedBytes = 100, OutboxBudgetBytes = 1000, DiskFreeBytes = 1000 }, TimeQuality.Rtc, 0, NoonUs + 20_000_000);
        Assert.Equal((0.0, null), (quiet.BytesPerHour, quiet.HoursLeft));
    }

    static Heartbeat Beat(string boot, ulong sealedBytes, ulong unacked) => new()
    {
        Boot = boot, TimeQuality = TimeQuality.Ntp, TimeErrorUs = 1500,
        Counters = new() { SealedBytes = sealedBytes, UnackedBatches = unacked, OutboxBytes = 280_000_000, OutboxBudgetBytes = 1_000_000_000, DiskFreeBytes = 4_000_000_000 },
    };
}
