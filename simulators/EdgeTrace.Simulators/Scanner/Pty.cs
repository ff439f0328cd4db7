using System.Runtime.InteropServices;
using System.Text;

namespace EdgeTrace.Simulators.Scanner;

/// <summary>
/// A pseudo-terminal of the kernel in raw mode: what is written here arrives at <see cref="SlavePath"/> as from a serial port.
/// Closing it is the cable being pulled: whoever has the slave open reads a hang-up.
/// </summary>
sealed partial class Pty : IDisposable
{
    const int ReadWrite = 2, NoControllingTerminal = 0x100, NonBlocking = 0x800, CloseOnExec = 0x80000;   // fcntl-linux.h, the same on x64 and arm64
    const int TryAgain = 11;
    const int TermiosBytes = 256;   // struct termios is 60 bytes on Linux; the rest is slack
    const int SetNow = 0;

    int _master;

    // Held open so that the raw settings and unread bytes live while nobody else has the port.
    int _slave;

    public Pty()
    {
        _master = Check(OpenMaster(ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec), "posix_openpt");
        Check(Grant(_master), "grantpt");
        Check(Unlock(_master), "unlockpt");
        Span<byte> name = stackalloc byte[128];
        if (SlaveName(_master, name, (nuint)name.Length) != 0) throw new IOException("ptsname_r failed");
        SlavePath = Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]);
        _slave = Check(Open(SlavePath, ReadWrite | NoControllingTerminal | CloseOnExec), "open " + SlavePath);
        Span<byte> settings = stackalloc byte[TermiosBytes];
        Check(GetSettings(_slave, settings), "tcgetattr");
        MakeRaw(settings);
        Check(SetSettings(_slave, SetNow, settings), "tcsetattr");
    }

    public string SlavePath { get; }

    /// <summary>False when the line's buffer is full because nobody reads it: a scanner does not wait, the bytes are gone.</summary>
    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        var written = Write(_master, bytes, (nuint)bytes.Length);
        if (written == bytes.Length) return true;
        if (written >= 0 || Marshal.GetLastPInvokeError() == TryAgain) return false;
        throw new IOException($"writing {SlavePath}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    public void Dispose()
    {
        if (_slave >= 0) _ = Close(_slave);
        if (_master >= 0) _ = Close(_master);
        (_slave, _master) = (-1, -1);
    }

    static int Check(int result, string what) =>
        result >= 0 ? result : throw new IOException($"{what}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static partial int SlaveName(int master, Span<byte> name, nuint length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetSettings(int descriptor, Span<byte> settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(Span<byte> settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetSettings(int descriptor, int when, Span<byte> settings);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
