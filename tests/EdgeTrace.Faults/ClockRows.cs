namespace EdgeTrace.Faults;

/// <summary>The gateway's wall clock steps while reads flow; the monotonic clock goes on (libfaketime).</summary>
static class ClockRows
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("clock-forward", "the gateway's clock steps two hours forward, and returns", context => StepAsync(context, "+0", "+7200", stands: false)),
        new("clock-back", "the gateway's clock steps two hours back, and returns", context => StepAsync(context, "+0", "-7200", stands: false)) { Smoke = true },
        new("clock-set-forward", "the gateway's clock is set two hours forward and stays", context => StepAsync(context, "+0", "+7200", stands: true)),
        new("clock-set-back", "the gateway's clock is set two hours back and stays", context => StepAsync(context, "+0", "-7200", stands: true)),
        new("clock-unset", "the gateway starts in 1971, as a box without a battery, and its clock is set right", context => StepAsync(context, Unset(), "+0", stands: true)),
    ];

    static async Task<FaultResult> StepAsync(FaultContext context, string before, string step, bool stands)
    {
        await using var rig = await Rig.StartAsync(context);
        await rig.Gateway.KillAsync();
        rig.LastVisitsStayOpen = stands && step.StartsWith('-');
        var clock = rig.File("clock");
        await File.WriteAllTextAsync(clock, before + "\n");
        rig.Gateway.Start(more: Under(clock));
        await rig.RecoveryAsync();
        await rig.DelayAsync(context.LoadFor / 3);
        await File.WriteAllTextAsync(clock, step + "\n");
        // The gateway follows what stands for a minute: it starts anew.
        await rig.DelayAsync(stands ? TimeSpan.FromSeconds(75) : context.LoadFor / 3);
        if (!stands) await File.WriteAllTextAsync(clock, before + "\n");
        var recovery = await rig.RecoveryAsync();
        await rig.DelayAsync(context.LoadFor / 3);
        return await rig.JudgeAsync(recovery);
    }

    /// <summary>The environment of a process whose wall clock is off by what a file says, in seconds.</summary>
    public static IReadOnlyDictionary<string, string> Under(string clock) => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library(), ["FAKETIME_TIMESTAMP_FILE"] = clock, ["FAKETIME_NO_CACHE"] = "1", ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
    };

    /// <summary>A box without a battery. A year after the epoch: libfaketime takes the deadlines of .NET's timers, which count from the start of this machine, for times of day, and earlier none would ever come.</summary>
    public static string Unset() => "-" + (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 365 * 86400).ToString(System.Globalization.CultureInfo.InvariantCulture);

    static string Library() =>
        Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).FirstOrDefault()
        ?? throw new FaultException("libfaketimeMT.so.1 is missing: install faketime.");
}
