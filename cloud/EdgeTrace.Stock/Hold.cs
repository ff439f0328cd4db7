namespace EdgeTrace.Stock;

/// <summary>Why nobody may use a thing.</summary>
public enum HoldReason
{
    ColdChain,
    Recall,
    Expired,
    Damaged,
    Missing,

    /// <summary>Nobody knows the product, or its label says two things.</summary>
    Unverified,

    RegistryQuery,

    /// <summary>Less life left at receipt than the product must have.</summary>
    ShortDated,
}

/// <summary>An open hold. Its id is the event's that raised it; it ends with a release that names it.</summary>
/// <param name="By">The person or the rule.</param>
/// <param name="Notice">The recall notice, cold-chain episode or other evidence, by its id.</param>
public sealed record Hold(string Id, HoldReason Reason, string By, long SinceUs, string? Note = null, string? Notice = null);
