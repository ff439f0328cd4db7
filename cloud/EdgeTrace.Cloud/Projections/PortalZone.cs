using System.Buffers;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;
using EdgeTrace.Identity;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Tracking;

namespace EdgeTrace.Cloud.Projections;

/// <summary>One portal: reads become visits, and visits with a direction movements.</summary>
sealed class PortalZone : Zone
{
    /// <summary>Distinct tags whose names are kept at hand; beyond it they are looked up anew.</summary>
    const int NamesMax = 100_000;

    readonly SiteModel _site;
    readonly ItemNames _names;
    readonly ZoneTracker _tracker;
    readonly ReadColumns _columns = new();
    readonly List<Visit> _closed = [];
    readonly Dictionary<Epc, NamedItem> _named = [];
    readonly ChipWatch _chips;
    Epc[] _epcs = [];

    public PortalZone(string portal, SiteModel site, ItemNames names, byte[]? snapshot) : base(new("portal", portal))
    {
        (_site, _names, _chips) = (site, names, new(portal));
        var models = site.PortalHistory(portal).Select(p => p.Model);
        _tracker = snapshot is null ? new(models) : ZoneTracker.Restore(snapshot, models);
    }

    public override StreamKind Main => StreamKind.Reads;
    public override int Open => _tracker.OpenVisits;

    public override void Apply(LoggedBatch logged, Batch batch, LedgerCommit facts)
    {
        // A boot that never knew the time has an order but no place in it: kept in the log, never smoothed.
        if (batch.Header.TimeQuality == TimeQuality.Relative) return;
        if (batch.BodyCase == Batch.BodyOneofCase.Reads && !batch.Reads.Columns.IsEmpty)
        {
            _columns.Decode(batch.Reads.Columns.Span);
            _tracker.Apply(Reads(), _closed);
            if (_columns.Count > 0)
            {
                var (firstUs, lastUs) = (_columns.TimeUs.ToArray().Min(), _columns.LastUs.ToArray().Max());
                facts.ReadBatches.Add(new(Id.Zone, logged.Position, firstUs, lastUs));
                _chips.Look(_columns, _epcs.AsSpan(0, _columns.DistinctTags), firstUs, lastUs, KeyOf, facts);
            }
        }
        _tracker.Advance(batch.Header.ThroughUs, _closed);
        Tell(facts);
    }

    public override void Advance(long throughUs, LedgerCommit facts)
    {
        _tracker.Advance(throughUs, _closed);
        Tell(facts);
    }

    public override void Flush(LedgerCommit facts)
    {
        _tracker.Flush(_closed);
        Tell(facts);
    }

    public override byte[] Snapshot()
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        _tracker.Snapshot(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    TagReadColumns Reads()
    {
        if (_epcs.Length < _columns.DistinctTags) _epcs = new Epc[_columns.DistinctTags * 2];
        for (var i = 0; i < _columns.DistinctTags; i++) _epcs[i] = Epc.From(_columns.Epc(i));
        return new()
        {
            Epcs = _epcs.AsSpan(0, _columns.DistinctTags), Tag = _columns.Entry, TimeUs = _columns.TimeUs, LastTimeUs = _columns.LastUs,
            Antenna = _columns.Antenna, RssiCentiDbm = _columns.RssiCentiDbm, Count = _columns.SeenCount,
        };
    }

    void Tell(LedgerCommit facts)
    {
        foreach (var visit in _closed) Tell(visit, facts);
        _closed.Clear();
    }

    void Tell(Visit visit, LedgerCommit facts)
    {
        var portal = _site.Portal(Id.Zone, visit.FirstUs)!;
        var item = Named(visit.Epc);
        var id = visit.Id.ToString();
        facts.Visits.Add(new(
            id, visit.Portal, item.Epc!, visit.FirstUs, visit.LastUs, visit.Count, visit.Reads, visit.ReadsInside, visit.ReadsOutside, visit.PeakRssiCentiDbm, visit.PeakAntenna,
            Word(visit.Direction), Word(visit.Side), visit.Confidence, visit.ContinuesFrom?.ToString(), visit.Continues, visit.Truncated, visit.Late));
        facts.Sightings.Add(new(item.Item, item.Epc, visit.LastUs, visit.Portal, item.Gtin, item.Serial, item.Lot));

        var where = ItemLocation.From(visit, portal.Model);
        if (where.Is is { } now)
            facts.Locations.Add(new(item.Item, now.Location, Word(now.Basis), now.EventUs, now.Portal, now.VisitStartUs, now.Confidence, id));
        var (from, to) = visit.Direction switch
        {
            Direction.In => (portal.Model.Outside, portal.Model.Inside),
            Direction.Out => (portal.Model.Inside, portal.Model.Outside),
            _ => (null, null),
        };
        if (from is not null || to is not null) facts.Movements.Add(new(id, item.Item, visit.LastUs, visit.Portal, from, to, visit.Confidence));
        if (!visit.IsPassage) return;
        var view = new MovementView(
            id, EventTime.FromUs(visit.LastUs), item.Name, portal.Id, portal.Name, Word(visit.Direction), from, from is null ? null : _site.LocationName(from),
            to, to is null ? null : _site.LocationName(to), visit.Confidence, visit.Reads, visit.PeakRssiCentiDbm / 100.0, 0);
        facts.Outgoing.Add(new(FeedKind.Movement, id, "", visit.LastUs, ApiJson.Write(view)));
    }

    /// <summary>Blank tags and foreign numbering name nothing, however many carry them.</summary>
    string? KeyOf(Epc epc) => Named(epc) is { } item && item.Item != item.Epc ? item.Item : null;

    NamedItem Named(Epc epc)
    {
        if (_named.TryGetValue(epc, out var item)) return item;
        if (_named.Count >= NamesMax) _named.Clear();
        return _named[epc] = _names.Of(epc);
    }

    static string Word(Direction direction) => direction switch { Direction.In => "in", Direction.Out => "out", Direction.Past => "past", _ => "unknown" };
    static string Word(Side side) => side switch { Side.Inside => "inside", Side.Outside => "outside", _ => "none" };
    static string Word(LocationBasis basis) => basis switch { LocationBasis.Passage => "passage", LocationBasis.Scan => "scan", LocationBasis.Count => "count", _ => "inferred" };
}
