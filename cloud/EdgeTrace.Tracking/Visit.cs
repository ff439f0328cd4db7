using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EdgeTrace.Identity;

namespace EdgeTrace.Tracking;

/// <summary>Which way a visit went, as far as its reads can tell.</summary>
public enum Direction
{
    /// <summary>No sides, too little evidence, only strays, or evidence that contradicts itself.</summary>
    Unknown,
    /// <summary>From outside to inside.</summary>
    In,
    /// <summary>From inside to outside.</summary>
    Out,
    /// <summary>The same side at both ends: passed by, or turned back. <see cref="Visit.Side"/> says which side.</summary>
    Past,
}

/// <summary>An EPC's stay in a portal's field: a maximal run of its reads with gaps no longer than the portal's, cut at fixed event times.</summary>
/// <remarks>A pure function of the set of reads in it: neither the order and the batches they came in nor the moment of emission can be seen.</remarks>
public sealed record Visit
{
    /// <summary>From portal, EPC and first read (<see cref="IdOf"/>), so that whoever derives the visit again derives the same id.</summary>
    public required Guid Id { get; init; }
    public required string Portal { get; init; }
    public required Epc Epc { get; init; }
    public required long FirstUs { get; init; }
    public required long LastUs { get; init; }
    /// <summary>Singulations: the sum of the reads' counts.</summary>
    public required long Count { get; init; }
    public required int Reads { get; init; }
    public required int ReadsInside { get; init; }
    public required int ReadsOutside { get; init; }
    public required int PeakRssiCentiDbm { get; init; }
    /// <summary>The antenna of the strongest read; the lower port where two are equal.</summary>
    public required ushort PeakAntenna { get; init; }
    public required Direction Direction { get; init; }
    /// <summary>The side the visit ended on; for <see cref="Direction.Past"/> the only side it was on.</summary>
    public required Side Side { get; init; }
    /// <summary>0…1: how clearly both ends spoke for their side, and how many reads said so. Comparable between visits, not a probability.</summary>
    public required double Confidence { get; init; }
    /// <summary>The visit this one continues across a cut, or null.</summary>
    public Guid? ContinuesFrom { get; init; }
    /// <summary>The stay goes on in another visit after the cut.</summary>
    public bool Continues { get; init; }
    /// <summary>Emitted early because too many visits were open; what came after is another visit.</summary>
    public bool Truncated { get; init; }
    /// <summary>Holds a read older than what its stream had promised; it may be a fragment of a visit told before.</summary>
    public bool Late { get; init; }

    /// <summary>A visit with a direction.</summary>
    public bool IsPassage => Direction is not Direction.Unknown;

    /// <summary>RFC 9562 version 8 from the SHA-256 of portal, EPC and first time.</summary>
    public static Guid IdOf(string portal, Epc epc, long firstUs)
    {
        // "visit" NUL portal NUL length epc time: no two different triples give the same bytes.
        var text = Encoding.UTF8.GetByteCount(portal);
        var bytes = new byte[6 + text + 2 + epc.Length + 8];
        "visit\0"u8.CopyTo(bytes);
        Encoding.UTF8.GetBytes(portal, bytes.AsSpan(6));
        bytes[7 + text] = (byte)epc.Length;
        epc.CopyTo(bytes.AsSpan(8 + text));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8 + text + epc.Length), firstUs);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
