using System.Diagnostics;

namespace EdgeTrace.Faults;

/// <summary>Disks that are full, slow, or refuse.</summary>
static class DiskRows
{
    const string Sync = "fdatasync,fsync";

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("gateway-disk-full", "the gateway's disk (tmpfs) is full for a while", context => FullAsync(context, "gateway-data", rig => rig.Gateway, "disk-full")),
        new("cloud-disk-full", "the cloud's disk (tmpfs) is full for a while", context => FullAsync(context, "cloud-data", rig => rig.Cloud, "disk full")),
        new("gateway-io-error", "fdatasync of the gateway fails with EIO for a while", context => InjectedAsync(context, rig => rig.Gateway, "error=EIO")) { Smoke = true },
        new("cloud-io-error", "fdatasync of the cloud fails with EIO for a while", context => InjectedAsync(context, rig => rig.Cloud, "error=EIO")),
        new("gateway-disk-slow", "each fdatasync of the gateway takes 0.4 s more", context => InjectedAsync(context, rig => rig.Gateway, "delay_enter=400000")),
        new("cloud-disk-slow", "each fdatasync of the cloud takes 0.2 s more", context => InjectedAsync(context, rig => rig.Cloud, "delay_enter=200000")),
    ];

    static async Task<FaultResult> FullAsync(FaultContext context, string folder, Func<Rig, Server> whom, string state)
    {
        await using var rig = await Rig.MakeAsync(context);
        // Segments are preallocated: with small ones the full disk is met at once.
        rig.Amend("gateway.json", gateway => gateway["Outbox"] = new System.Text.Json.Nodes.JsonObject { ["SegmentBytes"] = 64 << 10 });
        var data = Directory.CreateDirectory(rig.File(folder)).FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", data);
        try
        {
            rig.Cloud.Start();
            await rig.UntilUpAsync();
            rig.Gateway.Start();
            rig.StartLoad();
            await rig.UntilReadsAsync(0);
            var ballast = Path.Combine(data, "ballast");
            Fill(ballast);
            await rig.UntilAsync($"{whom(rig).Name} says {state}", () => Task.FromResult(whom(rig).Said(state)), whom(rig));
            await rig.DelayAsync(context.LoadFor / 2);
            File.Delete(ballast);
            var recovery = await rig.RecoveryAsync();
            await rig.DelayAsync(context.LoadFor / 4);
            var result = await rig.JudgeAsync(recovery);
            return whom(rig).HasExited ? result with { Wrong = $"{whom(rig).Name} ended on a full disk" } : result;
        }
        finally
        {
            await rig.Gateway.KillAsync();
            await rig.Cloud.KillAsync();
            await RunAsync("umount", data);
        }
    }

    public static void Fill(string file)
    {
        var block = new byte[1 << 16];
        try
        {
            using var to = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 0);
            while (true) to.Write(block);
        }
        catch (IOException)
        {
            // Full: as was wanted.
        }
    }

    // The process runs under the injection for half of the load, then is killed and runs free.
    static async Task<FaultResult> InjectedAsync(FaultContext context, Func<Rig, Server> whom, string what)
    {
        await using var rig = await Rig.StartAsync(context);
        await whom(rig).KillAsync();
        // The first syncs succeed, so that it comes up; then each fails or drags.
        whom(rig).Start(["strace", "-f", "-qq", "-o", "/dev/null", "-e", $"trace={Sync}", "-e", $"inject={Sync}:{what}:when=12+"]);
        await rig.DelayAsync(context.LoadFor / 2 + TimeSpan.FromSeconds(4));
        var died = whom(rig).HasExited && what.StartsWith("delay", StringComparison.Ordinal) ? $"{whom(rig).Name} ended on a slow disk" : null;
        await whom(rig).KillAsync();
        whom(rig).Start();
        var recovery = await rig.RecoveryAsync();
        await rig.DelayAsync(context.LoadFor / 4);
        return await rig.JudgeAsync(recovery, died);
    }

    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new FaultException($"{program} {string.Join(' ', arguments)}: {error.Trim()} (this row needs root)");
    }
}
