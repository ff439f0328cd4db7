using System.Buffers.Binary;
using System.Text;

namespace EdgeTrace.Simulators.Load;

/// <summary>
/// The few MQTT 5 packets a publisher needs, written into a buffer that takes many before it is sent: a library's cost of 150 µs a
/// message (facts of 2026-11, MQTTnet and 16 KiB) would be most of a load's.
/// </summary>
static class MqttPacket
{
    public const byte Connect = 0x10, ConnAck = 0x20, Publish = 0x30, PubAck = 0x40, Subscribe = 0x82, SubAck = 0x90, PingRequest = 0xC0, PingResponse = 0xD0, Disconnect = 0xE0;
    const byte QualityOfService1 = 0x02, Retain = 0x01, CorrelationData = 0x09, ReceiveMaximum = 0x21;

    // Properties with a length of their own by identifier, and those of fixed width (MQTT 5, 2.2.2.2).
    const byte Text = 0xFF, Pair = 0xFE, Number = 0xFD;

    public static int WriteConnect(Span<byte> to, string client, string user, string password)
    {
        Span<byte> body = stackalloc byte[512];
        var used = WriteText(body, "MQTT");
        body[used++] = 5;
        body[used++] = 0xC2;   // user name, password, clean start
        BinaryPrimitives.WriteUInt16BigEndian(body[used..], 60);
        used += 2;
        body[used++] = 0;      // no properties
        used += WriteText(body[used..], client);
        used += WriteText(body[used..], user);
        used += WriteText(body[used..], password);
        return Frame(to, Connect, body[..used]);
    }

    public static int WriteSubscribe(Span<byte> to, ushort id, string filter)
    {
        Span<byte> body = stackalloc byte[512];
        BinaryPrimitives.WriteUInt16BigEndian(body, id);
        body[2] = 0;
        var used = 3 + WriteText(body[3..], filter);
        body[used++] = 1;
        return Frame(to, Subscribe, body[..used]);
    }

    public static int WritePubAck(Span<byte> to, ushort id)
    {
        (to[0], to[1]) = (PubAck, 2);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], id);
        return 4;
    }

    /// <summary>The head of a PUBLISH at QoS 1, up to where its payload begins.</summary>
    public static int WritePublishHead(Span<byte> to, ushort id, ReadOnlySpan<byte> topic, bool retain, ReadOnlySpan<byte> correlation, int payloadLength)
    {
        var properties = correlation.IsEmpty ? 0 : 3 + correlation.Length;
        to[0] = (byte)(Publish | QualityOfService1 | (retain ? Retain : 0));
        var used = 1 + WriteVarint(to[1..], 2 + topic.Length + 2 + 1 + properties + payloadLength);
        BinaryPrimitives.WriteUInt16BigEndian(to[used..], (ushort)topic.Length);
        topic.CopyTo(to[(used + 2)..]);
        used += 2 + topic.Length;
        BinaryPrimitives.WriteUInt16BigEndian(to[used..], id);
        used += 2;
        to[used++] = (byte)properties;
        if (properties == 0) return used;
        to[used++] = CorrelationData;
        BinaryPrimitives.WriteUInt16BigEndian(to[used..], (ushort)correlation.Length);
        correlation.CopyTo(to[(used + 2)..]);
        return used + 2 + correlation.Length;
    }

    /// <summary>Splits one packet off the front; false when it is not whole yet.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, out byte head, out ReadOnlySpan<byte> body)
    {
        head = 0;
        body = default;
        if (bytes.Length < 2 || !TryReadVarint(bytes[1..], out var length, out var used) || bytes.Length < 1 + used + length) return false;
        head = bytes[0];
        body = bytes.Slice(1 + used, length);
        bytes = bytes[(1 + used + length)..];
        return true;
    }

    /// <summary>Packet id (0 at QoS 0) and payload of a PUBLISH.</summary>
    public static ushort ReadPublish(byte head, ReadOnlySpan<byte> body, out ReadOnlySpan<byte> payload)
    {
        var at = 2 + BinaryPrimitives.ReadUInt16BigEndian(body);
        ushort id = 0;
        if ((head & 0x06) != 0)
        {
            id = BinaryPrimitives.ReadUInt16BigEndian(body[at..]);
            at += 2;
        }
        if (!TryReadVarint(body[at..], out var properties, out var used)) throw new InvalidDataException("A PUBLISH ends before its properties.");
        payload = body[(at + used + properties)..];
        return id;
    }

    /// <summary>Reason code and Receive Maximum of a CONNACK (65,535 when the broker names none).</summary>
    public static (byte Reason, int ReceiveMax) ReadConnAck(ReadOnlySpan<byte> body)
    {
        var receiveMax = (int)ushort.MaxValue;
        if (!TryReadVarint(body[2..], out var length, out var used)) return (body[1], receiveMax);
        for (var properties = body.Slice(2 + used, length); !properties.IsEmpty;)
        {
            var id = properties[0];
            if (id == ReceiveMaximum) receiveMax = BinaryPrimitives.ReadUInt16BigEndian(properties[1..]);
            properties = properties[(1 + PropertyLength(id, properties[1..]))..];
        }
        return (body[1], receiveMax);
    }

    public static int WriteVarint(Span<byte> to, int value)
    {
        var n = 0;
        for (; value >= 0x80; value >>= 7) to[n++] = (byte)(value | 0x80);
        to[n++] = (byte)value;
        return n;
    }

    static int PropertyLength(byte id, ReadOnlySpan<byte> value) => Kind(id) switch
    {
        Text => 2 + BinaryPrimitives.ReadUInt16BigEndian(value),
        Pair => 2 + BinaryPrimitives.ReadUInt16BigEndian(value) + 2 + BinaryPrimitives.ReadUInt16BigEndian(value[(2 + BinaryPrimitives.ReadUInt16BigEndian(value))..]),
        Number => TryReadVarint(value, out _, out var used) ? used : value.Length,
        var width => width,
    };

    static byte Kind(byte id) => id switch
    {
        0x01 or 0x17 or 0x19 or 0x24 or 0x25 or 0x28 or 0x29 or 0x2A => 1,
        0x13 or 0x21 or 0x22 or 0x23 => 2,
        0x02 or 0x11 or 0x18 or 0x27 => 4,
        0x0B => Number,
        0x26 => Pair,
        _ => Text,
    };

    static bool TryReadVarint(ReadOnlySpan<byte> bytes, out int value, out int used)
    {
        (value, used) = (0, 0);
        for (var shift = 0; used < Math.Min(4, bytes.Length); shift += 7)
        {
            var part = bytes[used++];
            value |= (part & 0x7F) << shift;
            if (part < 0x80) return true;
        }
        return false;
    }

    static int WriteText(Span<byte> to, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, to[2..]);
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)length);
        return 2 + length;
    }

    static int Frame(Span<byte> to, byte head, ReadOnlySpan<byte> body)
    {
        to[0] = head;
        var used = 1 + WriteVarint(to[1..], body.Length);
        body.CopyTo(to[used..]);
        return used + body.Length;
    }
}
