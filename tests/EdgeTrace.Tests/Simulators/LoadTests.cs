using System.Collections.Concurrent;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Contract;
using EdgeTrace.Simulators.Load;
using EdgeTrace.Tests.Ingest;

namespace EdgeTrace.Tests.Simulators;

/// <summary>The load says what a gateway would, and counts only what the cloud has acknowledged.</summary>
public sealed class LoadTests : IDisposable
{
    static readonly LoadPlan s_plan = new() { Trust = "demo-trust", Site = "st-elsewhere", Id = "gw", Gateways = 2, Portals = 3, Batch = 250, Tags = 40, Phase = true };
    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-load-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_body_is_a_batch_the_cloud_can_read_and_event_time_moves_on()
    {
        var stream = new PortalStream(s_plan, gateway: 1, portal: 2, "boot", startUs: 1_795_000_000_000_000);
        var bytes = new byte[stream.LengthMax];
        var columns = new ReadColumns();
        for (var (sequence, lastUs) = (1ul, 0L); sequence <= 200; sequence++)
        {
            var body = bytes.AsMemory(0, stream.Write(sequence, bytes));
            var envelope = BatchEnvelope.For(stream.Epoch, sequence, body.Span);
            var seen = Assert.IsType<Checked.Numbered>(Inspection.Inspect(new(s_plan.Topics(1).Stream(stream.Name), body, envelope.ToArray()), 0));
            Assert.Equal((250u, null, null, false), (seen.Batch.Readings, seen.Batch.QuarantineCause, seen.Suspicion, seen.Damaged));

            var batch = Batch.Parser.ParseFrom(body.Span);
            columns.Decode(batch.Reads.Columns.Span);
            Assert.Equal(batch.Header.FirstUs, columns.TimeUs[0]);
            Assert.True(columns.TimeUs[0] >= lastUs && columns.TimeUs[^1] < batch.Header.LastUs && batch.Header.LastUs == stream.LastUs(sequence));
            lastUs = columns.TimeUs[^1];
        }
    }

    [Fact]
    public void A_batch_sent_again_is_the_same_bytes()
    {
        var stream = new PortalStream(s_plan, 1, 1, "boot", 1_795_000_000_000_000);
        var (once, again) = (new byte[stream.LengthMax], new byte[stream.LengthMax]);
        var length = stream.Write(70, once);
        stream.Write(71, again);
        Assert.Equal(length, stream.Write(70, again));
        Assert.Equal(once.AsSpan(0, length), again.AsSpan(0, length));
    }

    [Fact]
    public async Task What_it_says_was_acknowledged_is_in_the_log()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        var said = new ConcurrentQueue<string>();
        var summary = await new LoadRun(s_plan with { Gateways = 1 }, "127.0.0.1", cloud.Port, "secret of gw-1", TimeProvider.System).RunAsync(
            gateway => Enumerable.Range(1, s_plan.Portals).Select(portal => new PortalStream(s_plan, gateway, portal, "boot", 1_795_000_000_000_000)),
            TimeSpan.Zero, TimeSpan.FromMilliseconds(300), answered: true, said.Enqueue, TestContext.Current.CancellationToken);

        Assert.Equal(["BEGIN", "END"], said);
        Assert.Equal((0L, 0L, 0L, 0), (summary.Resent, summary.Rejected, summary.Refused, summary.Unacked));
        var logged = cloud.Log.Streams();
        Assert.Equal(3, logged.Count);
        Assert.InRange(summary.Reads, 250, logged.Sum(stream => stream.Readings));
        Assert.All(cloud.Log.Read(0, 1000), batch => Assert.Null(batch.QuarantineCause));
        Assert.True(cloud.Meter.Counts.Balance);
    }

    [Fact]
    public async Task A_wrong_password_is_a_sentence()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        var refused = await Assert.ThrowsAsync<LoadException>(() => new LoadRun(s_plan with { Gateways = 1 }, "127.0.0.1", cloud.Port, "wrong", TimeProvider.System).RunAsync(
            gateway => [new PortalStream(s_plan, gateway, 1, "boot", 1)], TimeSpan.Zero, TimeSpan.FromSeconds(5), answered: true, _ => { }, TestContext.Current.CancellationToken));
        Assert.Contains("--password-file", refused.Message, StringComparison.Ordinal);
    }
}
