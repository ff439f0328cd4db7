using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace EdgeTrace.Gateway.Doctor;

/// <summary>Which TCP connections a process of this box has, as the kernel tells (Documentation/networking/proc_net_tcp.rst).</summary>
static class ProcessLinks
{
    const string Established = "01";

    /// <summary>Whether the process has a connection to there; null where that may not be looked at.</summary>
    public static bool? IsLinked(int process, IPEndPoint to)
    {
        try
        {
            var sockets = Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Select(name => new FileInfo(name).LinkTarget)
                .Where(target => target?.StartsWith("socket:[", StringComparison.Ordinal) == true).Select(target => target![8..^1]).ToHashSet();
            return new[] { "tcp", "tcp6" }.Where(table => File.Exists($"/proc/net/{table}")).SelectMany(table => File.ReadLines($"/proc/net/{table}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Any(words => words.Length > 9 && words[3] == Established && sockets.Contains(words[9]) && Parse(words[2]) is { } remote && remote.Port == to.Port && remote.Address.Equals(to.Address.MapToIPv6()));
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary><c>0100007F:13DC</c> or 32 digits for IPv6: the address in words of 32 bits of this machine's order, the port in hex.</summary>
    static IPEndPoint Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var bytes = new byte[colon / 2];
        for (var word = 0; word < bytes.Length / 4; word++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(word * 4), uint.Parse(text.AsSpan(word * 8, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return new(new IPAddress(bytes).MapToIPv6(), int.Parse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
