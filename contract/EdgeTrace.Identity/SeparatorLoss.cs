namespace EdgeTrace.Identity;

/// <summary>Whether a scan shows that the scanner swallows the separator (GS, FNC1) between elements.</summary>
public enum SeparatorLoss : byte
{
    /// <summary>No sign of it.</summary>
    None,

    /// <summary>The scan reads well as it is, and would read well with a separator too: two readings, so it stays as it is and is said aloud.</summary>
    Suspected,

    /// <summary>It reads only with separators put back, and only one way: so it was read.</summary>
    Repaired,

    /// <summary>It does not read as it is, and with separators put back it reads in several ways or in none.</summary>
    Unrepairable,
}
