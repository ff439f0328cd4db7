using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Cloud.Projections;

/// <summary>
/// Listens whether gateways are there: ten seconds without a heartbeat, or the broker's word (Will), and a gateway is offline and
/// its children unknown: one thing to look at, not thirty. What a birth restates is taken as if the devices had said it now.
/// </summary>
sealed partial class GatewayWatch(GatewayDirectory directory, EquipmentBoard board, LedgerWriter ledger, TimeProvider time, ILogger<GatewayWatch> logger) : BackgroundService
{
    /// <summary>Ten heartbeats: a Wi-Fi roam passes, a pulled plug does not.</summary>
    static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(10);

    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    readonly Dictionary<string, (string Boot, long SentUs)> _births = [];
    readonly long _startedUs = time.NowUs();
    bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            try
            {
                foreach (var gateway in directory.All) await LookAsync(gateway);
                _failing = false;
            }
            catch (Exception error) when (error is SqliteException or IOException)
            {
                // The ledger's writers say so too; what could not be told is told at the next look.
                if (!_failing) LogUntold(error.Message);
                _failing = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task LookAsync(GatewayStatus gateway)
    {
        var nowUs = time.NowUs();
        // A cloud that was down has heard nobody: silence counts from its own start.
        var heardUs = Math.Max(gateway.LastHeardUs, _startedUs);
        var quietUs = nowUs - heardUs;
        var silent = quietUs > SilenceMax.Ticks / TimeSpan.TicksPerMicrosecond;
        var left = !gateway.Online && gateway.OnlineSinceUs >= _startedUs && gateway.OnlineSinceUs > 0;
        var facts = new LedgerCommit($"system:gateway-watch/{gateway.Gateway}");
        if (silent || left) TellOffline(gateway, silent ? heardUs : gateway.OnlineSinceUs, silent, facts);
        else if (gateway.LastHeardUs >= _startedUs) TellOnline(gateway, nowUs, facts);
        if (!facts.IsEmpty) await ledger.CommitAsync(facts);
    }

    void TellOffline(GatewayStatus gateway, long sinceUs, bool silent, LedgerCommit facts)
    {
        if (!board.Silence(gateway.Gateway, sinceUs)) return;
        var reason = silent ? "Nothing has been heard of it for 10 s." : gateway.Reason.Length > 0 ? gateway.Reason : "Its connection to the broker ended.";
        var state = EquipmentBoard.Offline(gateway.Gateway, sinceUs, reason);
        facts.Equipment.Add(state);
        facts.Outgoing.Add(GatewayZone.Outgoing(board, state));
        foreach (var child in board.ChildrenOf(gateway.Gateway)) facts.Outgoing.Add(GatewayZone.Outgoing(board, child, $"unknown.{sinceUs}"));
        LogOffline(gateway.Gateway, reason);
    }

    void TellOnline(GatewayStatus gateway, long nowUs, LedgerCommit facts)
    {
        var back = board.Hear(gateway.Gateway);
        var id = EquipmentBoard.IdOf(gateway.Gateway, EquipmentBoard.GatewayKind, gateway.Gateway);
        if (back || board.Told(id) is null)
        {
            GatewayZone.Tell(board, new(id, gateway.Gateway, EquipmentBoard.GatewayKind, gateway.Gateway, "fine", "", "", nowUs), facts);
            foreach (var child in board.ChildrenOf(gateway.Gateway)) facts.Outgoing.Add(GatewayZone.Outgoing(board, child, $"known.{nowUs}"));
            if (back) LogOnline(gateway.Gateway);
        }
        if (gateway.Birth is not { } birth || _births.GetValueOrDefault(gateway.Gateway) == (birth.Boot, birth.SentUs)) return;
        _births[gateway.Gateway] = (birth.Boot, birth.SentUs);
        foreach (var state in birth.States) Tell(gateway.Gateway, state, facts);
    }

    void Tell(string gateway, DeviceState state, LedgerCommit facts) => GatewayZone.Tell(board, new(
        EquipmentBoard.IdOf(gateway, state.Kind, state.Name), gateway, state.Kind, state.Name, state.State, state.Reason, state.Remedy, state.SinceUs), facts);

    [LoggerMessage(4121, LogLevel.Warning, "Gateway {Gateway} is offline: {Reason}")]
    partial void LogOffline(string gateway, string reason);

    [LoggerMessage(4122, LogLevel.Information, "Gateway {Gateway} is back")]
    partial void LogOnline(string gateway);

    [LoggerMessage(4123, LogLevel.Warning, "The state of gateways could not be written: {Reason}")]
    partial void LogUntold(string reason);
}
