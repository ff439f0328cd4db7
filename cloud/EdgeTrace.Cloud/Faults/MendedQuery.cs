using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Faults;

/// <summary>What came and went: read from the feed's own record of equipment, and read again only when that has grown.</summary>
sealed class MendedQuery(LedgerReader ledger, FaultNames names, TimeProvider time)
{
    static readonly TimeSpan Looks = TimeSpan.FromHours(24);

    /// <summary>Changes of state looked through; a day of an ordinary hospital has tens.</summary>
    const int ChangesMax = 2000;
    const int ShownMax = 50;

    readonly Lock _gate = new();
    IReadOnlyList<MendedView> _found = [];
    long _cursor = -1;

    public IReadOnlyList<MendedView> Mended()
    {
        var newest = ledger.NewestFeed(FeedKind.Equipment, 1) is [var row, ..] ? row.Cursor : 0;
        lock (_gate)
        {
            if (newest != _cursor) (_found, _cursor) = (Find(), newest);
            var since = time.GetUtcNow() - Looks;
            return [.. _found.Where(mended => mended.To >= since).Take(ShownMax)];
        }
    }

    List<MendedView> Find()
    {
        var open = new Dictionary<string, EquipmentView>();
        var mended = new List<MendedView>();
        foreach (var told in ledger.NewestFeed(FeedKind.Equipment, ChangesMax).Reverse().Select(row => ApiJson.Read<EquipmentView>(row.Json)))
        {
            if (told.State == FaultWords.Fine)
            {
                if (open.Remove(told.Id, out var was) && told.Since >= was.Since)
                    mended.Add(new(told.Id, told.Kind, names.Of(told.Gateway, told.Kind, told.Name).Name, was.State, FaultWords.Of(was.Kind, was.State).What, was.Since, told.Since));
            }
            // Connecting is how a day begins, and unknown is the gateway's fault, which has its own row.
            else if (told.Severity is not (Severity.Note or Severity.Unknown))
                open[told.Id] = open.TryGetValue(told.Id, out var first) ? told with { Since = first.Since } : told;
        }
        mended.Sort((a, b) => b.To.CompareTo(a.To));
        return mended;
    }
}
