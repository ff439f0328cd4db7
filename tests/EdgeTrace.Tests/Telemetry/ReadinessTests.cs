using System.Net;
using System.Net.Http.Json;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Telemetry;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;

namespace EdgeTrace.Tests.Telemetry;

/// <summary>Live is not ready: a full log is named, and a restart would not cure it.</summary>
public sealed class ReadinessTests
{
    [Fact]
    public async Task A_log_that_cannot_be_written_is_a_named_cause_until_it_can_again()
    {
        await using var rig = await ApiRig.StartAsync();
        rig.Log.BytesMax = 4096;
        var waiting = rig.AppendAsync(SmallHospital.Reads("door-1", 1, [.. Enumerable.Range(0, 4000).Select(i => (SmallHospital.StartUs + i * 1000, (ushort)1, SmallHospital.Tag(i % 50)))]));
        await ApiRig.UntilAsync(() => !rig.Log.State.IsFine, "the log is full");

        using var answer = await rig.Http.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var cause = Assert.Single((await answer.Content.ReadFromJsonAsync<Readiness>(ApiJson.Options))!.Causes);
        Assert.Equal("batch-log", cause.Name);
        Assert.NotEmpty(cause.Remedy);
        Assert.Equal(HttpStatusCode.OK, (await rig.Http.GetAsync("/healthz")).StatusCode);

        rig.Log.BytesMax = 0;
        await waiting;
        await ApiRig.UntilAsync(() => rig.Log.State.IsFine, "the log takes writes again");
        Assert.Equal("ready", (await rig.Http.GetFromJsonAsync<Readiness>("/readyz", ApiJson.Options))!.Status);
    }
}
