using System.Globalization;
using EdgeTrace.Contract;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;

namespace EdgeTrace.Gateway.Doctor;

/// <summary>The box itself: its clock, its disk, the outbox and how long the card will last. Opens nothing that a running gateway holds.</summary>
sealed class BoxCheck(GatewayConfiguration configuration, TimeProvider time)
{
    /// <summary>Sooner than this somebody should plan its replacement.</summary>
    const double CardYearsMin = 2;

    /// <summary>A box just started has written its start, which is no rate.</summary>
    static readonly TimeSpan CardWatchedMin = TimeSpan.FromMinutes(10);

    /// <summary>An outage that begins on a Friday evening must last until somebody is there.</summary>
    const double OutboxHoursMin = 72;

    public IEnumerable<Finding> Look()
    {
        yield return Clock();
        yield return Disk();
        var running = RunningProcess();
        yield return running is { } process
            ? new("gateway", Verdict.Fine, $"It runs as process {process}.")
            : new("gateway", Verdict.Warning, "It does not run: nothing is read from any device.", "systemctl start edgetrace-gateway");
        yield return Outbox(running is not null);
        yield return CardLife(running);
    }

    Finding Clock()
    {
        var now = time.GetUtcNow();
        if (now < KernelClock.Earliest) return new("clock", Verdict.Alarm, $"It says {now:yyyy-MM-dd}, which is in the past: this box has no battery clock and has not reached a time server.", "Give the box a route to an NTP server (chrony or systemd-timesyncd).");
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
        var hours = HoursLeft(summary);
        if (hours is { } left) says += string.Create(CultureInfo.InvariantCulture, $" At the present rate there is room for {(left < 72 ? $"{left:0} hours" : $"{left / 24:0} days")} without the cloud.");
        if (quarantined > 0) return new("outbox", Verdict.Warning, $"{says} {quarantined} damaged segments are set aside.", "The card is failing or power was cut while it wrote: look at dmesg, and replace the card if it happens again.");
        if (hours < OutboxHoursMin) return new("outbox", Verdict.Warning, says, "After that reads are thinned, then samples. Raise Outbox.DiskBudgetBytes, free space, or mend the link.");
        return waiting > 1000 || (waiting > 0 && !running)
            ? new("outbox", Verdict.Warning, says, running ? "Nothing is lost, but the link or the cloud is behind: see link below." : "Nothing is lost: it is sent when the gateway runs.")
            : new("outbox", Verdict.Fine, says);
    }

    /// <summary>What is acknowledged is given up first, so only what waits for the cloud takes room.</summary>
    double? HoursLeft(OutboxSummary summary)
    {
        if (summary.BytesPerHour is not { } perHour) return null;
        var room = Math.Min(configuration.Outbox.DiskBudgetBytes, new DriveInfo(configuration.OutboxFolder).AvailableFreeSpace + OutboxBytes());
        return Math.Max(0, room - summary.UnackedBytes) / perHour;
    }

    long OutboxBytes() => Directory.Exists(configuration.OutboxFolder) ? new DirectoryInfo(configuration.OutboxFolder).EnumerateFiles().Sum(file => file.Length) : 0;

    Finding CardLife(int? running)
    {
        if (DeviceWrites.Under(configuration.Gateway.DataDirectory, configuration.Sensors.Root) is { } device)
            return device.Since < CardWatchedMin
                ? new("card", Verdict.Unknown, $"The box has not run for {CardWatchedMin.TotalMinutes:0} minutes: too short to tell how long {device.Device} will last.")
                : Life(device.Bytes / device.Since.TotalDays, $"are written to {device.Device} by everything on this box");
        if (running is not { } process) return new("card", Verdict.Unknown, "The disk's own count of what is written to it cannot be read, and the gateway does not run.", "Run the doctor on the box itself, not in a container.");
        return ProcessLife(process);
    }

    // /proc/{pid}/io counts what the process really sent to the device since it began; the file system's journal comes on top.
    Finding ProcessLife(int process)
    {
        try
        {
            var written = File.ReadLines($"/proc/{process}/io").Single(line => line.StartsWith("write_bytes:", StringComparison.Ordinal));
            var bytes = double.Parse(written.AsSpan("write_bytes:".Length), CultureInfo.InvariantCulture);
            using var running = System.Diagnostics.Process.GetProcessById(process);
            var since = time.GetUtcNow() - running.StartTime.ToUniversalTime();
            return since < CardWatchedMin
                ? new("card", Verdict.Unknown, $"The gateway has not run for {CardWatchedMin.TotalMinutes:0} minutes: too short to tell how long the disk will last.")
                : Life(bytes / since.TotalDays, "are written by the gateway alone");
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new("card", Verdict.Unknown, $"What the gateway has written cannot be read ({hidden.Message}).", "Run the doctor as the gateway's user or as root.");
        }
    }

    Finding Life(double bytesADay, string whose)
    {
        var years = configuration.Gateway.DiskEnduranceBytes / Math.Max(1, bytesADay) / 365.25;
        var says = string.Create(CultureInfo.InvariantCulture,
            $"{bytesADay / 1e6:0} MB a day {whose}; a disk that bears {configuration.Gateway.DiskEnduranceBytes / 1e12:0.#} TB lasts about {Math.Min(years, 99):0} years at that rate.");
        return years < CardYearsMin
            ? new("card", Verdict.Warning, says, "Use an SSD or an industrial card and say what it bears (Gateway.DiskEnduranceBytes), or lengthen Outbox.SealReadsAfter.")
            : new("card", Verdict.Fine, says);
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
