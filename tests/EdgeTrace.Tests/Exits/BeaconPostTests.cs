using System.Collections.Concurrent;
using System.Net.Http.Json;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Exits;

/// <summary>What an exit tells becomes a command to its gateway, while it is of use.</summary>
public sealed class BeaconPostTests
{
    [Fact]
    public async Task What_goes_out_lights_the_lamp_an_answer_puts_it_out_and_a_backlog_does_neither()
    {
        var sent = new Heard();
        await using var rig = await ApiRig.StartAsync(site: LoadingBay.Json, more: services => services.AddSingleton(LoadingBay.Names).AddSingleton<IGatewayPost>(sent));
        await ApiRig.UntilAsync(() => rig.Ledger.ExitCursor() is not null, "exits are watched");
        var nowUs = EventTime.ToUs(TimeProvider.System.GetUtcNow());

        await CarryAsync(rig, 1, 1, nowUs - 3_600_000_000);
        await ApiRig.UntilAsync(() => rig.Ledger.OpenExits(9).Count == 1, "the backlog is told");
        await CarryAsync(rig, 2, 2, nowUs - 2_000_000);
        await ApiRig.UntilAsync(() => !sent.Commands.IsEmpty, "the lamp is ordered");
        var exit = rig.Ledger.OpenExits(9)[0];
        var (topic, command) = sent.Commands.Single();
        Assert.Equal("edgetrace/v1/demo-trust/st-elsewhere/gw/gw-1/cmd", topic);
        Assert.Equal((exit.Exit.Id, "door-1", BeaconColour.Amber, 35u), (command.Beacon.Decision, command.Beacon.Portal, command.Beacon.Colour, command.Beacon.Seconds));
        Assert.InRange(command.ExpiresUs, nowUs, nowUs + 60_000_000);

        await rig.Http.PostAsJsonAsync($"/api/v1/exits/{exit.Exit.Id}/answer", new EdgeTrace.Api.AnswerExit("allowed", "It goes to the annexe"));
        await ApiRig.UntilAsync(() => sent.Commands.Count == 2, "the lamp is put out");
        Assert.Equal((exit.Exit.Id, BeaconColour.Off), (sent.Commands.Last().Command.Beacon.Decision, sent.Commands.Last().Command.Beacon.Colour));
        Assert.Equal(2, sent.Commands.Select(each => each.Command.Id).Distinct().Count());
    }

    static async Task CarryAsync(ApiRig rig, int tag, ulong sequence, long atUs)
    {
        var reads = Enumerable.Range(0, 24).Select(i => (atUs + i * 60_000, (ushort)(i < 12 ? 2 : 1), SmallHospital.Tag(tag))).ToArray();
        await rig.AppendAsync(SmallHospital.Reads("door-1", sequence, reads));
        rig.Promises.Say(new(SmallHospital.Gateway, "reads/door-1", 7, sequence + 1, atUs + 4_000_000));
    }

    /// <summary>A gateway's end of the line.</summary>
    sealed class Heard : IGatewayPost
    {
        public ConcurrentQueue<(string Topic, Command Command)> Commands { get; } = [];

        public Task SendAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
        {
            Commands.Enqueue((topic, Command.Parser.ParseFrom(payload.Span)));
            return Task.CompletedTask;
        }
    }
}
