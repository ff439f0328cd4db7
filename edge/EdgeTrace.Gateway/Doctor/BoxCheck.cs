using System.Globalization;
using EdgeTrace.Contract;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;

namespace EdgeTrace.Gateway.Doctor;

/// <summary>The box itself: its clock, its disk, the outbox and how long the card will last. Opens nothing that a running gateway holds.</summary>
sealed class BoxCheck(GatewayConfiguration configuration, TimeProvider time)
{
    /// <summary>A 32 GB consumer card of 500 write cycles. An assumption, said with the figure: cards differ by ten times either way.</summary>
    const double CardEnduranceBytes = 32e9 * 500;

    /// <summary>Before the day this was written no clock can be right.</summary>
    static readonly DateTimeOffset s_earliest = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public IEnumerable<Finding> Look()
    {
        yield return Clock();
        yield return Disk();
        var running = RunningProcess();
        yield return running is { } process
            ? new("gateway", Verdict.Fine, $"It runs as process {process}.")
            : new("gateway", Verdict.Warning, "It does not run: nothing is read from any device.", "systemctl start edgetrace-gateway");
        yield return Outbox(running is not null);
        if (running is { } alive && CardLife(alive) is { } life) yield return life;
    }

    Finding Clock()
    {
        var now = time.GetUtcNow();
        if (now < s_earliest) return new("clock", Verdict.Alarm, $"It says {now:yyyy-MM-dd}, which is in the past: this box has no battery clock and has not reached a time server.", "Give the box a route to an NTP server (chrony or systemd-timesyncd).");
        return KernelClock.Quality() == TimeQuality.Ntp
            ? new("clock", Verdict.Fine, $"Synchronised; {now:yyyy-MM-dd HH:mm:ss}Z.")
            : new("clock", Verdict.Warning, $"Not synchronised (the kernel says so); {now:yyyy-MM-dd HH:mm:ss}Z may be wrong.", "Start chrony or systemd-timesyncd, and let UDP port 123 out.");
    }

    Finding Disk()
    {
        var folder = Path.GetFullPath(configuration.Gateway.DataDirectory);
        while (!Directory.Exists(folder)) folder = Path.GetDirectoryName(folder)!;
        var drive = new DriveInfo(folder);
        var (free, budget) = (drive.AvailableFreeSpace, configuration.Outbox.DiskBudgetBytes);
        var says = string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:0.0} of {drive.TotalSize / 1e9:0.0} GB free; the outbox may use {budget / 1e9:0.0} GB.");
        if (free < 64 << 20) return new("disk", Verdict.Alarm, says, "Free space now: readings will soon wait in memory and be lost.");
        var used = OutboxBytes();
        return free + used < budget
            ? new("disk", Verdict.Warning, says + " The disk would be full before the outbox's budget is.", "Free space, or lower Outbox.DiskBudgetBytes.")
            : new("disk", Verdict.Fine, says);
    }

    Finding Outbox(bool running)
    {
        if (!Directory.Exists(configuration.OutboxFolder)) return new("outbox", Verdict.Note, "There is none yet: this gateway has never run.");
        var quarantined = Directory.GetFiles(configuration.OutboxFolder, "*.quarantine").Length;
        var summary = OutboxSummary.Read(configuration.OutboxFolder);
        var waiting = summary.Streams.Sum(stream => stream.UnackedBatches);
        var says = string.Create(CultureInfo.InvariantCulture, $"{OutboxBytes() / 1e6:0.0} MB on disk; {waiting:N0} batches wait for the cloud's acknowledgement.");
        if (quarantined > 0) return new("outbox", Verdict.Warning, $"{says} {quarantined} damaged segments are set aside.", "The card is failing or power was cut while it wrote: look at dmesg, and replace the card if it happens again.");
        return waiting > 1000 || (waiting > 0 && !running)
            ? new("outbox", Verdict.Warning, says, running ? "Nothing is lost, but the link or the cloud is behind: see link below." : "Nothing is lost: it is sent when the gateway runs.")
            : new("outbox", Verdict.Fine, says);
    }

    long OutboxBytes() => Directory.Exists(configuration.OutboxFolder) ? new DirectoryInfo(configuration.OutboxFolder).EnumerateFiles().Sum(file => file.Length) : 0;

    // /proc/{pid}/io counts what really went to the device since the process began.
    Finding? CardLife(int process)
    {
        try
        {
            var written = File.ReadLines($"/proc/{process}/io").Single(line => line.StartsWith("write_bytes:", StringComparison.Ordinal));
            var bytes = double.Parse(written.AsSpan("write_bytes:".Length), CultureInfo.InvariantCulture);
            using var running = System.Diagnostics.Process.GetProcessById(process);
            var days = (time.GetUtcNow() - running.StartTime.ToUniversalTime()).TotalDays;
            if (days < 1.0 / 24 / 60) return new("card", Verdict.Unknown, "The gateway has not run for a minute: too short to tell how long the card will last.");
            var (aDay, years) = (bytes / days, CardEnduranceBytes / (bytes / days) / 365.25);
            return new("card", years < 2 ? Verdict.Warning : Verdict.Fine,
                string.Create(CultureInfo.InvariantCulture, $"{aDay / 1e6:0} MB written a day; a 32 GB card of 500 cycles lasts about {Math.Min(years, 99):0} years at that rate."),
                years < 2 ? "Use an SSD or an industrial card, or lengthen Outbox.SealReadsAfter." : "");
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new("card", Verdict.Unknown, $"What the gateway has written cannot be read ({hidden.Message}).", "Run the doctor as the gateway's user or as root.");
        }
    }

    /// <summary>The process that owns the outbox; null when none does.</summary>
    public int? RunningProcess()
    {
        var owner = Path.Combine(configuration.OutboxFolder, "owner");
        if (!File.Exists(owner) || !int.TryParse(File.ReadAllText(owner), NumberStyles.Integer, CultureInfo.InvariantCulture, out var process) || !Directory.Exists($"/proc/{process}")) return null;
        try
        {
            using var taken = new FileStream(Path.Combine(configuration.OutboxFolder, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return null;   // it could be locked: whoever has that number now is another program
        }
        catch (IOException)
        {
            return process;
        }
    }
}
