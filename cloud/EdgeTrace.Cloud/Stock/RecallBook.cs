using EdgeTrace.Stock;

namespace EdgeTrace.Cloud.Stock;

/// <summary>Which things an open recall notice names, whether or not a hold has been written for them yet.</summary>
sealed class RecallBook
{
    volatile IReadOnlyList<RecallNotice> _open = [];

    public IReadOnlyList<RecallNotice> Open => _open;

    /// <summary>Swapped whole when a notice is opened or closed.</summary>
    public void Set(IReadOnlyList<RecallNotice> open) => _open = open;

    public bool Names(ItemState item)
    {
        foreach (var notice in _open)
            if (notice.Names(item.Product, item.Lot, item.Serial, item.Expiry, item.Made)) return true;
        return false;
    }

    public bool Names(LotState lot)
    {
        foreach (var notice in _open)
            if (notice.Names(lot.Product, lot.Number, null, lot.Expiry, null)) return true;
        return false;
    }
}
