using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;
using EdgeTrace.Store.Log;
using Google.Protobuf;

namespace EdgeTrace.Tests.Projections;

/// <summary>Two doors, a fridge and a scanner with a few minutes of events whose truth is known, cut into batches as one likes.</summary>
static class SmallHospital
{
    public const long StartUs = 1_790_000_000_000_000;
    public const long EndUs = StartUs + 400_000_000;
    public const string Gateway = "gw-1";

    /// <summary>SGTIN-96 of GTIN 10614141123459 (prefix 0614141), serials 1001 upward: TDS's own example with other serials.</summary>
    public static string Tag(int serial) => Convert.ToHexString(EdgeTrace.Identity.Gs1Tag.TryParse($"urn:epc:tag:sgtin-96:1.0614141.112345.{1000 + serial}", out var tag, out var error)
        ? tag.ToEpc().ToArray() : throw new InvalidOperationException(error));

    public const string Json = """
        { "trust":{"id":"demo-trust","name":"Demo Trust"}, "site":{"id":"st-elsewhere","name":"St Elsewhere","timeZone":"Europe/London"},
          "locations":[{"id":"store-1","name":"Store 1","kind":"store"},{"id":"store-2","name":"Store 2","kind":"store"},{"id":"corridor","name":"Corridor","kind":"corridor"},
                       {"id":"pharmacy","name":"Pharmacy","kind":"pharmacy"},{"id":"goods-in","name":"Goods in","kind":"goods-in"}],
          "portals":[{"id":"door-1","name":"Store 1 door","kind":"door","gateway":"gw-1","inside":"store-1","outside":"corridor","antennas":[{"antenna":1,"side":"outside"},{"antenna":2,"side":"inside"}]},
                     {"id":"door-2","name":"Store 2 door","kind":"door","gateway":"gw-1","inside":"store-2","outside":"corridor","antennas":[{"antenna":1,"side":"outside"},{"antenna":2,"side":"inside"}]}],
          "scanners":[{"id":"desk","name":"Goods-in desk","location":"goods-in","gateway":"gw-1"}],
          "points":[{"id":"fridge-1","name":"Vaccine fridge 1","location":"pharmacy","gateway":"gw-1","class":"fridge-2-8","every":"00:00:01","excursionDelay":"00:00:20","warnDelay":"00:00:10","silence":"00:00:30"}] }
        """;

    public static SiteModel Site { get; } = SiteModelFile.Read("site.json", Json);
    public static ItemNames Names { get; } = new(new([new("10614141123459", "Hip stem 44 mm", "Acme", "implants")]));

    /// <summary>Every batch of every stream in some order of arrival that keeps each stream's own order.</summary>
    public static List<LoggedBatch> Log(Random random)
    {
        var streams = new List<Queue<Batch>>
        {
            Cut(random, "reads/door-1", Reads(1), ReadsBody), Cut(random, "reads/door-2", Reads(2), ReadsBody),
            Cut(random, "samples/fridge-1", Samples(), SamplesBody), Cut(random, "alarms/fridge-1", Alarms(), AlarmsBody), Cut(random, "scans/desk", Scans(), ScansBody),
        };
        var log = new List<LoggedBatch>();
        while (streams.Where(s => s.Count > 0).ToList() is { Count: > 0 } left)
        {
            var batch = left[random.Next(left.Count)].Dequeue();
            log.Add(Logged(log.Count + 1, batch));
        }
        return log;
    }

    public static LoggedBatch Logged(long position, Batch batch) => new(
        position, new(batch.Header.Gateway, batch.Header.Stream, batch.Header.Epoch, batch.Header.Sequence), EndUs, null, batch.ToByteArray());

    public static Batch Reads(string portal, ulong sequence, params (long AtUs, ushort Antenna, string Epc)[] reads) =>
        ReadsBody($"reads/{portal}", sequence, [.. reads.Select(r => new Read(r.AtUs, r.Antenna, r.Epc))]);

    public static Batch Samples(string point, ulong sequence, params (long AtUs, double Celsius)[] samples) =>
        SamplesBody($"samples/{point}", sequence, [.. samples.Select(s => new Sample { TimeUs = s.AtUs, MilliCelsius = (int)(s.Celsius * 1000) })]);

    public static Batch Reads(string portal, ulong sequence, params Read[] reads) => ReadsBody($"reads/{portal}", sequence, [.. reads]);

    /// <param name="Tid">Empty: the chip did not tell it this time.</param>
    public record struct Read(long TimeUs, ushort Antenna, string Epc, string Tid = "");

    /// <summary>The chip of a tag. The tag with serial 0 was printed twice: its copy passes the second door.</summary>
    public static string Chip(int tag, int door) => $"E28011602000{(tag == 0 && door == 2 ? 999 : tag):D12}";

    /// <summary>Tags walking in at antenna 1 and out at antenna 2, or the other way, or along; each a second and a half long.</summary>
    static List<Read> Reads(int door)
    {
        var reads = new List<Read>();
        for (var walk = 0; walk < 12; walk++)
        {
            var at = StartUs + walk * 20_000_000L + door * 3_000_000;
            var (begin, end) = (walk % 4) switch { 0 or 3 => (1, 2), 1 => (2, 1), _ => (1, 1) };
            for (var i = 0; i < 24; i++)
                foreach (var tag in (int[])[walk % 5, 5 + walk % 3])
                    reads.Add(new(at + i * 60_000 + tag * 1_000, (ushort)(i < 12 ? begin : end), Tag(tag), i % 3 == 0 ? "" : Chip(tag, door)));
        }
        return [.. reads.OrderBy(r => r.TimeUs)];
    }

    static List<Sample> Samples() => [.. Enumerable.Range(0, 300).Select(i => new Sample
    {
        TimeUs = StartUs + i * 1_000_000L, MilliCelsius = i is >= 60 and < 150 ? 9_100 + i : 4_600 + i % 7,
    })];

    static List<LocalAlarm> Alarms() => [new() { Point = "fridge-1", Rule = "excursion-high", StartUs = StartUs + 60_000_000, RaisedUs = StartUs + 80_000_000, PeakMilliCelsius = 9_180 }];

    static List<Scan> Scans() =>
    [
        .. Enumerable.Range(0, 8).Select(i => new Scan
        {
            TimeUs = StartUs + i * 7_000_000L, Framing = "terminator",
            Raw = ByteString.CopyFrom(System.Text.Encoding.ASCII.GetBytes(i % 3 == 0 ? "]C1rubbish" : $"]d20110614141123459{(i % 2 == 0 ? $"21{1000 + i}" : "10LOT7")}")),
        }),
    ];

    static Queue<Batch> Cut<T>(Random random, string stream, List<T> events, Func<string, ulong, List<T>, Batch> body)
    {
        var batches = new Queue<Batch>();
        for (var at = 0; at < events.Count;)
        {
            var take = Math.Min(events.Count - at, 1 + random.Next(60));
            batches.Enqueue(body(stream, (ulong)batches.Count + 1, events.GetRange(at, take)));
            at += take;
        }
        return batches;
    }

    static Batch ReadsBody(string stream, ulong sequence, List<Read> reads)
    {
        var writer = new ReadColumnsWriter();
        foreach (var read in reads) writer.Add(new(read.TimeUs, read.Antenna, -5500), Convert.FromHexString(read.Epc), tid: Convert.FromHexString(read.Tid ?? ""));
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        writer.WriteTo(bytes);
        return With(stream, sequence, reads.Select(r => r.TimeUs), b => b.Reads = new() { Columns = ByteString.CopyFrom(bytes.WrittenSpan) });
    }

    static Batch SamplesBody(string stream, ulong sequence, List<Sample> samples) => With(stream, sequence, samples.Select(s => s.TimeUs), b => b.Samples = new() { Samples = { samples } });
    static Batch AlarmsBody(string stream, ulong sequence, List<LocalAlarm> alarms) => With(stream, sequence, alarms.Select(s => s.RaisedUs), b => b.Alarms = new() { Alarms = { alarms } });
    /// <summary>Scans of the desk as a batch.</summary>
    public static Batch Scanned(ulong sequence, params (long AtUs, string Raw)[] scans) => ScansBody("scans/desk", sequence,
        [.. scans.Select(scan => new Scan { TimeUs = scan.AtUs, Framing = "terminator", Raw = ByteString.CopyFrom(System.Text.Encoding.Latin1.GetBytes(scan.Raw)) })]);

    static Batch ScansBody(string stream, ulong sequence, List<Scan> scans) => With(stream, sequence, scans.Select(s => s.TimeUs), b => b.Scans = new() { Scans = { scans } });

    static Batch With(string stream, ulong sequence, IEnumerable<long> times, Action<Batch> body)
    {
        var all = times.ToList();
        var batch = new Batch
        {
            Header = new()
            {
                Gateway = Gateway, Stream = stream, Epoch = 7, Sequence = sequence, Boot = "boot", FirstUs = all.Min(), LastUs = all.Max(), ThroughUs = all.Max(),
                Readings = (uint)all.Count, TimeQuality = TimeQuality.Ntp,
            },
        };
        body(batch);
        return batch;
    }
}
