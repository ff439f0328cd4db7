using System.Runtime.InteropServices;

namespace EdgeTrace.Cloud;

/// <summary>The C library's heap, from which SQLite takes its page caches.</summary>
static class NativeHeap
{
    const int ArenaMax = -8;   // M_ARENA_MAX, malloc.h of glibc

    /// <summary>The pool's threads allocate little outside .NET's own heap: two do not wait for each other.</summary>
    const int Arenas = 2;

    /// <summary>
    /// glibc gives every thread an arena of its own, up to eight a core, and what one thread's arena has free another never uses: a connection
    /// from SQLite's pool leaves its pages in all of them. An hour at 1,000 reads/s: 15 arenas, 34 MiB, and growing (tests/faults, soak).
    /// </summary>
    public static void Bound()
    {
        if (OperatingSystem.IsLinux()) _ = SetOption(ArenaMax, Arenas);
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SetOption(int option, int value);
}
