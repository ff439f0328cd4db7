using System.Text.Json.Nodes;
using EdgeTrace.Faults;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.EndToEnd;

/// <summary>Box, broker, cloud, disks and clocks of one chain fail one after the other; each is mended before the next.</summary>
static class NightOfLinks
{
    public static async Task<IReadOnlyList<NamedFault>> RunAsync(string folder, CancellationToken stop)
    {
        await using var rig = await Rig.MakeAsync(new("smoke", 2, TimeSpan.Zero, folder, _ => { }, stop), mosquitto: true);
        // A disk of its own for each, where that may be had: a full one must not be this machine's.
        var mounts = Environment.UserName == "root" ? new[] { rig.File("gateway-data"), rig.File("cloud-data") } : [];
        foreach (var mount in mounts)
        {
            Directory.CreateDirectory(mount);
            await DiskRows.RunAsync("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", mount);
        }
        try
        {
            return await RunAsync(rig, mounts, stop);
        }
        finally
        {
            await rig.Gateway.KillAsync();
            await rig.Cloud.KillAsync();
            foreach (var mount in mounts) await DiskRows.RunAsync("umount", mount);
        }
    }

    static async Task<IReadOnlyList<NamedFault>> RunAsync(Rig rig, string[] mounts, CancellationToken stop)
    {
        rig.Amend("gateway.json", gateway => gateway["Outbox"] = new JsonObject { ["SegmentBytes"] = 64 << 10 });
        rig.Amend("cloud.json", cloud => cloud["Backup"] = new JsonObject { ["Directory"] = "backups" });
        await File.WriteAllTextAsync(rig.File("clock"), "+0\n", stop);
        rig.Mosquitto!.Server.Start();
        rig.Cloud.Start();
        await rig.UntilUpAsync();
        rig.Gateway.Start(more: ClockRows.Under(rig.File("clock")));
        rig.StartLoad();
        await rig.UntilReadsAsync(0);

        List<NamedFault> seen = [];
        await BrokerAsync(rig, seen);
        await CloudAsync(rig, seen);
        await StoresAsync(rig, seen, stop);
        foreach (var mount in mounts) await FullAsync(rig, seen, mount);
        await ClockAsync(rig, seen, stop);
        await rig.Gateway.KillAsync();
        seen.Add(await NamedFault.OnPageAsync(rig, "a gateway is off", "gateway", "offline"));
        seen.Add(await NamedFault.OfGatewayAsync(rig, "a gateway's program is off", "gateway", "gateway stopped"));
        seen.Add(await NamedFault.OfCloudAsync(rig, "a gateway is off", "gateway gw-1", "doctor: gateway offline"));
        return seen;
    }

    static async Task BrokerAsync(Rig rig, List<NamedFault> seen)
    {
        await rig.Mosquitto!.Server.KillAsync();
        await NamedFault.UntilLinkAsync(rig, "unreachable");
        seen.Add(await NamedFault.OnPageAsync(rig, "the broker is down", "broker", "disconnected"));
        seen.Add(await NamedFault.OfGatewayAsync(rig, "the broker is down", "link", "link unreachable"));
        seen.Add(await NamedFault.OfCloudAsync(rig, "the broker is down", "broker", "doctor: broker"));
        // It comes back with another password for gw-1 than gw-1 has.
        var secret = await File.ReadAllTextAsync(rig.File("gw-1.secret"));
        await File.WriteAllTextAsync(rig.File("gw-1.secret"), "an old password");
        rig.Mosquitto.Server.Start();
        await NamedFault.UntilLinkAsync(rig, "refused");
        seen.Add(await NamedFault.OfGatewayAsync(rig, "the broker refuses the gateway's password", "link", "link refused"));
        await File.WriteAllTextAsync(rig.File("gw-1.secret"), secret);
        await NamedFault.UntilLinkAsync(rig, "fine");
    }

    static async Task CloudAsync(Rig rig, List<NamedFault> seen)
    {
        await rig.Cloud.KillAsync();
        await NamedFault.UntilLinkAsync(rig, "cloud-not-listening");
        seen.Add(await NamedFault.OfGatewayAsync(rig, "the cloud is stopped", "cloud", "link cloud-not-listening"));
        seen.Add(await NamedFault.OfCloudAsync(rig, "the cloud is stopped", "cloud", "cloud stopped"));
        rig.Cloud.Start();
        await rig.RecoveryAsync();
    }

    static async Task StoresAsync(Rig rig, List<NamedFault> seen, CancellationToken stop)
    {
        await Oracle.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", "backup", "--config", rig.File("cloud.json"), "--to", rig.File("backups"));
        var manifest = Path.Combine(Directory.GetDirectories(rig.File("backups"))[0], "manifest.json");
        var taken = JsonNode.Parse(await File.ReadAllTextAsync(manifest, stop))!.AsObject();
        taken["takenAt"] = TimeProvider.System.GetUtcNow().AddHours(-5);
        await File.WriteAllTextAsync(manifest, taken.ToJsonString(), stop);
        seen.Add(await NamedFault.OnPageAsync(rig, "the newest backup is five hours old", "backup", "too old"));
        seen.Add(await NamedFault.OfCloudAsync(rig, "the newest backup is five hours old", "backup", "doctor: backup"));

        await using var holder = new SqliteConnection($"Data Source={rig.File("cloud-data/readings.db")};Pooling=False");
        await holder.OpenAsync(stop);
        await using var hold = holder.CreateCommand();
        hold.CommandText = "BEGIN IMMEDIATE";
        await hold.ExecuteNonQueryAsync(stop);
        seen.Add(await NamedFault.OnPageAsync(rig, "the readings store takes nothing", "readings", "waiting"));
        seen.Add(await NamedFault.OfCloudAsync(rig, "the readings store takes nothing", "projection readings", "doctor: readings"));
        await holder.CloseAsync();
        await NamedFault.UntilMendedAsync(rig, "readings", "waiting");
    }

    static async Task FullAsync(Rig rig, List<NamedFault> seen, string mount)
    {
        var ballast = Path.Combine(mount, "ballast");
        DiskRows.Fill(ballast);
        if (mount.EndsWith("gateway-data", StringComparison.Ordinal))
        {
            seen.Add(await NamedFault.OnPageAsync(rig, "the gateway's disk is full", "outbox", "disk-full"));
            seen.Add(await NamedFault.OfGatewayAsync(rig, "the gateway's disk is full", "disk", "doctor: gateway's disk"));
            File.Delete(ballast);
            await NamedFault.UntilMendedAsync(rig, "outbox", "disk-full");
            return;
        }
        seen.Add(await NamedFault.OnPageAsync(rig, "the cloud's disk is full", "batch-log", "disk full"));
        seen.Add(await NamedFault.OfCloudAsync(rig, "the cloud's disk is full", "cloud", "doctor: batch log"));
        await NamedFault.UntilLinkAsync(rig, "stalled");
        seen.Add(await NamedFault.OfGatewayAsync(rig, "the cloud has stopped acknowledging", "cloud", "link stalled"));
        File.Delete(ballast);
        await NamedFault.UntilMendedAsync(rig, "batch-log", "disk full");
        await NamedFault.UntilLinkAsync(rig, "fine");
    }

    static async Task ClockAsync(Rig rig, List<NamedFault> seen, CancellationToken stop)
    {
        await File.WriteAllTextAsync(rig.File("clock"), "+7200\n", stop);
        seen.Add(await NamedFault.OnPageAsync(rig, "the gateway's clock is set while it runs", "gateway", "clock-stepped"));
        await File.WriteAllTextAsync(rig.File("clock"), "+0\n", stop);
        await NamedFault.UntilMendedAsync(rig, "gateway", "clock-stepped");
        await File.WriteAllTextAsync(rig.File("unset"), ClockRows.Unset() + "\n", stop);
        seen.Add(NamedFault.Of("the gateway's box has never reached a time server", NamedFault.GatewayDoctor, "clock", "clock in the past",
            await Oracle.DoctorAsync(rig, "EdgeTrace.Gateway", "edgetrace-gateway", "gateway.json", ClockRows.Under(rig.File("unset")))));
    }
}
