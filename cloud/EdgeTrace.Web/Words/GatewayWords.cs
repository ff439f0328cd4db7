using EdgeTrace.Api;

namespace EdgeTrace.Web.Words;

/// <summary>What a gateway says of itself, as people say it.</summary>
static class GatewayWords
{
    public static string State(this GatewayView gateway) => gateway.State switch { "online" => "Online", "offline" => "Offline", _ => "Never heard" };

    /// <summary>The state of its clock and how far it may be out.</summary>
    public static (string Words, bool Trusted) ClockOf(this GatewayView gateway) => gateway.Clock switch
    {
        "ntp" => (gateway.ClockErrorMs is { } bound ? $"Synchronised, within {Milliseconds(bound)}" : "Synchronised", true),
        "holdover" => ("Synchronised earlier, drifting since", false),
        "rtc" => ("Not synchronised", false),
        "relative" => ("Never synchronised since it booted", false),
        _ => ("Not known yet", true),
    };

    public static string Link(this GatewayView gateway) => gateway.Link switch { "" or "unknown" => "Not known", "fine" => "Fine", var state => char.ToUpperInvariant(state[0]) + state[1..].Replace('-', ' ') };

    /// <summary>How long it could go on with no link, never longer than anybody would believe.</summary>
    public static string Room(this OutboxView outbox) => outbox switch
    {
        { HoursLeft: null, BytesPerHour: null } => "Not known yet",
        { HoursLeft: null } => "It seals nothing now",
        { HoursLeft: > 24 * 60 } => "More than 60 days",
        { HoursLeft: { } hours } => Ages.Long(TimeSpan.FromHours(hours)),
    };

    public static string Milliseconds(double ms) => ms < 1 ? "1\u00a0ms" : ms < 1000 ? $"{Math.Ceiling(ms)}\u00a0ms" : $"{Math.Ceiling(ms / 1000)}\u00a0s";
}
