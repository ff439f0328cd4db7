using EdgeTrace.Contract;
using Microsoft.Extensions.Logging;

namespace EdgeTrace.Gateway.Health;

/// <summary>The named state of every device and link: what changed goes to the log and the health stream, what did not is silent.</summary>
sealed partial class HealthBoard(TimeProvider time, ILogger<HealthBoard> logger)
{
    readonly Lock _lock = new();
    readonly Dictionary<(string Kind, string Name), DeviceState> _states = [];
    readonly List<DeviceState> _changes = [];

    /// <summary>The outbox's own state changed. What it refuses to write cannot travel in it, so a birth has to say it.</summary>
    public event Action? OutboxTold;

    /// <summary>Changes not yet taken: each device keeps only its newest, so this is bounded by the configuration.</summary>
    public IReadOnlyList<DeviceState> TakeChanges()
    {
        lock (_lock)
        {
            var taken = _changes.ToArray();
            _changes.Clear();
            return taken;
        }
    }

    /// <summary>All states, for a birth.</summary>
    public IReadOnlyList<DeviceState> All()
    {
        lock (_lock) return [.. _states.Values.Select(state => state.Clone())];
    }

    public void Fine(string kind, string name) => Report(kind, name, DeviceCondition.Fine, "", "");

    /// <summary>Says what state something is in; the same state again, with the same reason, is not news.</summary>
    /// <param name="kind">gateway, reader, antenna, beacon, scanner, probe, link or outbox.</param>
    /// <param name="name">Its name in the configuration.</param>
    /// <param name="state">A word of <see cref="DeviceCondition"/>.</param>
    /// <param name="reason">A sentence for a person.</param>
    /// <param name="remedy">What that person should do.</param>
    public void Report(string kind, string name, string state, string reason, string remedy)
    {
        lock (_lock)
        {
            if (_states.TryGetValue((kind, name), out var known) && known.State == state && known.Reason == reason) return;
            var since = known?.State == state ? known.SinceUs : time.GetUtcNow().ToUnixTimeMicroseconds();
            var now = new DeviceState { Kind = kind, Name = name, State = state, Reason = reason, Remedy = remedy, SinceUs = since };
            _states[(kind, name)] = now;
            _changes.RemoveAll(change => change.Kind == kind && change.Name == name);
            _changes.Add(now.Clone());
        }
        if (state == DeviceCondition.Fine) LogFine(kind, name);
        else LogState(kind, name, state, reason, remedy);
        if (kind == "outbox") OutboxTold?.Invoke();
    }

    [LoggerMessage(1001, LogLevel.Information, "{Kind} {Name} is fine")]
    partial void LogFine(string kind, string name);

    [LoggerMessage(1002, LogLevel.Warning, "{Kind} {Name} is {State}: {Reason} {Remedy}")]
    partial void LogState(string kind, string name, string state, string reason, string remedy);
}

/// <summary>The words a device's state can be; edge/README.md says of each what it means and what to do.</summary>
static class DeviceCondition
{
    public const string Fine = "fine";
    public const string Connecting = "connecting";
    public const string CloudNotListening = "cloud-not-listening";
    public const string Stalled = "stalled";
    public const string Unreachable = "unreachable";
    public const string Taken = "taken";
    public const string Refused = "refused";
    public const string Silent = "silent";
    public const string Protocol = "protocol-error";
    public const string Failed = "failed";
    public const string Disconnected = "disconnected";
    public const string Overflowed = "overflowed";
    public const string Unplugged = "unplugged";
    public const string Unreadable = "unreadable";
    public const string Implausible = "implausible";
    public const string DiskFull = "disk-full";
    public const string DiskRefused = "disk-refused";
    public const string OverBudget = "over-budget";
    public const string NoTid = "no-tid";
    public const string NotConfigured = "not-configured";
    public const string ClockStepped = "clock-stepped";
}
