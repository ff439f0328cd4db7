using System.Collections.Immutable;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Stock;

/// <summary>
/// Which things an open recall notice names, whether or not a hold has been written for them yet: what comes in tomorrow is recalled when it comes.
/// </summary>
sealed class RecallBook(LedgerReader ledger)
{
    volatile IReadOnlyList<RecallNotice> _open = Read(ledger);

    public IReadOnlyList<RecallNotice> Open => _open;

    /// <summary>Swapped whole when a notice has been opened or closed.</summary>
    public void Reload() => _open = Read(ledger);

    public bool Names(ItemState item)
    {
        foreach (var notice in _open)
            if (Names(notice, item)) return true;
        return false;
    }

    public bool Names(LotState lot)
    {
        foreach (var notice in _open)
            if (Names(notice, lot)) return true;
        return false;
    }

    /// <summary>Whether any open notice is of this product: only then its lots and serials matter.</summary>
    public bool IsAbout(string product)
    {
        foreach (var notice in _open)
            if (notice.IsProduct(product)) return true;
        return false;
    }

    public bool Names(StockGlance thing)
    {
        foreach (var notice in _open)
            if (notice.Names(thing.Product, thing.Lot, thing.Serial, thing.Standing.Expiry, thing.Made) && !thing.Cleared.Contains(notice.Id)) return true;
        return false;
    }

    /// <summary>Whether a notice names it and nobody has found that it is not meant.</summary>
    public static bool Names(RecallNotice notice, ItemState item) => notice.Names(item.Product, item.Lot, item.Serial, item.Expiry, item.Made) && !item.Cleared.Contains(notice.Id);

    public static bool Names(RecallNotice notice, LotState lot) => notice.Names(lot.Product, lot.Number, null, lot.Expiry, null) && !lot.Cleared.Contains(notice.Id);

    static ImmutableArray<RecallNotice> Read(LedgerReader ledger) => [.. ledger.OpenRecalls().Select(row => row.Opened.What)];
}
