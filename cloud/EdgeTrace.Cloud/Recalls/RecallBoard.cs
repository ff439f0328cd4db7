using EdgeTrace.Api;

namespace EdgeTrace.Cloud.Recalls;

/// <summary>The recalls that are not contained, for whoever asks every second.</summary>
sealed class RecallBoard(RecallQuery query, TimeProvider time)
{
    /// <summary>What moves between places meanwhile is told this much later; what somebody does about a recall is told at once.</summary>
    static readonly TimeSpan KeptMax = TimeSpan.FromSeconds(10);

    volatile Looked? _last;

    public IReadOnlyList<RecallBrief> Uncontained()
    {
        if (_last is { } last && time.GetElapsedTime(last.At) < KeptMax) return last.Recalls;
        var looked = new Looked(time.GetTimestamp(), query.Uncontained());
        _last = looked;
        return looked.Recalls;
    }

    public void Forget() => _last = null;

    sealed record Looked(long At, IReadOnlyList<RecallBrief> Recalls);
}
