using System.Runtime.InteropServices;
using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Health;

/// <summary>Whether the kernel's clock is being kept by NTP (adjtimex(2), which any user may ask).</summary>
static partial class KernelClock
{
    const int StatusUnsynchronised = 0x40;   // STA_UNSYNC, linux/timex.h
    const int ClockError = 5;                // TIME_ERROR: not synchronised

    /// <summary>Before the day this was written no clock can be right: the box has no battery and has not reached a time server.</summary>
    public static readonly DateTimeOffset Earliest = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public static TimeQuality Quality() => Look().Quality;

    /// <summary>Whether the box's clock is kept by NTP, and the kernel's bound on its error in µs; 0 where it has none.</summary>
    public static (TimeQuality Quality, long ErrorUs) Look()
    {
        if (!OperatingSystem.IsLinux()) return (TimeQuality.Rtc, 0);
        // struct timex is 208 bytes on 64-bit Linux; modes = 0 only reads; maxerror is the long at offset 24, status the int at offset 40.
        Span<byte> timex = stackalloc byte[256];
        timex.Clear();
        var state = adjtimex(ref MemoryMarshal.GetReference(timex));
        var status = MemoryMarshal.Read<int>(timex[40..]);
        return state is >= 0 and not ClockError && (status & StatusUnsynchronised) == 0 ? (TimeQuality.Ntp, MemoryMarshal.Read<long>(timex[24..])) : (TimeQuality.Rtc, 0);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int adjtimex(ref byte timex);
}
