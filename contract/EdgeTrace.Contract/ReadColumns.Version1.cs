using System.Buffers.Binary;

namespace EdgeTrace.Contract;

/// <summary>The columns as gateways before 2026-11-25 wrote them: a byte or two for every number. Outboxes and logs still hold them.</summary>
public sealed partial class ReadColumns
{
    void ReadColumn1(Column column, ref ColumnCursor body, int count, int tags, long firstUs)
    {
        switch (column)
        {
            case Column.Epcs: ReadEpcs1(ref body, tags); break;
            case Column.Entry:
                for (var i = 0; i < count; i++) _entry[i] = body.Number("tag index", tags - 1);
                break;
            case Column.Time:
                var at = firstUs;
                for (var i = 0; i < count; i++) _time[i] = at += body.ZigZag("time");
                break;
            case Column.Antenna:
                for (var i = 0; i < count; i++) _antenna[i] = (ushort)body.Number("antenna", ushort.MaxValue);
                break;
            case Column.RssiDbm:
                var dbm = body.Bytes("RSSI", count);
                for (var i = 0; i < count; i++) _rssi[i] = (short)((sbyte)dbm[i] * 100);
                break;
            case Column.RssiCentiDbm: ReadShorts(ref body, _rssi.AsSpan(0, count)); break;
            case Column.Count:
                for (var i = 0; i < count; i++) _count[i] = (ushort)body.Number("seen count", ushort.MaxValue);
                break;
            case Column.Last:
                for (var i = 0; i < count; i++) _last[i] = body.ZigZag("last seen");
                break;
            case Column.Phase: ReadShorts(ref body, _phase.AsSpan(0, count)); break;
            case Column.Channel:
                for (var i = 0; i < count; i++) _channel[i] = (ushort)body.Number("channel", ushort.MaxValue);
                break;
            case Column.Doppler: ReadShorts(ref body, _doppler.AsSpan(0, count)); break;
            case Column.Pc:
                var pcs = body.Bytes("PC", tags * 2);
                for (var i = 0; i < tags; i++) _pc[i] = BinaryPrimitives.ReadUInt16LittleEndian(pcs[(i * 2)..]);
                break;
            case Column.Tid: ReadTids(ref body, tags); break;
        }
    }

    void ReadEpcs1(ref ColumnCursor body, int tags)
    {
        var previous = 0;
        for (var (i, end) = (0, 0); i < tags; i++)
        {
            var shared = body.Byte("shared prefix");
            previous = AddEpc(i, ref end, shared, previous, body.Bytes("EPC", body.Byte("EPC length")));
        }
    }

    static void ReadShorts(ref ColumnCursor body, Span<short> to)
    {
        var bytes = body.Bytes("16-bit values", to.Length * 2);
        for (var i = 0; i < to.Length; i++) to[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(i * 2)..]);
    }
}
