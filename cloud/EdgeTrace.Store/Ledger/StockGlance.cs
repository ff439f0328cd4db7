using EdgeTrace.Stock;

namespace EdgeTrace.Store.Ledger;

/// <summary>A thing as lists and counts need it: what availability and a recall ask of it, and nothing of its story.</summary>
/// <param name="Epc">What it is called by while nobody knows its product; not said of others.</param>
/// <param name="Lot">As serial, making date and cleared notices: null where they were not asked for.</param>
/// <param name="Standing">With what its newest sign undoes.</param>
/// <param name="Place">Where it is, by itself or in a container; null: nobody knows.</param>
/// <param name="Pence">What it cost, all its pieces together; null: nobody said.</param>
/// <param name="Cleared">Recall notices that it has been found not to be meant by.</param>
public sealed record StockGlance(
    string Key, string? Epc, string? Product, string? Lot, string? Serial, DateOnly? Made, Standing Standing, string? Place, int Pieces, long? Pence, IReadOnlyList<string> Cleared)
{
    /// <summary>Not what is gone for good, nor a thing of which all that was said has been taken back.</summary>
    public bool IsStock => !Standing.Status.IsFinal() && (Standing.Status != ItemStatus.Unbooked || Place is not null || Standing.Recalled || Standing.Held);
}
