using System.Collections.Concurrent;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Faults;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Projections;

/// <summary>
/// What every device last said of itself, and which gateways are silent: while a gateway is silent its children are unknown, and
/// the gateway itself is the one thing a person has to look at.
/// </summary>
sealed class EquipmentBoard
{
    /// <summary>States of all devices of all gateways; a gateway that invents names without end is held here.</summary>
    public const int DevicesMax = 20_000;

    readonly ConcurrentDictionary<string, EquipmentState> _told = new();
    readonly ConcurrentDictionary<string, long> _silentSinceUs = new();

    public EquipmentBoard(LedgerReader ledger)
    {
        foreach (var state in ledger.Equipment())
            if (state.Kind == GatewayKind && state.State == OfflineState) _silentSinceUs[state.Gateway] = state.SinceUs;
            else _told[state.Id] = state;
    }

    public const string GatewayKind = "gateway";
    public const string OfflineState = "offline";

    public static string IdOf(string gateway, string kind, string name) => $"{gateway}/{kind}/{name}";

    public EquipmentState? Told(string id) => _told.GetValueOrDefault(id);

    /// <summary>False when it is already so, or when there is no room for one more name.</summary>
    public bool Tell(EquipmentState state)
    {
        if (_told.TryGetValue(state.Id, out var old) && (old == state || old.SinceUs > state.SinceUs)) return false;
        if (old is null && _told.Count >= DevicesMax) return false;
        _told[state.Id] = state;
        return true;
    }

    public bool IsSilent(string gateway) => _silentSinceUs.ContainsKey(gateway);
    public long? SilentSinceUs(string gateway) => _silentSinceUs.TryGetValue(gateway, out var sinceUs) ? sinceUs : null;

    /// <summary>True when this is news.</summary>
    public bool Silence(string gateway, long sinceUs) => _silentSinceUs.TryAdd(gateway, sinceUs);
    public bool Hear(string gateway) => _silentSinceUs.TryRemove(gateway, out _);

    public IEnumerable<EquipmentState> ChildrenOf(string gateway) =>
        _told.Values.Where(s => s.Gateway == gateway && s.Id != IdOf(gateway, GatewayKind, gateway)).OrderBy(s => s.Id, StringComparer.Ordinal);

    public static EquipmentState Offline(string gateway, long sinceUs, string reason) => new(
        IdOf(gateway, GatewayKind, gateway), gateway, GatewayKind, gateway, OfflineState, reason,
        FaultWords.Of(GatewayKind, OfflineState).Do, sinceUs);

    public IReadOnlyList<EquipmentView> Views() =>
    [
        .. _silentSinceUs.Where(g => !_told.ContainsKey(IdOf(g.Key, GatewayKind, g.Key))).Select(g => View(Offline(g.Key, g.Value, "The gateway is silent."))),
        .. _told.Values.OrderBy(s => s.Id, StringComparer.Ordinal).Select(View),
    ];

    /// <summary>As a person should see it now: what a silent gateway last said of its devices is no longer known to be so.</summary>
    public EquipmentView View(EquipmentState state)
    {
        var own = state.Kind == GatewayKind && state.Name == state.Gateway;
        if (_silentSinceUs.TryGetValue(state.Gateway, out var sinceUs))
        {
            if (own && state.State != OfflineState) state = Offline(state.Gateway, sinceUs, "The gateway is silent.");
            else if (!own) return new(state.Id, state.Kind, state.Name, state.Gateway, Severity.Unknown, "unknown", $"Gateway {state.Gateway} is silent; last known: {state.State}.", "", EventTime.FromUs(sinceUs));
        }
        return new(state.Id, state.Kind, state.Name, state.Gateway, FaultWords.SeverityOf(state.Kind, state.State), state.State, state.Reason, state.Remedy, EventTime.FromUs(state.SinceUs));
    }
}
