using System.Buffers;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Tests.Llrp;

/// <summary>Frames that others recorded or wrote, and a few of ours for a clone without them.</summary>
static class LlrpVectors
{
    /// <summary>Whole frames out of every public file, each with the file's name.</summary>
    public static List<(string Name, byte[] Frame)> Public()
    {
        var root = Repository.SharedData("llrp");
        var frames = new List<(string, byte[])>();
        foreach (var file in Files(root, "*.bin"))
            foreach (var frame in Split(File.ReadAllBytes(file)))
                frames.Add((Path.GetFileName(file), frame));

        foreach (var file in Files(Path.Combine(root, "edgex-r420"), "*.bytes")) frames.Add((Path.GetFileName(file), WithHeader(file)));
        return frames;
    }

    /// <summary>Ours: <c>name hex</c> a line, spaces in the hex as one likes.</summary>
    public static List<(string Name, byte[] Frame)> Own() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "testdata", "llrp", "frames.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 2))
            .Select(parts => (parts[0], Convert.FromHexString(parts[1].Replace(" ", "", StringComparison.Ordinal))))];

    public static byte[] Own(string name) => Own().Single(vector => vector.Name == name).Frame;

    public static IEnumerable<byte[]> Split(byte[] stream)
    {
        var buffer = new ReadOnlySequence<byte>(stream);
        while (true)
        {
            var before = buffer;
            if (!LlrpFrame.TryRead(ref buffer, out var frame)) break;
            yield return before.Slice(0, frame.Length).ToArray();
        }

        Assert.Equal(0, buffer.Length);
    }

    public static LlrpFrame Frame(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.True(LlrpFrame.TryRead(ref buffer, out var frame));
        Assert.Equal(0, buffer.Length);
        return frame;
    }

    public static T Decode<T>(byte[] bytes) where T : LlrpMessage => Assert.IsType<T>(LlrpMessage.Decode(Frame(bytes)));

    static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    // The R420 recordings are bodies; the file's name is the message's.
    static byte[] WithHeader(string file)
    {
        var name = Path.GetFileName(file).Split('-')[0].Replace("ROSpecs", "RoSpecs", StringComparison.Ordinal).Replace("ROAccess", "RoAccess", StringComparison.Ordinal);
        return new RawMessage(Enum.Parse<LlrpMessageType>(name), File.ReadAllBytes(file)).ToFrame(id: 7);
    }
}
