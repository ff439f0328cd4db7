using System.Buffers.Binary;

namespace EdgeTrace.Benchmarks.Llrp;

/// <summary>
/// The decoder one would first write, and the shape of the known LLRP libraries: an object for every parameter, in a list, looked up by type.
/// It checks what this benchmark's reports need and no more.
/// </summary>
static class ObjectDecoder
{
    public abstract class Parameter { }
    public sealed class Epc96 : Parameter { public required byte[] Epc { get; init; } }
    public sealed class AntennaId : Parameter { public ushort Value { get; init; } }
    public sealed class PeakRssi : Parameter { public sbyte Dbm { get; init; } }
    public sealed class FirstSeenUtc : Parameter { public ulong Microseconds { get; init; } }
    public sealed class LastSeenUtc : Parameter { public ulong Microseconds { get; init; } }
    public sealed class TagSeenCount : Parameter { public ushort Value { get; init; } }

    public sealed class TagReportData
    {
        public List<Parameter> Parameters { get; } = [];
        public T? Find<T>() where T : Parameter => Parameters.OfType<T>().FirstOrDefault();
    }

    public static List<TagReportData> Decode(byte[] bytes, ref int at)
    {
        var end = at + (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 2));
        at += 10;
        var tags = new List<TagReportData>();
        while (at < end)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 2));
            tags.Add(DecodeTag(bytes, at + 4, at + length));
            at += length;
        }
        return tags;
    }

    static TagReportData DecodeTag(byte[] bytes, int at, int end)
    {
        var tag = new TagReportData();
        while (at < end)
        {
            var type = bytes[at++] & 0x7F;
            var value = bytes.AsSpan(at);
            (Parameter parameter, int length) = type switch
            {
                13 => (new Epc96 { Epc = value[..12].ToArray() }, 12),
                1 => (new AntennaId { Value = BinaryPrimitives.ReadUInt16BigEndian(value) }, 2),
                6 => (new PeakRssi { Dbm = (sbyte)value[0] }, 1),
                2 => (new FirstSeenUtc { Microseconds = BinaryPrimitives.ReadUInt64BigEndian(value) }, 8),
                4 => (new LastSeenUtc { Microseconds = BinaryPrimitives.ReadUInt64BigEndian(value) }, 8),
                8 => ((Parameter, int))(new TagSeenCount { Value = BinaryPrimitives.ReadUInt16BigEndian(value) }, 2),
                _ => throw new FormatException($"Parameter {type} is not known."),
            };
            tag.Parameters.Add(parameter);
            at += length;
        }
        return tag;
    }
}
