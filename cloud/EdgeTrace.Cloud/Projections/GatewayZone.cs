using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Faults;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Projections;

/// <summary>One gateway: what its devices say of themselves, and streams of it that nobody has a place for.</summary>
sealed class GatewayZone(string gateway, EquipmentBoard board) : Zone(new("gateway", gateway))
{
    public override StreamKind Main => StreamKind.Health;

    public override void Apply(LoggedBatch logged, Batch batch, LedgerCommit facts)
    {
        if (batch.BodyCase != Batch.BodyOneofCase.Health) return;
        foreach (var state in batch.Health.States) Tell(state, facts);
    }

    public void Tell(DeviceState state, LedgerCommit facts) => Tell(board, new(
        EquipmentBoard.IdOf(Id.Zone, state.Kind, state.Name), Id.Zone, state.Kind, state.Name, state.State, state.Reason, state.Remedy, state.SinceUs), facts);

    /// <summary>A batch whose stream the site model has no place for: a named fault, and the reads stay in the log.</summary>
    public void Stray(LoggedBatch logged, Batch batch, string kind, string name, string? owner, LedgerCommit facts)
    {
        var id = EquipmentBoard.IdOf(Id.Zone, kind, name);
        var (state, reason) = owner is null
            ? (FaultWords.NotInSiteModel, $"Gateway {Id.Zone} sends readings of {kind} {name}, which is not in the site model. They are kept in the log and not used.")
            : (FaultWords.OfAnotherGateway, $"Gateway {Id.Zone} sends readings of {kind} {name}, which belongs to gateway {owner}. They are kept in the log and not used.");
        if (board.Told(id) is { } told && told.State == state) return;
        var remedy = owner is null ? $"Add {kind} {name} to the site model, or remove it from the gateway's configuration." : $"Correct the gateway of {kind} {name} in the site model, or remove it from gateway {Id.Zone}.";
        Tell(board, new(id, Id.Zone, kind, name, state, reason, remedy, batch.Header.FirstUs), facts);
    }

    public static void Tell(EquipmentBoard board, EquipmentState state, LedgerCommit facts)
    {
        if (!board.Tell(state)) return;
        facts.Equipment.Add(state);
        facts.Outgoing.Add(Outgoing(board, state));
    }

    public static OutgoingFact Outgoing(EquipmentBoard board, EquipmentState state, string? phase = null) =>
        new(FeedKind.Equipment, state.Id, phase ?? $"{state.State}.{state.SinceUs}", state.SinceUs, ApiJson.Write(board.View(state)));
}
