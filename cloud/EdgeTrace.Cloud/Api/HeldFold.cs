using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Readings;

namespace EdgeTrace.Cloud.Api;

/// <summary>A held state over a period: it is what it was last said to be.</summary>
static class HeldFold
{
    /// <param name="changes">In order of time; one may lie before the period.</param>
    /// <param name="on">The state that is counted.</param>
    /// <param name="spansMax">Spans that would stand closer than this many columns over the period are told as one.</param>
    public static HeldState Of(IReadOnlyList<StateChange> changes, bool on, long fromUs, long toUs, int spansMax)
    {
        var (times, heldUs, nearUs) = (0, 0L, (toUs - fromUs) / spansMax);
        var spans = new List<(long FromUs, long ToUs, int Times)>();
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i].On != on) continue;
            // Said again what it was already: one opening, however often it is reported.
            if (i > 0 && changes[i - 1].On == on) continue;
            var end = i;
            while (end + 1 < changes.Count && changes[end + 1].On == on) end++;
            var startUs = Math.Max(changes[i].TimeUs, fromUs);
            var endUs = Math.Min(end + 1 < changes.Count ? changes[end + 1].TimeUs : toUs, toUs);
            if (startUs >= endUs) continue;
            times++;
            heldUs += endUs - startUs;
            if (spans.Count > 0 && startUs - spans[^1].ToUs < nearUs) spans[^1] = (spans[^1].FromUs, endUs, spans[^1].Times + 1);
            else spans.Add((startUs, endUs, 1));
        }
        return new(times, heldUs / 1e6, [.. spans.Select(s => new HeldSpan(EventTime.FromUs(s.FromUs), EventTime.FromUs(s.ToUs), s.Times))]);
    }
}
