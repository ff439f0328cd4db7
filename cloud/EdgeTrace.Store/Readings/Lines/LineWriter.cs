using System.Buffers;
using System.Globalization;
using System.Text;

namespace EdgeTrace.Store.Readings.Lines;

/// <summary>
/// Writes points in line protocol, as InfluxDB documents it
/// (docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference):
/// <code>
/// measurement,tag=value,tag=value field=1.5,field=7i,field="text" 1465839830100400200\n
/// </code>
/// </summary>
public sealed class LineWriter
{
    readonly ArrayBufferWriter<byte> _bytes = new(64 << 10);
    readonly List<int> _ends = [];
    bool _hasField;

    public int Count => _ends.Count;
    public int Bytes => _bytes.WrittenCount;

    /// <summary>Begins a point; tags come first, then at least one field, then <see cref="At"/>.</summary>
    public LineWriter Point(string measurement)
    {
        _hasField = false;
        Name(measurement, ", ");
        return this;
    }

    /// <summary>A tag with no value is left out: the protocol has no way to write one.</summary>
    public LineWriter Tag(string key, string value)
    {
        if (value.Length == 0) return this;
        Ascii(",");
        Name(key, ",= ");
        Ascii("=");
        Name(value, ",= ");
        return this;
    }

    public LineWriter Field(string key, long value) => Key(key).Ascii(value.ToString(CultureInfo.InvariantCulture)).Ascii("i");

    /// <summary>NaN and infinity have no form in the protocol: the caller leaves them out.</summary>
    public LineWriter Field(string key, double value) => Key(key).Ascii(value.ToString("R", CultureInfo.InvariantCulture));

    public LineWriter Field(string key, string value)
    {
        Key(key).Ascii("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\') Ascii("\\");
            Write(Rune.IsControl(rune) ? new(' ') : rune);
        }
        return Ascii("\"");
    }

    /// <summary>Ends the point; the unit is the request's <c>precision</c>.</summary>
    public void At(long time)
    {
        Ascii(" ").Ascii(time.ToString(CultureInfo.InvariantCulture)).Ascii("\n");
        _ends.Add(_bytes.WrittenCount);
    }

    /// <summary>What was written since the last body.</summary>
    public LineBody Take()
    {
        var body = new LineBody(_bytes.WrittenSpan.ToArray(), [.. _ends]);
        _bytes.ResetWrittenCount();
        _ends.Clear();
        return body;
    }

    LineWriter Key(string key)
    {
        Ascii(_hasField ? "," : " ");
        _hasField = true;
        Name(key, ",= ");
        return Ascii("=");
    }

    // A backslash escapes the delimiter after it and cannot itself be escaped in a name, and a line break ends the point whatever stands
    // before it: a name that ends in one would swallow what follows. Our words hold neither; a stranger's become "/" and a space.
    void Name(string name, string delimiters)
    {
        foreach (var rune in name.EnumerateRunes())
        {
            var letter = rune.Value == '\\' ? new Rune('/') : Rune.IsControl(rune) ? new(' ') : rune;
            if (letter.IsAscii && delimiters.Contains((char)letter.Value, StringComparison.Ordinal)) Ascii("\\");
            Write(letter);
        }
    }

    LineWriter Ascii(string text)
    {
        _bytes.Advance(Encoding.ASCII.GetBytes(text, _bytes.GetSpan(text.Length)));
        return this;
    }

    void Write(Rune rune) => _bytes.Advance(rune.EncodeToUtf8(_bytes.GetSpan(4)));
}

/// <summary>Whole lines, to be sent as one request or, where the store refuses some, in parts.</summary>
/// <param name="ends">Where each line ends, its line break included.</param>
public sealed class LineBody(byte[] bytes, int[] ends)
{
    public int Count => ends.Length;

    public ReadOnlyMemory<byte> Slice(int from, int to) => bytes.AsMemory(Start(from)..(to == 0 ? 0 : ends[to - 1]));

    /// <summary>One line, without its line break.</summary>
    public string Line(int line) => Encoding.UTF8.GetString(bytes, Start(line), ends[line] - 1 - Start(line));

    /// <summary>A line's time: what stands after its last space.</summary>
    public long Time(int line)
    {
        var text = bytes.AsSpan(Start(line)..(ends[line] - 1));
        return long.Parse(text[(text.LastIndexOf((byte)' ') + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    int Start(int line) => line == 0 ? 0 : ends[line - 1];
}
