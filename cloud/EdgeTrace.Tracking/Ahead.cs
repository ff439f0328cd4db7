using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace EdgeTrace.Tracking;

/// <summary>Asks for memory before it is needed, so that the waits of many tags pass at the same time instead of one after the other.</summary>
static class Ahead
{
    /// <summary>Has the cache line of <paramref name="place"/> fetched. A hint and no access: wherever the collector has moved it, nothing can go wrong; without SSE nothing happens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch<T>(ref T place)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref place));
    }
}
