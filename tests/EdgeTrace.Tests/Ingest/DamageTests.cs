using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Contract;
using MQTTnet;

namespace EdgeTrace.Tests.Ingest;

/// <summary>A bit that flips on the way costs a redelivery; a batch that is damaged every time costs itself and not its stream.</summary>
public sealed class DamageTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-damage-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Three_times_is_no_accident_and_each_batch_is_counted_for_itself()
    {
        var book = new DamageBook();
        var (one, other) = (new BatchId("gw-1", "scans/desk", 7, 1), new BatchId("gw-1", "scans/desk", 7, 2));
        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(_ => book.MayBeWholeNextTime(one)));
        Assert.True(book.MayBeWholeNextTime(other));
    }

    [Fact]
    public async Task Damaged_on_the_way_is_not_acknowledged_and_taken_when_it_comes_whole()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder.FullName);
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        await SendDamagedAsync(gateway, 1);
        await Patience.Until(() => cloud.Log.Reader.Quarantine(10).Count == 1, "the damaged one is kept");
        Assert.Contains("to be sent again", cloud.Log.Reader.Quarantine(10)[0].Cause, StringComparison.Ordinal);
        Assert.Equal((0L, 0ul), (cloud.Log.Head, gateway.Upto("scans/desk")));

        await gateway.SendAsync("scans/desk", 1);
        await Patience.Until(() => gateway.Upto("scans/desk") == 1, "ack of 1");
        Assert.Null(Assert.Single(cloud.Log.Read(0, 10)).QuarantineCause);
    }

    [Fact]
    public async Task Damaged_every_time_it_is_quarantined_under_its_number_and_the_stream_goes_on()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder.FullName);
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        for (var i = 0; i < 3; i++) await SendDamagedAsync(gateway, 1);
        await gateway.SendAsync("scans/desk", 2);
        await Patience.Until(() => gateway.Upto("scans/desk") == 2, "ack of 2");
        Assert.Equal([true, false], cloud.Log.Read(0, 10).Select(batch => batch.QuarantineCause is not null));
    }

    static Task<MqttClientPublishReasonCode> SendDamagedAsync(WireGateway gateway, ulong sequence)
    {
        var body = Batches.Scan("scans/desk", sequence);
        var envelope = Batches.Envelope(body, sequence);
        body[^1] ^= 1;
        return gateway.PublishAsync(Batches.Topics.Stream("scans/desk"), body, envelope);
    }
}
