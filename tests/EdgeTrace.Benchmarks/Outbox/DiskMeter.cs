using System.Diagnostics;
using System.Globalization;

namespace EdgeTrace.Benchmarks.Outbox;

/// <summary>What was written to the disk between two moments, the file system's journal included, and what it cost this process.</summary>
/// <remarks>
/// The device's own count (sectors of /sys/dev/block), so everything else that was written meanwhile is in it: measure on a quiet machine. The process's count
/// (write_bytes of /proc/self/io) will not do: it counts whole folios of the page cache, hundreds of KiB of a large file, for a few KiB written.
/// </remarks>
sealed class DiskMeter(string folder)
{
    readonly string _device = DeviceOf(folder);

    public readonly record struct Reading(long Bytes, TimeSpan Cpu, long Ticks)
    {
        public static Reading operator -(Reading after, Reading before) => new(after.Bytes - before.Bytes, after.Cpu - before.Cpu, after.Ticks - before.Ticks);

        public double Seconds => Ticks / (double)Stopwatch.Frequency;
    }

    public Reading Read()
    {
        using var process = Process.GetCurrentProcess();
        return new(Written(), process.TotalProcessorTime, Stopwatch.GetTimestamp());
    }

    // https://docs.kernel.org/block/stat.html: the seventh field is sectors of 512 B written.
    long Written() => long.Parse(File.ReadAllText(_device).Split(' ', StringSplitOptions.RemoveEmptyEntries)[6], CultureInfo.InvariantCulture) * 512;

    // man 5 proc, mountinfo: third field major:minor, fifth the mount point; the longest that begins the folder's path is where it lies.
    static string DeviceOf(string folder)
    {
        var mount = File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' '))
            .Where(fields => folder.StartsWith(fields[4], StringComparison.Ordinal)).MaxBy(fields => fields[4].Length)!;
        var stat = $"/sys/dev/block/{mount[2]}/stat";
        return File.Exists(stat) ? stat : throw new IOException($"{folder} lies on {mount[^2]}, which is no block device: set TMPDIR to a folder on a disk.");
    }
}
