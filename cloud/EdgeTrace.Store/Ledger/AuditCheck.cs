namespace EdgeTrace.Store.Ledger;

/// <summary>A place where the audit is not what it was.</summary>
/// <param name="Seq">The first row that shows it.</param>
public sealed record AuditBreak(long Seq, string Says);

/// <summary>What a check of the whole chain found.</summary>
public sealed record AuditVerdict(long Rows, AuditAnchor? Head, IReadOnlyList<AuditBreak> Breaks);

/// <summary>Goes over the whole chain, row by row, and over what was noted of it outside the ledger.</summary>
public static class AuditCheck
{
    /// <summary>Rows asked for at a time: a reader must not hold the ledger's write-ahead log for as long as a check may last.</summary>
    const int PageMax = 10_000;

    /// <summary>Breaks told one by one; a chain that was reordered breaks at every row, and the first say it.</summary>
    const int BreaksMax = 20;

    /// <param name="anchors">What was noted: of the data directory, of backups, of a log elsewhere.</param>
    public static AuditVerdict Of(LedgerReader ledger, IReadOnlyList<AuditAnchor> anchors, CancellationToken token = default)
    {
        var breaks = new List<AuditBreak>();
        var noted = anchors.ToLookup(anchor => anchor.Seq);
        var (rows, seq, before) = (0L, 0L, AuditChain.Root);
        AuditRow? last = null;
        while (ledger.AuditAfter(seq, PageMax) is { Count: > 0 } page)
        {
            token.ThrowIfCancellationRequested();
            foreach (var row in page)
            {
                rows++;
                if (row.Seq != seq + 1) Add(row.Seq, row.Seq == seq + 2 ? $"row {seq + 1} is missing" : $"rows {seq + 1} to {row.Seq - 1} are missing");
                // Over a hole the row before is not there to go on from; that it is missing has been said.
                else if (!row.Hash.AsSpan().SequenceEqual(AuditChain.Hash(before, row.Seq, row.AtUs, row.Actor, row.Action, row.Subject, row.Detail)))
                    Add(row.Seq, $"row {row.Seq} ({row.Action} by {row.Actor}) is not what was written, or does not follow the row before: it was changed, put in or moved");
                foreach (var anchor in noted[row.Seq])
                    if (anchor.Hash != Convert.ToHexStringLower(row.Hash)) Add(row.Seq, $"row {row.Seq} is another than was noted on {anchor.At:yyyy-MM-dd HH:mm}Z: the chain up to it was written anew");
                (seq, before, last) = (row.Seq, row.Hash, row);
            }
        }
        if (anchors.Where(anchor => anchor.Seq > seq).MaxBy(anchor => anchor.Seq) is { } beyond)
            Add(seq + 1, $"the audit ends at row {seq}, but on {beyond.At:yyyy-MM-dd HH:mm}Z it had {beyond.Seq}: its end was cut off, or an older ledger was put back");
        return new(rows, last is null ? null : new(At(last.AtUs), last.Seq, Convert.ToHexStringLower(last.Hash)), breaks);

        void Add(long at, string says)
        {
            if (breaks.Count < BreaksMax) breaks.Add(new(at, says));
        }
    }

    static DateTimeOffset At(long us) => DateTimeOffset.UnixEpoch.AddTicks(us * TimeSpan.TicksPerMicrosecond);
}
