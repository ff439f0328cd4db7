using System.Text;

namespace EdgeTrace.Simulators.Scanner;

/// <summary>A barcode scanner on a serial line, found under a chosen path as udev would name it. It can be unplugged and come back.</summary>
sealed class BarcodeScanner(string link, string terminator = "\r") : IDisposable
{
    Pty? _line;

    public string Link => link;
    public bool IsPlugged => _line is not null;

    public void Plug()
    {
        if (_line is not null) return;
        _line = new();
        var folder = Path.GetDirectoryName(Path.GetFullPath(link))!;
        Directory.CreateDirectory(folder);
        // Made beside and renamed over: the path never points at a line that is gone.
        var fresh = Path.Combine(folder, "." + Path.GetFileName(link) + ".new");
        File.Delete(fresh);
        File.CreateSymbolicLink(fresh, _line.SlavePath);
        File.Move(fresh, link, overwrite: true);
    }

    /// <summary>The name goes first, as udev does it, and then the line.</summary>
    public void Unplug()
    {
        if (_line is null) return;
        File.Delete(link);
        _line.Dispose();
        _line = null;
    }

    /// <summary>False when it is unplugged or its line is full: the scan is lost, as a real one would be.</summary>
    public bool Emit(string symbol) => _line?.TryWrite(Encoding.Latin1.GetBytes(symbol + terminator)) ?? false;

    public void Dispose() => Unplug();
}
