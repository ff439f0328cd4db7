using EdgeTrace.Cloud.Accounts;

namespace EdgeTrace.Cloud.Theatre;

/// <summary>The second of two people where a rule wants two: by their badge, never the one who is signed in.</summary>
sealed class SecondPerson(TheatreCode codes)
{
    /// <summary>How the books name them, or a sentence that says why nobody is named.</summary>
    public (string? Witness, string? Error) Of(string? badge, Person first)
    {
        if (badge is not { Length: > 0 }) return (null, "A second person must stand by it: scan their badge.");
        var (of, says) = codes.Read(badge);
        if (of != CodeOf.Staff || says is null) return (null, "That is no badge: scan the second person's.");
        return says == first.Id ? (null, "The second person must be another than the first.") : (says, null);
    }
}
