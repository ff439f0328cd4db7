using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace EdgeTrace.Contract;

/// <summary>
/// The MQTT names: <c>edgetrace/v1/{trust}/{site}/gw/{gateway}/…</c> below it <c>birth state heartbeat ack cmd</c> and the streams.
/// A word is <c>[a-z0-9-]{1,40}</c>.
/// </summary>
/// <param name="Trust">The organisation's word.</param>
/// <param name="Site">The hospital's word.</param>
/// <param name="Gateway">The gateway's word.</param>
public sealed record GatewayTopics(string Trust, string Site, string Gateway)
{
    public const string Prefix = "edgetrace/v1/";

    /// <summary>Everything every gateway says, for a subscriber that ingests.</summary>
    public const string AllGateways = Prefix + "+/+/gw/+/#";

    static readonly SearchValues<char> WordLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public string Root => $"{Prefix}{Trust}/{Site}/gw/{Gateway}/";
    public string Birth => Root + Leaf.Birth;
    public string State => Root + Leaf.State;
    public string Heartbeat => Root + Leaf.Heartbeat;
    public string Ack => Root + Leaf.Ack;
    public string Command => Root + Leaf.Command;
    public string Stream(string stream) => Root + stream;

    /// <summary>The MQTT client id under which a gateway's doctor signs in beside it: MQTT has one session per id.</summary>
    public static string DoctorOf(string gateway) => gateway + "-doctor";

    /// <summary>Splits a topic of ours; false when it is anybody else's or malformed.</summary>
    /// <param name="topic">The whole MQTT topic.</param>
    /// <param name="gateway">Whose it is.</param>
    /// <param name="leaf">What follows the gateway: a <see cref="Leaf"/> word or a stream.</param>
    public static bool TryParse(string topic, [NotNullWhen(true)] out GatewayTopics? gateway, [NotNullWhen(true)] out string? leaf)
    {
        (gateway, leaf) = (null, null);
        if (!topic.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var words = topic[Prefix.Length..].Split('/', 5);
        if (words is not [var trust, var site, "gw", var name, var rest]) return false;
        if (!IsWord(trust) || !IsWord(site) || !IsWord(name)) return false;
        if (!Leaf.IsKnown(rest) && !StreamName.IsValid(rest)) return false;
        (gateway, leaf) = (new(trust, site, name), rest);
        return true;
    }

    /// <summary>Whether <paramref name="text"/> can be one level of a topic: <c>[a-z0-9-]{1,40}</c>.</summary>
    public static bool IsWord([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= 40 } && !text.AsSpan().ContainsAnyExcept(WordLetters);

    /// <summary>The words below a gateway that are not streams.</summary>
    public static class Leaf
    {
        public const string Birth = "birth";
        public const string State = "state";
        public const string Heartbeat = "heartbeat";
        public const string Ack = "ack";
        public const string Command = "cmd";

        public static bool IsKnown(string leaf) => leaf is Birth or State or Heartbeat or Ack or Command;

        /// <summary>Toward the gateway: a gateway may never publish these (ACL).</summary>
        public static bool IsFromCloud(string leaf) => leaf is Ack or Command;
    }
}

/// <summary>The names of streams: <c>reads/{portal}</c>, <c>scans/{scanner}</c>, <c>samples/{point}</c>, <c>alarms/{point}</c>, <c>health</c>.</summary>
public static class StreamName
{
    public const string Health = "health";
    public static string Reads(string portal) => "reads/" + portal;
    public static string Scans(string scanner) => "scans/" + scanner;
    public static string Samples(string point) => "samples/" + point;
    public static string Alarms(string point) => "alarms/" + point;

    public static bool IsValid(string stream) => TrySplit(stream, out _, out _);

    /// <summary>Splits <c>reads/store-3-door</c> into its kind and name; <c>health</c> has no name.</summary>
    public static bool TrySplit(string stream, out StreamKind kind, out string name)
    {
        (kind, name) = (default, "");
        if (stream == Health)
        {
            kind = StreamKind.Health;
            return true;
        }
        var slash = stream.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !GatewayTopics.IsWord(stream[(slash + 1)..])) return false;
        name = stream[(slash + 1)..];
        switch (stream[..slash])
        {
            case "reads": kind = StreamKind.Reads; return true;
            case "scans": kind = StreamKind.Scans; return true;
            case "samples": kind = StreamKind.Samples; return true;
            case "alarms": kind = StreamKind.Alarms; return true;
            default: return false;
        }
    }
}

/// <summary>The kinds of stream, in the order their lanes drain: alarms first, reads last.</summary>
public enum StreamKind
{
    Alarms,
    Scans,
    Samples,
    Health,
    Reads,
}
