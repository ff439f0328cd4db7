using System.Runtime.InteropServices;
using Perfolizer.Horology;

namespace EdgeTrace.Benchmarks;

/// <summary>The processor time of the thread that asks, so that a neighbour's minute on a shared core is not told as ours.</summary>
/// <remarks>Neighbours are felt all the same where they share a cache or the memory's bandwidth. The collector's work counts: it runs on the thread that allocates.</remarks>
sealed class ThreadClock : IClock
{
    const int ThreadCpuTime = 3;   // CLOCK_THREAD_CPUTIME_ID of Linux's time.h

    public string Title => nameof(ThreadClock);
    public bool IsAvailable => OperatingSystem.IsLinux();
    public Frequency Frequency => new(1e9);

    public long GetTimestamp() => GetTime(ThreadCpuTime, out var time) == 0 ? time.Seconds * 1_000_000_000 + time.Nanoseconds : throw new InvalidOperationException("The kernel tells no thread's processor time.");

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int GetTime(int clock, out Time time);

    struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
