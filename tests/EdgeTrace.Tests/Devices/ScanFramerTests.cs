using System.Text;
using CsCheck;
using EdgeTrace.Gateway.Devices.Barcode;

namespace EdgeTrace.Tests.Devices;

public class ScanFramerTests
{
    readonly List<FramedScan> _scans = [];

    [Fact]
    public void A_terminator_ends_a_scan_wherever_the_line_is_cut() => Gen.Select(Gen.Char['A', 'z'].Array[1, 20].Array[1, 5], Gen.Int[1, 7]).Sample((labels, chunk) =>
    {
        var scans = new List<FramedScan>();
        var framer = new ScanFramer("\r\n", TimeSpan.FromSeconds(1));
        var line = Encoding.Latin1.GetBytes(string.Concat(labels.Select(label => new string(label) + "\r\n")));
        for (var at = 0; at < line.Length; at += chunk) framer.Feed(line.AsSpan(at, Math.Min(chunk, line.Length - at)), at, scans.Add);
        Assert.Equal(labels.Select(label => new string(label)), scans.Select(scan => Encoding.Latin1.GetString(scan.Raw)));
        Assert.Null(framer.DueUs);
    });

    [Fact]
    public void Silence_ends_a_scan_that_has_no_terminator()
    {
        var framer = new ScanFramer("\r", TimeSpan.FromMilliseconds(100));
        framer.Feed("]d2011234"u8, 1_000_000, _scans.Add);
        framer.Elapse(1_099_999, _scans.Add);
        Assert.Empty(_scans);
        framer.Elapse(1_100_000, _scans.Add);
        var scan = Assert.Single(_scans);
        Assert.Equal(("silence", 1_000_000L), (scan.Framing, scan.TimeUs));
    }

    [Fact]
    public void Group_separators_and_high_bytes_are_kept_as_they_are()
    {
        var framer = new ScanFramer("\r", TimeSpan.FromMilliseconds(100));
        framer.Feed("]d20109506000134352\x1D10ABC"u8, 0, _scans.Add);
        framer.Feed([0xFF, 0x00, (byte)'\r'], 1, _scans.Add);
        Assert.Equal([.. "]d20109506000134352\x1D10ABC"u8, 0xFF, 0x00], Assert.Single(_scans).Raw);
    }

    [Fact]
    public void A_line_that_never_ends_is_cut_and_named()
    {
        var framer = new ScanFramer("\r", TimeSpan.FromSeconds(1));
        framer.Feed(new byte[ScanFramer.ScanBytesMax + 10], 0, _scans.Add);
        Assert.Equal(("oversize", ScanFramer.ScanBytesMax), (Assert.Single(_scans).Framing, _scans[0].Raw.Length));
    }

    [Fact]
    public void A_lone_terminator_is_no_scan()
    {
        var framer = new ScanFramer("\r", TimeSpan.FromSeconds(1));
        framer.Feed("\r\r\n"u8, 0, _scans.Add);
        framer.Elapse(long.MaxValue, _scans.Add);
        Assert.Empty(_scans);
    }
}
