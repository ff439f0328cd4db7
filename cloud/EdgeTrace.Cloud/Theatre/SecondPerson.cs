using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;

namespace EdgeTrace.Cloud.Theatre;

/// <summary>The second of two people where a rule wants two: by their badge, never the one who is signed in.</summary>
sealed class SecondPerson(AccountBook book)
{
    /// <summary>How the books name them, or a sentence that says why nobody is named.</summary>
    public (string? Witness, string? Error) Of(string? badge, Person first)
    {
        if (string.IsNullOrWhiteSpace(badge)) return (null, "A second person must stand by it: scan their badge.");
        // The name they sign in with is no proof that they stand here; a badge is what they carry.
        if (book.Find(badge) is not { DisabledUs: null, Badge: { } known } row || known != Badge.Of(badge)) return (null, "Nobody here has this badge. Scan it again; an administrator enters badges under People.");
        if (row.Id == first.Id) return (null, "The second person must be another than the first.");
        return book.Of(row).May(Permission.Theatre) ? (AccountDesk.Named(row), null) : (null, $"{row.Name} does not work in theatre: it needs somebody who does.");
    }
}
