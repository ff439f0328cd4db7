namespace EdgeTrace.Store.Readings.Lines;

/// <summary>What a server of line protocol can keep.</summary>
public enum LineKind
{
    /// <summary>Nanoseconds, numbers and strings.</summary>
    InfluxDb,

    /// <summary>Milliseconds and numbers. It answers 204 to a string and keeps a number it never was (version 1.79: "3034" as 3034, "open" as 0).</summary>
    VictoriaMetrics,
}

/// <summary>
/// Pages as lines. Every time of <see cref="LineKind.InfluxDb"/> is unique in its series, so that writing a page again overwrites it:
/// <code>
/// sample,point=P,kind=K       celsius=4.6 | state=1i | fault="Vanished"                              µs·1000 + ordinal
/// visit,portal=P              epc="…",first_us=…i,last_us=…i,count=…i,peak_dbm=-55.5,direction="in",visit="…"
/// portal_reads,portal=P       count=…i,tags=…i       (a batch's reads in a minute: sum them)
/// tag_read,portal=P,antenna=A epc="…",rssi_dbm=-55.5,count=…i,last_us=…i                             (RawReads)
/// </code>
/// </summary>
public static class LinePages
{
    /// <summary>InfluxDB's own advice is 5,000 to 10,000 lines a request.</summary>
    public const int LinesMax = 5000;

    /// <summary>Before gzip; InfluxDB 1.x takes 25 MB, and a request this size is written in well under its 10 s.</summary>
    public const int BytesMax = 1 << 20;

    public static IReadOnlyList<LineBody> Write(ReadingsPage page, LineKind kind)
    {
        var (lines, bodies) = (new LineWriter(), new List<LineBody>());
        void Take(bool last = false)
        {
            if (lines.Count > 0 && (last || lines.Count >= LinesMax || lines.Bytes >= BytesMax)) bodies.Add(lines.Take());
        }
        foreach (var sample in page.Samples)
        {
            Write(sample, kind, lines);
            Take();
        }
        foreach (var count in page.Counts)
        {
            lines.Point("portal_reads").Tag("portal", count.Portal).Field("count", count.Reads).Field("tags", count.Tags).At(Time(count.Ns, kind));
            Take();
        }
        if (kind == LineKind.InfluxDb)
        {
            foreach (var visit in page.Visits)
            {
                lines.Point("visit").Tag("portal", visit.Portal).Field("epc", visit.Epc).Field("first_us", visit.FirstUs).Field("last_us", visit.LastUs).Field("count", visit.Count)
                    .Field("peak_dbm", visit.PeakCentiDbm / 100.0).Field("direction", visit.Direction).Field("visit", visit.Visit).At(visit.Ns);
                Take();
            }
            foreach (var read in page.Reads)
            {
                lines.Point("tag_read").Tag("portal", read.Portal).Tag("antenna", read.Antenna.ToString(System.Globalization.CultureInfo.InvariantCulture))
                    .Field("epc", read.Epc).Field("rssi_dbm", read.RssiCentiDbm / 100.0).Field("count", read.Singulations).Field("last_us", read.LastUs).At(read.Ns);
                Take();
            }
        }
        Take(last: true);
        return bodies;
    }

    static void Write(StoredSample sample, LineKind kind, LineWriter lines)
    {
        lines.Point("sample").Tag("point", sample.Point).Tag("kind", sample.Kind);
        if (sample.MilliCelsius is { } milli) lines.Field("celsius", milli / 1000.0);
        else if (sample.Fault.Length > 0 && kind == LineKind.InfluxDb) lines.Field("fault", sample.Fault);
        else if (sample.Fault.Length > 0) lines.Field("fault", 1);   // that there is no value; the word would be kept as a 0
        else lines.Field("state", sample.On == true ? 1 : 0);
        lines.At(Time(sample.Ns, kind));
    }

    static long Time(long ns, LineKind kind) => kind == LineKind.VictoriaMetrics ? ns / 1_000_000 : ns;
}
