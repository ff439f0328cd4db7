namespace EdgeTrace.Stock;

/// <summary>What can happen to an Item or to a quantity of a Lot. The word in the ledger is <see cref="Vocabulary.Word"/>.</summary>
public enum EventKind
{
    /// <summary>It was there when EdgeTrace began to keep the books.</summary>
    Opening,

    /// <summary>Goods-in: it came, with what its label said.</summary>
    Received,

    /// <summary>A tag was put on it: the EPC is now its name at doors.</summary>
    Tagged,

    /// <summary>Put away, or moved to another place by a person.</summary>
    Stored,

    /// <summary>Kept for one case; not for any other.</summary>
    Reserved,

    /// <summary>Kept for nobody any more.</summary>
    Freed,

    Picked,

    /// <summary>On its way from one place to another.</summary>
    Issued,

    Arrived,

    /// <summary>Came back; not stock again before somebody has looked at it.</summary>
    Returned,

    /// <summary>Looked at after a return or a find: whole, sealed, not warmed.</summary>
    Inspected,

    /// <summary>Found present by a stock-take.</summary>
    Counted,

    /// <summary>Not found by a stock-take of the place where it should be. An inference: any later sign of it undoes this.</summary>
    Missed,

    /// <summary>Went through an exit without a reason.</summary>
    Left,

    Found,

    /// <summary>Said by a person, never by a door.</summary>
    Stolen,

    /// <summary>Put into a container or a tray.</summary>
    Packed,

    Unpacked,

    /// <summary>The pack was opened for a patient: it can no longer be stock.</summary>
    Opened,

    Implanted,

    Explanted,

    /// <summary>Used up for a case; not an implant.</summary>
    Used,

    /// <summary>Dropped, broken, contaminated or out of date: thrown away, with a reason.</summary>
    Wasted,

    /// <summary>Nobody may use it until the hold is released.</summary>
    Held,

    Released,

    /// <summary>It belongs to somebody else now (consignment).</summary>
    Owned,
}
