using EdgeTrace.Stock;

namespace EdgeTrace.Store.Ledger;

/// <summary>One zone of one projection: the unit of ownership.</summary>
/// <param name="Projection">portal, point, scanner or gateway.</param>
public readonly record struct ZoneId(string Projection, string Zone)
{
    public override string ToString() => $"{Projection}/{Zone}";
}

/// <summary>How far a zone has come: the newest batch it has applied and what its stream has promised.</summary>
public readonly record struct ZonePosition(long Position, long ThroughUs, string Gateway, ulong Epoch, ulong Sequence)
{
    public static readonly ZonePosition None = new(0, long.MinValue, "", 0, 0);
}

/// <summary>Moves a zone from the position its owner believes in; where that is not so, another owner has been here and nothing is written.</summary>
public sealed record ZoneAdvance(ZoneId Zone, long Expected, ZonePosition To);

/// <summary>The open state of a zone after everything up to <paramref name="Position"/>.</summary>
public sealed record ZoneSnapshot(ZoneId Zone, long Position, long ThroughUs, ReadOnlyMemory<byte> Bytes);

/// <summary>Forgets where a portal's reads were in the part of the log that is deleted, so many rows at a time.</summary>
/// <param name="Below">Positions below this.</param>
public sealed record ReadBatchTrim(string Portal, long Below, int RowsMax);

/// <summary>What is to become durable together, or not at all, and who says so.</summary>
/// <param name="actor">system:tracker/… or a person.</param>
public sealed class LedgerCommit(string actor)
{
    public string Actor { get; } = actor;
    public List<ZoneAdvance> Advances { get; } = [];
    public List<VisitFact> Visits { get; } = [];
    public List<MovementFact> Movements { get; } = [];
    public List<ScanFact> Scans { get; } = [];
    public List<EpisodeFact> Episodes { get; } = [];
    public List<LocalEpisodeFact> LocalEpisodes { get; } = [];
    public List<Sighting> Sightings { get; } = [];
    public List<LocationClaim> Locations { get; } = [];
    public List<ChipFact> Chips { get; } = [];
    public List<EquipmentState> Equipment { get; } = [];
    public List<OutgoingFact> Outgoing { get; } = [];
    public List<QuarantinedBatch> Quarantined { get; } = [];
    public List<Acknowledgement> Acknowledgements { get; } = [];
    public List<PlannedWork> PlannedWork { get; } = [];
    public List<PlannedWorkEnd> PlannedWorkEnds { get; } = [];
    public List<StockEvent> StockEvents { get; } = [];
    public List<Declaration> Declarations { get; } = [];
    public List<RecallFact> Recalls { get; } = [];
    public List<ProductFact> Products { get; } = [];
    public List<ParLevel> Pars { get; } = [];
    public List<PatientRow> Patients { get; } = [];
    public List<CaseRow> Cases { get; } = [];
    public List<CaseEntry> CaseEntries { get; } = [];
    public List<AuditEntry> Audit { get; } = [];
    public List<ReadBatchPlace> ReadBatches { get; } = [];
    public List<ReadBatchTrim> ReadBatchTrims { get; } = [];
    public List<ZoneSnapshot> Snapshots { get; } = [];
    public List<ReceivedHour> Received { get; } = [];
    public List<LossFact> Losses { get; } = [];
    public List<LossEnd> LossEnds { get; } = [];
    public List<StreamMark> Marks { get; } = [];
    public ExitWrites Exits { get; } = new();
    public List<DoorFinding> DoorFindings { get; } = [];

    /// <summary>Set: doors have told of every visit up to this number.</summary>
    public long? DoorCursor { get; set; }

    /// <summary>Set: scans up to this cursor of the feed have been done.</summary>
    public long? ScanDesk { get; set; }

    /// <summary>Set: the feed, and the events of stock, have been looked through up to here for what an excursion has met.</summary>
    public (long Feed, long Seq)? ExcursionCursor { get; set; }

    /// <summary>Set: every zone's state up to this position of the log is in a snapshot; nothing older need be replayed.</summary>
    public long? Checkpoint { get; set; }

    public bool IsEmpty =>
        Advances.Count + Visits.Count + Movements.Count + Scans.Count + Episodes.Count + LocalEpisodes.Count + Sightings.Count + Locations.Count + Chips.Count
        + Equipment.Count + Outgoing.Count + Quarantined.Count + Acknowledgements.Count + PlannedWork.Count + PlannedWorkEnds.Count + StockEvents.Count + Declarations.Count + Recalls.Count + Products.Count + Pars.Count + Patients.Count + Cases.Count + CaseEntries.Count + Audit.Count + ReadBatches.Count + ReadBatchTrims.Count + Snapshots.Count
        + Received.Count + Losses.Count + LossEnds.Count + Marks.Count == 0 && Exits.IsEmpty && Checkpoint is null && ScanDesk is null && ExcursionCursor is null && DoorFindings.Count == 0 && DoorCursor is null;

    /// <summary>Adds what another commit of the same actor says.</summary>
    public void Add(LedgerCommit other)
    {
        Advances.AddRange(other.Advances);
        Visits.AddRange(other.Visits);
        Movements.AddRange(other.Movements);
        Scans.AddRange(other.Scans);
        Episodes.AddRange(other.Episodes);
        LocalEpisodes.AddRange(other.LocalEpisodes);
        Sightings.AddRange(other.Sightings);
        Locations.AddRange(other.Locations);
        Chips.AddRange(other.Chips);
        Equipment.AddRange(other.Equipment);
        Outgoing.AddRange(other.Outgoing);
        Quarantined.AddRange(other.Quarantined);
        Acknowledgements.AddRange(other.Acknowledgements);
        PlannedWork.AddRange(other.PlannedWork);
        PlannedWorkEnds.AddRange(other.PlannedWorkEnds);
        StockEvents.AddRange(other.StockEvents);
        Declarations.AddRange(other.Declarations);
        Recalls.AddRange(other.Recalls);
        Products.AddRange(other.Products);
        Pars.AddRange(other.Pars);
        Patients.AddRange(other.Patients);
        Cases.AddRange(other.Cases);
        CaseEntries.AddRange(other.CaseEntries);
        Audit.AddRange(other.Audit);
        ReadBatches.AddRange(other.ReadBatches);
        ReadBatchTrims.AddRange(other.ReadBatchTrims);
        Snapshots.AddRange(other.Snapshots);
        Received.AddRange(other.Received);
        Losses.AddRange(other.Losses);
        LossEnds.AddRange(other.LossEnds);
        Marks.AddRange(other.Marks);
        Exits.Add(other.Exits);
        Checkpoint = other.Checkpoint ?? Checkpoint;
        ScanDesk = other.ScanDesk ?? ScanDesk;
        DoorFindings.AddRange(other.DoorFindings);
        DoorCursor = other.DoorCursor ?? DoorCursor;
        ExcursionCursor = other.ExcursionCursor ?? ExcursionCursor;
    }
}

/// <summary>Another owner has moved the zone: this one must stop and let it.</summary>
public sealed class ZoneTakenException(ZoneId zone, long expected)
    : Exception($"Zone {zone} is no longer at position {expected}: another process owns it. Stop one of the two.");
