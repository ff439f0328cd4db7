using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Projections;

/// <summary>
/// A pure piece of a projection: turns batches of its streams into facts, by event time alone. One loop owns it at a time. Whatever
/// it says twice, after a crash or a rebuild, it says with the same ids.
/// </summary>
abstract class Zone(ZoneId id)
{
    public ZoneId Id { get; } = id;

    /// <summary>The kind of stream whose promise (<see cref="Advance"/>) counts here.</summary>
    public abstract StreamKind Main { get; }

    /// <summary>Adds what the batch lets be known. May throw: the loop then quarantines the batch and rebuilds this zone without it.</summary>
    public abstract void Apply(LoggedBatch logged, Batch batch, LedgerCommit facts);

    /// <summary>Nothing older than this follows in the main stream. Decides when a fact is told, never what it says.</summary>
    public virtual void Advance(long throughUs, LedgerCommit facts) { }

    /// <summary>The replay of a log has ended: says what only waited for more.</summary>
    public virtual void Flush(LedgerCommit facts) { }

    /// <summary>The open state; null where there is none to keep.</summary>
    public virtual byte[]? Snapshot() => null;

    /// <summary>Facts that only wait for a promise.</summary>
    public virtual int Open => 0;

    /// <summary>What pages may see of this zone now that its facts are durable.</summary>
    public virtual void Committed() { }
}
