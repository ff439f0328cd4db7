using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EdgeTrace.ColdChain;

/// <summary>Why an episode is over.</summary>
public enum EpisodeEnd
{
    /// <summary>The value came back and stayed for the rule's clear delay; the door was closed; a sample came.</summary>
    Cleared,
    /// <summary>The day over which a cumulative rule adds up has ended.</summary>
    DayEnded,
    /// <summary>The point's limits were changed: the new rule starts from nothing.</summary>
    LimitsChanged,
}

/// <summary>One violation of one rule at one point, from its first violating sample to its return. A pure function of the samples.</summary>
public sealed record Episode
{
    /// <summary>From point, rule and start (<see cref="IdOf"/>): gateway and cloud derive the same.</summary>
    public required Guid Id { get; init; }
    public required string Point { get; init; }
    /// <summary>Storage class of the limits in force.</summary>
    public required string Class { get; init; }
    /// <summary>The rule as it was, with its thresholds: later changes do not rewrite history.</summary>
    public required AlarmRule Rule { get; init; }
    /// <summary>First violating sample; for silence the last sample heard.</summary>
    public required long StartUs { get; init; }
    /// <summary>Event time at which the delay was completed: of the completing sample, or exact for held states and silence.</summary>
    public required long ActiveUs { get; init; }
    /// <summary>Worst value, °C; null where a rule has none.</summary>
    public double? Peak { get; init; }
    public long? PeakUs { get; init; }
    /// <summary>Share of the time since the start for which there were good samples, 0…1.</summary>
    public required double Coverage { get; init; }
    /// <summary>For a probe fault, what the first faulty sample was.</summary>
    public ProbeFault Fault { get; init; }
    /// <summary>When the value returned (the first sample of the return); null while open.</summary>
    public long? EndUs { get; init; }
    /// <summary>When the return had lasted long enough; null while open.</summary>
    public long? ClosedUs { get; init; }
    public EpisodeEnd? End { get; init; }

    /// <summary>RFC 9562 version 8 from the SHA-256 of point, rule code and start.</summary>
    public static Guid IdOf(string point, string rule, long startUs)
    {
        var text = Encoding.UTF8.GetBytes($"episode\0{point}\0{rule}\0");
        var bytes = new byte[text.Length + 8];
        text.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(text.Length), startUs);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}

/// <summary>What happened to an episode.</summary>
public enum EpisodeChange
{
    Opened,
    /// <summary>Its peak got worse; at most once a minute of event time.</summary>
    Worsened,
    Closed,
}

/// <summary>A change of an episode, with the episode as it is after it.</summary>
/// <param name="Change">What happened.</param>
/// <param name="EventUs">When, by the samples.</param>
/// <param name="Episode">The episode after it.</param>
public readonly record struct EpisodeFact(EpisodeChange Change, long EventUs, Episode Episode);
