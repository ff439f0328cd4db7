using System.Net;
using System.Net.Sockets;
using EdgeTrace.Contract;
using Google.Protobuf;

namespace EdgeTrace.Faults;

/// <summary>A gateway with a right password that says too much, rubbish, or everything in the wrong order, while another works.</summary>
static class PretenderRows
{
    const ulong Epoch = 0x5EED;

    /// <summary>What a few refused bodies may cost; the bombs claim gigabytes.</summary>
    const double GrowthMiBMax = 150;

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("oversize", "packets and bodies beyond every limit: announced, sent, claimed by their columns", context => OversizeAsync(context, mosquitto: false)) { Smoke = true },
        new("oversize-mosquitto", "the same through Mosquitto", context => OversizeAsync(context, mosquitto: true)),
        new("malformed-batches", "right envelopes around wrong bodies, by the seed", MalformedAsync) { Smoke = true },
        new("disordered", "batches shuffled, twice over, and replayed by a boot that is gone", DisorderedAsync) { Smoke = true },
    ];

    static async Task<FaultResult> OversizeAsync(FaultContext context, bool mosquitto)
    {
        await using var rig = await StartAsync(context, mosquitto);
        var before = rig.Cloud.ResidentMiB();
        await AnnounceAsync(rig, context.Stop);
        List<string> wrong = [];
        using (var loud = await Pretender.ConnectAsync(rig, context.Stop))
            if (await loud.MayPublishAsync(Pretender.Topics.Stream("reads/loud"), new byte[5 << 20], context.Stop)) wrong.Add("a packet of 5 MiB was taken");
        byte[][] bombs = [.. Bombs(context.Random)];
        using (var bomber = await Pretender.ConnectAsync(rig, context.Stop))
        {
            for (var n = 0; n < bombs.Length; n++) await bomber.SendAsync("reads/bomb", Epoch, (ulong)n + 1, bombs[n], context.Stop);
            await rig.UntilAsync("the bombs are refused one by one", () => Task.FromResult(bomber.Upto("reads/bomb") == (ulong)bombs.Length));
            if (bomber.Rejected.Count != bombs.Length) wrong.Add($"{bomber.Rejected.Count} of {bombs.Length} bombs were refused");
        }
        await rig.DelayAsync(context.LoadFor / 3);
        if (rig.Cloud.ResidentMiB() - before is var grown and > GrowthMiBMax) wrong.Add($"the cloud grew by {grown:0} MiB");
        return await rig.JudgeAsync(await rig.RecoveryAsync(), wrong.Count == 0 ? null : string.Join("; ", wrong));
    }

    // 200 MiB are announced before anybody has signed in, and a little of them sent.
    static async Task AnnounceAsync(Rig rig, CancellationToken stop)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, rig.BrokerPort, stop);
        try
        {
            await client.GetStream().WriteAsync((byte[])[0x10, 0x80, 0x80, 0x80, 0x64, .. new byte[4096]], stop);
            var answer = await client.GetStream().ReadAsync(new byte[64], stop);
            if (answer > 0) answer = await client.GetStream().ReadAsync(new byte[64], stop);
            if (answer > 0) throw new FaultException("The broker goes on talking to somebody who announced a CONNECT of 200 MiB.");
        }
        catch (IOException)
        {
            // Thrown out: as it should be.
        }
    }

    static IEnumerable<byte[]> Bombs(Random random)
    {
        Batch Around(byte[] columns, uint readings, ulong sequence) => new()
        {
            Header = new() { Gateway = Pretender.Id, Stream = "reads/bomb", Epoch = Epoch, Sequence = sequence, Readings = readings },
            Reads = new() { Columns = ByteString.CopyFrom(columns) },
        };
        yield return Around(new byte[1_900_000], uint.MaxValue, 1).ToByteArray();
        // Version 1, then counts that would be gigabytes once spread out.
        yield return Around([1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, .. new byte[64]], int.MaxValue, 2).ToByteArray();
        var noise = new byte[1_900_000];
        random.NextBytes(noise);
        yield return Around(noise, 1, 3).ToByteArray();
        yield return noise;
        // Groups within groups: 100,000 deep.
        yield return [.. Enumerable.Repeat((byte)0x0B, 100_000)];
        // A length-delimited field that says it has 2 GiB.
        yield return [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1, 2, 3];
    }

    static async Task<FaultResult> MalformedAsync(FaultContext context)
    {
        var count = context.Length == "smoke" ? 1500ul : 10_000ul;
        string[] streams = ["reads/odd", "scans/odd", "samples/odd", "alarms/odd", "health"];
        await using var rig = await StartAsync(context, mosquitto: false);
        using var pretender = await Pretender.ConnectAsync(rig, context.Stop);
        for (var sequence = 1ul; sequence <= count / (ulong)streams.Length; sequence++)
            foreach (var stream in streams)
                await pretender.SendAsync(stream, Epoch, sequence, Spoilt(Right(stream, sequence).ToByteArray(), context.Random), context.Stop);
        await rig.UntilAsync("each has its answer", () => Task.FromResult(streams.All(stream => pretender.Upto(stream) == count / (ulong)streams.Length)), rig.Cloud);
        var wrong = rig.Cloud.HasExited ? "the cloud ended" : pretender.Rejected.Count == 0 ? "nothing was refused" : null;
        wrong ??= await ImbalanceAsync(rig);
        var result = await rig.JudgeAsync(await rig.RecoveryAsync(), wrong);
        return result with { Note = $"{count} sent, {pretender.Rejected.Count} refused for {pretender.Rejected.Distinct().Count()} reasons" };
    }

    static Batch Right(string stream, ulong sequence)
    {
        var batch = LightGateway.Batch(Pretender.Id, stream, Epoch, sequence, 5);
        if (stream.StartsWith("reads/", StringComparison.Ordinal)) return batch;
        batch.Header.Readings = 1;
        var us = batch.Header.SealedUs;
        if (stream.StartsWith("scans/", StringComparison.Ordinal)) batch.Scans = new() { Scans = { new Scan { TimeUs = us, Raw = ByteString.CopyFromUtf8("]d201050311234567801799") } } };
        else if (stream.StartsWith("samples/", StringComparison.Ordinal)) batch.Samples = new() { Samples = { new Sample { TimeUs = us, MilliCelsius = 5000 } } };
        else if (stream.StartsWith("alarms/", StringComparison.Ordinal)) batch.Alarms = new() { Alarms = { new LocalAlarm { Point = "odd", Rule = "excursion-high", StartUs = us, RaisedUs = us } } };
        else batch.Health = new() { States = { new DeviceState { Kind = "reader", Name = "odd", State = "fine", SinceUs = us } } };
        return batch;
    }

    static byte[] Spoilt(byte[] body, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                return body[..random.Next(body.Length)];
            case 1:
                for (var i = random.Next(1, 6); i > 0; i--) body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
                return body;
            case 2:
                random.NextBytes(body.AsSpan(random.Next(body.Length)));
                return body;
            default:
                var at = random.Next(body.Length);
                return [.. body[..at], .. body[random.Next(body.Length)..], .. body[at..]];
        }
    }

    /// <summary>Each batch twice, in a window in which the cloud holds some and drops others; again what is not acknowledged; at last all of it once more, from an old boot.</summary>
    static async Task<FaultResult> DisorderedAsync(FaultContext context)
    {
        const string Stream = "reads/mixed";
        var count = context.Length == "smoke" ? 300 : 2000;
        await using var rig = await StartAsync(context, mosquitto: false);
        using var pretender = await Pretender.ConnectAsync(rig, context.Stop);
        var bodies = Enumerable.Range(1, count).Select(n => LightGateway.Batch(Pretender.Id, Stream, Epoch, (ulong)n, 20).ToByteArray()).ToList();
        await SayBirthAsync(pretender, "boot-now", connection: 5, context.Stop);
        while (pretender.Upto(Stream) is var upto && upto < (ulong)count)
        {
            var left = Enumerable.Range((int)upto + 1, count - (int)upto).SelectMany(n => (int[])[n, n]).OrderBy(n => n + context.Random.Next(90));
            foreach (var n in left) await pretender.SendAsync(Stream, Epoch, (ulong)n, bodies[n - 1], context.Stop);
            await rig.DelayAsync(TimeSpan.FromMilliseconds(300));
        }
        for (var n = 1; n <= count; n++) await pretender.SendAsync(Stream, Epoch, (ulong)n, bodies[n - 1], context.Stop);
        await pretender.MayPublishAsync(Pretender.Topics.State, new GatewayState { Online = false, Boot = "boot-gone", Connection = 9, Reason = "a Will that comes late" }.ToByteArray(), context.Stop);
        await SayBirthAsync(pretender, "boot-now", connection: 4, context.Stop);
        await rig.DelayAsync(context.LoadFor / 3);
        var scrape = await Scrape.OfAsync(rig.Http, "/metrics");
        var wrong = scrape.Sum("edgetrace_gateway_online", $"gateway=\"{Pretender.Id}\"") == 1 ? await ImbalanceAsync(rig) : "a Will of a boot that is gone put out a gateway that is there";
        var result = await rig.JudgeAsync(await rig.RecoveryAsync(), wrong);
        var committed = await Oracle.CommittedAsync(rig, gateway => gateway == Pretender.Id);
        return result with
        {
            Generated = result.Generated + count * 20, Outboxed = result.Outboxed + count * 20, Committed = result.Committed + committed,
            Lost = result.Lost + Math.Max(0, count * 20 - committed), Twice = result.Twice + Math.Max(0, committed - count * 20),
        };
    }

    static Task<bool> SayBirthAsync(Pretender pretender, string boot, uint connection, CancellationToken stop) =>
        pretender.MayPublishAsync(Pretender.Topics.Birth, new Birth { Gateway = Pretender.Id, Boot = boot, Connection = connection, Version = "0.0.0" }.ToByteArray(), stop);

    static async Task<string?> ImbalanceAsync(Rig rig)
    {
        var cloud = await Scrape.OfAsync(rig.Http, "/metrics");
        double Batches(string part) => cloud.Sum($"edgetrace_ingest_{part}");
        var (received, went) = (Batches("received_total"), Batches("appended_total") + Batches("redelivered_total") + Batches("rejected_total") + Batches("held") + Batches("dropped_total"));
        return received == went ? null : $"the cloud received {received} batches and knows where {went} went";
    }

    static async Task<Rig> StartAsync(FaultContext context, bool mosquitto)
    {
        var rig = await Rig.MakeAsync(context, mosquitto);
        await Pretender.IntroduceAsync(rig);
        await rig.StartAllAsync();
        return rig;
    }
}
