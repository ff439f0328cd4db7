using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Devices.Barcode;

/// <summary>One serial barcode reader (or a USB one that shows as a serial port).</summary>
sealed class BarcodeOptions
{
    /// <summary>The scanner's word in the site model; its stream is <c>scans/{name}</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The device, as <c>/dev/ttyACM0</c> or, better, a stable name under <c>/dev/serial/by-id</c>.</summary>
    public string Port { get; set; } = "";

    public int BaudRate { get; set; } = 9600;

    /// <summary>What ends a scan: <c>\r</c> (most scanners' default), <c>\n</c>, <c>\r\n</c>; empty: only silence does.</summary>
    public string Terminator { get; set; } = "\r";

    /// <summary>A scan is also over when nothing has come for this long: a scanner that was set to send no terminator still works.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromMilliseconds(100);

    public IEnumerable<string> Mistakes(string path)
    {
        if (!GatewayTopics.IsWord(Name)) yield return $"{path}.Name: '{Name}' cannot be part of a topic; use 1 to 40 of a-z, 0-9 and -.";
        if (Port.Length == 0) yield return $"{path}.Port: name the serial device, as /dev/ttyACM0.";
        if (BaudRate is < 300 or > 4_000_000) yield return $"{path}.BaudRate: {BaudRate} is no line speed; 9600 and 115200 are usual.";
        if (Terminator.Length > 8) yield return $"{path}.Terminator: {Terminator.Length} characters; a terminator has at most 8.";
        if (Silence < TimeSpan.FromMilliseconds(10) || Silence > TimeSpan.FromSeconds(5)) yield return $"{path}.Silence: {Silence} is outside 10 ms to 5 s; 00:00:00.100 is usual.";
    }
}
