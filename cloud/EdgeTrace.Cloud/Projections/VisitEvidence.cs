using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;
using EdgeTrace.Identity;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Tracking;

namespace EdgeTrace.Cloud.Projections;

/// <summary>
/// Looks a visit's reads up in the batch log, antenna by antenna. It is made when somebody asks: writing it with every visit would cost
/// as much as the visit itself, and the log keeps it anyway.
/// </summary>
sealed class VisitEvidence(LedgerReader ledger, BatchLogReader log)
{
    /// <summary>A visit longer than this many batches is summed over its beginning only.</summary>
    const int BatchesMax = 60;

    /// <summary>What each antenna saw, and which chips answered, by their TIDs.</summary>
    public (IReadOnlyList<AntennaEvidence> Antennas, IReadOnlyList<string> Tids) Of(VisitFact visit, Portal? portal)
    {
        var antennas = new SortedDictionary<int, Sum>();
        var tids = new SortedSet<string>(StringComparer.Ordinal);
        var columns = new ReadColumns();
        var epc = Convert.FromHexString(visit.Epc);
        foreach (var position in ledger.ReadBatches(visit.Portal, visit.FirstUs, visit.LastUs, BatchesMax))
            foreach (var batch in log.Read(position - 1, 1))
                if (batch.Position == position && batch.QuarantineCause is null) Add(batch, columns, epc, visit, antennas, tids);
        return ([.. antennas.Select(a => new AntennaEvidence(
            a.Key, SideOf(portal, a.Key), a.Value.Reads, a.Value.PeakCentiDbm / 100.0, EventTime.FromUs(a.Value.FirstUs), EventTime.FromUs(a.Value.LastUs)))], [.. tids]);
    }

    static void Add(LoggedBatch batch, ReadColumns columns, byte[] epc, VisitFact visit, SortedDictionary<int, Sum> antennas, SortedSet<string> tids)
    {
        var body = Batch.Parser.ParseFrom(batch.Body.Span);
        if (body.BodyCase != Batch.BodyOneofCase.Reads) return;
        columns.Decode(body.Reads.Columns.Span);
        var entry = -1;
        for (var i = 0; i < columns.DistinctTags && entry < 0; i++)
            if (columns.Epc(i).SequenceEqual(epc)) entry = i;
        for (var i = 0; i < columns.Count; i++)
        {
            // The same EPC may stand under several tags of a batch (other PC or TID bits).
            if (entry < 0 || !columns.Epc(columns.Entry[i]).SequenceEqual(epc) || columns.TimeUs[i] < visit.FirstUs || columns.TimeUs[i] > visit.LastUs) continue;
            antennas[columns.Antenna[i]] = (antennas.GetValueOrDefault(columns.Antenna[i]) ?? new()).With(columns, i);
            if (Tid.IsOne(columns.Tid(columns.Entry[i]))) tids.Add(Convert.ToHexString(columns.Tid(columns.Entry[i])));
        }
    }

    static string SideOf(Portal? portal, int antenna) =>
        (portal?.Model.Sides.GetValueOrDefault(antenna) ?? Side.None) switch { Side.Inside => "inside", Side.Outside => "outside", _ => "none" };

    sealed record Sum(int Reads = 0, int PeakCentiDbm = int.MinValue, long FirstUs = long.MaxValue, long LastUs = long.MinValue)
    {
        public Sum With(ReadColumns columns, int read) => new(
            Reads + 1, Math.Max(PeakCentiDbm, columns.RssiCentiDbm[read]), Math.Min(FirstUs, columns.TimeUs[read]), Math.Max(LastUs, columns.LastUs[read]));
    }
}
