using System.Text;

namespace EdgeTrace.Gateway.Devices.Barcode;

/// <summary>One scan cut from the line, and what ended it.</summary>
readonly record struct FramedScan(long TimeUs, byte[] Raw, string Framing);

/// <summary>Cuts a serial line into scans: by terminator, by silence, or because nothing that long can be a barcode. Keeps every byte.</summary>
/// <remarks>A scan's time is that of its first byte: the moment the trigger was pulled.</remarks>
sealed class ScanFramer(string terminator, TimeSpan silence)
{
    /// <summary>A Data Matrix holds at most 2,335 characters and a QR code 4,296 (ISO/IEC 16022, 18004).</summary>
    public const int ScanBytesMax = 4_400;

    readonly byte[] _terminator = Encoding.Latin1.GetBytes(terminator);
    readonly long _silenceUs = (long)silence.TotalMicroseconds;
    readonly byte[] _line = new byte[ScanBytesMax];
    int _used;
    long _firstUs;
    long _lastUs;

    /// <summary>When the scan being received will be over if nothing more comes; null when nothing is pending.</summary>
    public long? DueUs => _used == 0 ? null : _lastUs + _silenceUs;

    public void Feed(ReadOnlySpan<byte> bytes, long nowUs, Action<FramedScan> scanned)
    {
        Elapse(nowUs, scanned);
        foreach (var next in bytes)
        {
            if (_used == 0) _firstUs = nowUs;
            _line[_used++] = next;
            _lastUs = nowUs;
            if (_terminator.Length > 0 && _line.AsSpan(0, _used).EndsWith(_terminator)) Cut(_used - _terminator.Length, "terminator", scanned);
            else if (_used == ScanBytesMax) Cut(_used, "oversize", scanned);
        }
    }

    /// <summary>Tells the framer the time, so that silence can end a scan.</summary>
    public void Elapse(long nowUs, Action<FramedScan> scanned)
    {
        if (_used > 0 && nowUs - _lastUs >= _silenceUs) Cut(_used, "silence", scanned);
    }

    // An empty line is a terminator on its own ("\r\n" scanners read with "\r"): no scan, and nothing is lost by leaving it out.
    void Cut(int length, string framing, Action<FramedScan> scanned)
    {
        var raw = _line.AsSpan(0, length).TrimStart("\r\n"u8).TrimEnd("\r\n"u8).ToArray();
        var firstUs = _firstUs;
        _used = 0;
        if (raw.Length > 0) scanned(new(firstUs, raw, framing));
    }
}
