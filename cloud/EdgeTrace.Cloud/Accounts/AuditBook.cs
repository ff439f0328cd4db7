using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>
/// Writes down what was done and looked at. An act on the ledger puts its <see cref="AuditEntry"/> into its own commit, so that both are there
/// or neither; what changes no fact is written here.
/// </summary>
sealed class AuditBook(LedgerWriter writer, TimeProvider time)
{
    /// <summary>An entry of now.</summary>
    /// <param name="action">A verb, as sign-in or see-patient.</param>
    /// <param name="subject">What it was done to.</param>
    public AuditEntry Entry(Person who, string action, string subject, string detail) => new(time.NowUs(), who.Actor, action, subject, detail);

    /// <summary>Somebody sees fields that identify a patient; returns once that is durable, and only then are they shown.</summary>
    /// <param name="subject">Whose, as <c>patient/…</c> or the case: never itself a name.</param>
    /// <param name="fields">The fields' names, never their values.</param>
    public Task LookedAtAsync(Person who, string subject, params IReadOnlyList<string> fields) => WriteAsync(Entry(who, "see-patient", subject, string.Join(", ", fields)));

    public Task WriteAsync(AuditEntry entry)
    {
        var commit = new LedgerCommit(entry.Actor);
        commit.Audit.Add(entry);
        return writer.CommitAsync(commit);
    }
}
