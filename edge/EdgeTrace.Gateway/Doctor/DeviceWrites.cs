using System.Globalization;

namespace EdgeTrace.Gateway.Doctor;

/// <summary>What was written to the block device under a folder, by anybody and with the file system's own journal, since the box was started.</summary>
/// <param name="Device">The kernel's name, as mmcblk0.</param>
readonly record struct DeviceWrites(string Device, double Bytes, TimeSpan Since)
{
    /// <summary>The kernel counts in these, whatever the device's own are (Documentation/block/stat.rst).</summary>
    const int SectorBytes = 512;

    /// <param name="root">Where the kernel's files are: / but in a test.</param>
    /// <returns>Null where there is no block device to ask: a folder in memory, on a network share or in a container.</returns>
    public static DeviceWrites? Under(string folder, string root)
    {
        try
        {
            if (MountOf(folder, File.ReadLines(Path.Combine(root, "proc/self/mountinfo"))) is not { } number) return null;
            var path = new DirectoryInfo(Path.Combine(root, "sys/dev/block", number));
            if (path.ResolveLinkTarget(returnFinalTarget: true) is not DirectoryInfo device) return null;
            // A partition wears the card it is on.
            if (File.Exists(Path.Combine(device.FullName, "partition"))) device = device.Parent!;
            var stat = File.ReadAllText(Path.Combine(device.FullName, "stat")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var uptime = File.ReadAllText(Path.Combine(root, "proc/uptime")).Split(' ')[0];
            return new(device.Name, double.Parse(stat[6], CultureInfo.InvariantCulture) * SectorBytes, TimeSpan.FromSeconds(double.Parse(uptime, CultureInfo.InvariantCulture)));
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;   // the caller asks the process instead, and says whose figure it is
        }
    }

    // proc(5): "36 35 98:0 /mnt1 /mnt2 …": third the device, fifth where it is mounted, with spaces as \040.
    static string? MountOf(string folder, IEnumerable<string> mounts)
    {
        var full = Path.GetFullPath(folder) + "/";
        var (best, number) = (-1, (string?)null);
        foreach (var fields in mounts.Select(mount => mount.Split(' ')))
        {
            var at = fields[4].Replace("\\040", " ", StringComparison.Ordinal).TrimEnd('/') + "/";
            // Of two mounts over each other the later is the one that is seen.
            if (at.Length >= best && full.StartsWith(at, StringComparison.Ordinal)) (best, number) = (at.Length, fields[2]);
        }
        return number;
    }
}
