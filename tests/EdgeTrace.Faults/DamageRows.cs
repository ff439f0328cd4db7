namespace EdgeTrace.Faults;

/// <summary>What a failing disk leaves of the files while nobody runs: bits turned, ends cut off, nothing.</summary>
static class DamageRows
{
    /// <summary>The page with SQLite's header is among them, so that the file is not one any more.</summary>
    const int NoiseBytes = 64 << 10;

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("outbox-damaged", "a killed gateway's segments: bits flipped, noise, cut, emptied", OutboxAsync) { Smoke = true },
        new("stores-damaged", "a killed cloud's log, ledger and readings: noise and emptied; the backup restored", StoresAsync) { Smoke = true },
    ];

    // Its link is away first, so that there is something in the outbox to be lost.
    static async Task<FaultResult> OutboxAsync(FaultContext context)
    {
        var rounds = context.Length == "smoke" ? 3 : 12;
        await using var rig = await Rig.StartAsync(context, prepare: rig => rig.Amend("gateway.json", gateway => gateway["Outbox"] = new System.Text.Json.Nodes.JsonObject { ["SegmentBytes"] = 64 << 10 }));
        var (torn, recovery) = (0L, 0.0);
        for (var round = 0; round < rounds; round++)
        {
            await rig.Cloud.KillAsync();
            await rig.DelayAsync(TimeSpan.FromSeconds(context.Length == "smoke" ? 5 : 8));
            await rig.Gateway.KillAsync();
            var before = (await Oracle.OutboxAsync(rig)).Reads;
            Spoil(rig.File("gateway-data/outbox"), context.Random);
            // What the newest records counted is known to nobody any more; the next header says so, without a number.
            torn += before - (await Oracle.OutboxAsync(rig)).Reads;
            rig.Gateway.Start();
            rig.Cloud.Start();
            await rig.UntilUpAsync();
            recovery = Math.Max(recovery, await rig.RecoveryAsync());
            if (rig.Gateway.HasExited) throw new FaultException($"The gateway did not start on a damaged outbox: {rig.Gateway.LastWords()}");
        }
        return await rig.JudgeAsync(recovery, tornOff: torn);
    }

    static void Spoil(string outbox, Random random)
    {
        var segments = Directory.EnumerateFiles(outbox, "*.segment").Order(StringComparer.Ordinal).ToList();
        using var file = new FileStream(segments[random.Next(segments.Count)], FileMode.Open, FileAccess.ReadWrite);
        switch (random.Next(4))
        {
            case 0:
                for (var i = 0; i < 3; i++)
                {
                    var at = file.Position = random.NextInt64(file.Length);
                    var turned = (byte)(file.ReadByte() ^ 1 << random.Next(8));
                    file.Position = at;
                    file.WriteByte(turned);
                }
                break;
            case 1:
                Noise(file, random.NextInt64(file.Length), random.Next(1, 4096), random);
                break;
            case 2:
                file.SetLength(random.NextInt64(file.Length));
                break;
            default:
                file.SetLength(0);
                break;
        }
    }

    static async Task<FaultResult> StoresAsync(FaultContext context)
    {
        await using var rig = await Rig.StartAsync(context);
        var recovery = 0.0;
        (string File, bool Emptied)[] ways = [("log.db", false), ("log.db", true), ("ledger.db", false), ("ledger.db", true), ("readings.db", false), ("readings.db", true)];
        if (context.Length == "smoke") ways = [ways[context.Random.Next(2)], ways[2]];
        foreach (var (name, emptied) in ways)
        {
            await rig.DelayAsync(context.LoadFor / 6);
            await Oracle.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", "backup", "--config", rig.File("cloud.json"), "--to", rig.File("backups"));
            await rig.DelayAsync(context.LoadFor / 6);
            await rig.Cloud.KillAsync();
            var path = rig.File("cloud-data/" + name);
            using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
                if (emptied) file.SetLength(0);
                else Noise(file, 0, NoiseBytes, context.Random);
            foreach (var beside in new[] { path + "-wal", path + "-shm" }) File.Delete(beside);
            var said = rig.Cloud.LinesSaid;
            rig.Cloud.Start();
            // What can be made again from the log may be; everything else is for a person, and says so.
            if (emptied && name != "log.db") await rig.UntilUpAsync();
            else await RestoreAsync(rig, path, said);
            recovery = Math.Max(recovery, await rig.RecoveryAsync());
        }
        return await rig.JudgeAsync(recovery);
    }

    static async Task RestoreAsync(Rig rig, string path, int said)
    {
        await rig.UntilAsync($"the cloud refuses its damaged {Path.GetFileName(path)}", () => Task.FromResult(rig.Cloud.HasExited));
        var words = rig.Cloud.Said().Skip(said).ToList();
        // One sentence that names the file's folder and the way back, and no stack trace around it.
        if (rig.Cloud.ExitCode != 2 || words is not [var sentence] || !sentence.Contains(Path.GetDirectoryName(path)!, StringComparison.Ordinal) || !sentence.Contains("restore", StringComparison.Ordinal))
            throw new FaultException($"Exit code {rig.Cloud.ExitCode}, and what it says of its {Path.GetFileName(path)} helps nobody: {string.Join('\n', words)}");
        var newest = Directory.GetDirectories(rig.File("backups")).Order(StringComparer.Ordinal).Last();
        await Oracle.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", "restore", "--config", rig.File("cloud.json"), "--from", newest, "--set-aside");
        rig.Cloud.Start();
    }

    static void Noise(FileStream file, long at, int length, Random random)
    {
        var noise = new byte[(int)Math.Min(length, file.Length - at)];
        random.NextBytes(noise);
        file.Position = at;
        file.Write(noise);
    }
}
