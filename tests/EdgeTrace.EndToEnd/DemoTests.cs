using System.Diagnostics;
using System.Text.Json;

namespace EdgeTrace.EndToEnd;

/// <summary>The first command of the README, as a user types it, with tshark listening to what goes over the wires.</summary>
public class DemoTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_demo_ends_with_nothing_lost_and_no_malformed_frame()
    {
        var capture = Path.Combine(Path.GetTempPath(), $"edgetrace-{Guid.NewGuid():N}.pcap");
        using var tshark = await StartCaptureAsync(capture);
        try
        {
            using var demo = Process.Start(new ProcessStartInfo("dotnet", [DemoPath(), "--for", "30s", "--seed", "7", "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = demo.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var lines = (await demo.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await demo.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(demo.ExitCode == 0, $"exit code {demo.ExitCode}: {await said}");
            output.WriteLine(lines[^1]);
            var figures = JsonDocument.Parse(lines[^1]).RootElement;
            long Figure(string name) => figures.GetProperty(name).GetInt64();

            Assert.Equal((0, 0), (Figure("readsLost"), Figure("readsTwice")));
            Assert.All(["readsCommitted", "scansCommitted", "samplesCommitted", "passagesRight", "alarmsTrue", "alarmsRaised"], name => Assert.True(Figure(name) > 0, name));
            Assert.Equal((Figure("scansGenerated"), Figure("alarmsTrue")), (Figure("scansCommitted"), Figure("alarmsRaised")));
            Assert.True(Figure("passagesTrue") >= 60, $"{Figure("passagesTrue")} true passages");
            Assert.True(Figure("passagesRight") >= 0.95 * Figure("passagesTrue"), $"{Figure("passagesRight")} of {Figure("passagesTrue")} right");
            Assert.True(Figure("passagesGhost") <= Math.Max(0.01 * Figure("passagesTrue"), 1), $"{Figure("passagesGhost")} ghosts");
        }
        finally
        {
            tshark.Kill();
            await tshark.WaitForExitAsync(CancellationToken.None);
        }
        StepOverTids(capture);
        await AssertNothingMalformedAsync(capture);
        File.Delete(capture);
    }

    static async Task<Process> StartCaptureAsync(string file)
    {
        // 64 MiB between kernel and file: on a busy machine the usual 2 overflow, and half a frame is malformed.
        var tshark = Process.Start(new ProcessStartInfo("tshark", ["-i", "lo", "-f", "tcp", "-s", "0", "-B", "64", "-w", file, "-q"]) { RedirectStandardError = true })!;
        while (await tshark.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            if (line.Contains("Capturing on", StringComparison.Ordinal)) break;
        Assert.False(tshark.HasExited, "tshark could not capture on the loopback interface");
        return tshark;
    }

    /// <summary>
    /// Wireshark 4.0 takes the words of Impinj's SerializedTID (a u16v: their count, then they) for parameters of their own and calls them malformed.
    /// It is shown another vendor's number there, so that it steps over that one parameter by its length and judges all the rest of each report.
    /// </summary>
    static void StepOverTids(string capture)
    {
        // Custom parameter (1023) of 26 bytes, vendor 25882, subtype 55, six words.
        byte[] tid = [0x03, 0xFF, 0x00, 0x1A, 0x00, 0x00, 0x65, 0x1A, 0x00, 0x00, 0x00, 0x37, 0x00, 0x06];
        var bytes = File.ReadAllBytes(capture);
        var found = 0;
        for (int at = 0, next; (next = bytes.AsSpan(at).IndexOf(tid)) >= 0; at += next + tid.Length, found++) bytes.AsSpan(at + next + 4, 4).Fill(0xFF);
        Assert.True(found > 100, $"{found} TIDs captured");
        File.WriteAllBytes(capture, bytes);
    }

    /// <summary>Which ports were ours is learned from the frames themselves: LLRP's connection event and MQTT's CONNECT.</summary>
    async Task AssertNothingMalformedAsync(string capture)
    {
        // "\x04\x3f" opens a READER_EVENT_NOTIFICATION (version 1, type 63), which a reader sends first of all; "MQTT" stands in a CONNECT at offset 4.
        var readers = await PortsAsync(capture, "tcp.len > 10 && tcp.payload[0:2] == 04:3f", "tcp.srcport");
        var brokers = await PortsAsync(capture, "tcp.len > 10 && tcp.payload[0:1] == 10 && tcp contains \"MQTT\"", "tcp.dstport");
        Assert.NotEmpty(readers);
        Assert.NotEmpty(brokers);
        string[] decode = [.. readers.SelectMany(port => new[] { "-d", $"tcp.port=={port},llrp" }), .. brokers.SelectMany(port => new[] { "-d", $"tcp.port=={port},mqtt" })];
        var llrp = await CountAsync(capture, decode, "llrp");
        var mqtt = await CountAsync(capture, decode, "mqtt");
        var malformed = await ReadAsync(capture, [.. decode, "-Y", "(llrp || mqtt) && _ws.malformed"]);
        output.WriteLine($"{llrp} LLRP and {mqtt} MQTT packets captured; readers on {string.Join(' ', readers)}, broker on {string.Join(' ', brokers)}");
        Assert.True(llrp > 100 && mqtt > 100, $"{llrp} LLRP, {mqtt} MQTT packets");
        Assert.True(malformed.Length == 0, malformed);
    }

    static async Task<List<string>> PortsAsync(string capture, string filter, string field) =>
        [.. (await ReadAsync(capture, ["-Y", filter, "-T", "fields", "-e", field])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct()];

    static async Task<int> CountAsync(string capture, string[] decode, string protocol) =>
        (await ReadAsync(capture, [.. decode, "-Y", protocol, "-T", "fields", "-e", "frame.number"])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    static async Task<string> ReadAsync(string capture, string[] arguments)
    {
        using var tshark = Process.Start(new ProcessStartInfo("tshark", ["-r", capture, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = tshark.StandardError.ReadToEndAsync();
        var output = await tshark.StandardOutput.ReadToEndAsync();
        await tshark.WaitForExitAsync();
        Assert.True(tshark.ExitCode == 0, await errors);
        return output;
    }

    static string DemoPath() => Path.Combine(new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.FullName, "EdgeTrace.Demo", new DirectoryInfo(AppContext.BaseDirectory).Name, "edgetrace-demo.dll");
}
