using System.Net;
using System.Text;
using EdgeTrace.Store.Readings;
using EdgeTrace.Store.Readings.Lines;

namespace EdgeTrace.Tests.Readings;

/// <summary>Lines as InfluxDB's reference writes them, and its answers as its versions give them.</summary>
public sealed class LineProtocolTests
{
    const long At = 1465839830100400200;

    public static TheoryData<string, Action<LineWriter>> Reference => new()
    {
        // docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference, its examples in order
        { "weather,location=us-midwest temperature=82 1465839830100400200", l => l.Point("weather").Tag("location", "us-midwest").Field("temperature", 82.0).At(At) },
        { "weather temperature=82 1465839830100400200", l => l.Point("weather").Field("temperature", 82.0).At(At) },
        { "weather,location=us-midwest,season=summer temperature=82 1465839830100400200", l => l.Point("weather").Tag("location", "us-midwest").Tag("season", "summer").Field("temperature", 82.0).At(At) },
        { "weather,location=us-midwest temperature=82,humidity=71 1465839830100400200", l => l.Point("weather").Tag("location", "us-midwest").Field("temperature", 82.0).Field("humidity", 71.0).At(At) },
        { "weather,location=us-midwest temperature=82i 1465839830100400200", l => l.Point("weather").Tag("location", "us-midwest").Field("temperature", 82).At(At) },
        { "weather,location=us-midwest temperature=\"too warm\" 1465839830100400200", l => l.Point("weather").Tag("location", "us-midwest").Field("temperature", "too warm").At(At) },
        { "weather,location=us\\,midwest temperature=82 1465839830100400200", l => l.Point("weather").Tag("location", "us,midwest").Field("temperature", 82.0).At(At) },
        { "weather,location=us-midwest temp\\=rature=82 1465839830100400200", l => l.Point("weather").Tag("location", "us-midwest").Field("temp=rature", 82.0).At(At) },
        { "weather,location\\ place=us-midwest temperature=82 1465839830100400200", l => l.Point("weather").Tag("location place", "us-midwest").Field("temperature", 82.0).At(At) },
        { "wea\\,ther,location=us-midwest temperature=82 1465839830100400200", l => l.Point("wea,ther").Tag("location", "us-midwest").Field("temperature", 82.0).At(At) },
        { "wea\\ ther,location=us-midwest temperature=82 1465839830100400200", l => l.Point("wea ther").Tag("location", "us-midwest").Field("temperature", 82.0).At(At) },
        { "weather,location=us-midwest temperature=\"too\\\"hot\\\"\" 1465839830100400200", l => l.Point("weather").Tag("location", "us-midwest").Field("temperature", "too\"hot\"").At(At) },
        { "weather,location=us-midwest temperature_str=\"too hot\\\\cold\" 1465839830100400200", l => l.Point("weather").Tag("location", "us-midwest").Field("temperature_str", "too hot\\cold").At(At) },
    };

    [Theory]
    [MemberData(nameof(Reference))]
    public void The_references_own_examples(string line, Action<LineWriter> write)
    {
        var lines = new LineWriter();
        write(lines);
        var body = lines.Take();
        Assert.Equal(line, body.Line(0));
        Assert.Equal(At, body.Time(0));
    }

    [Fact]
    public void What_the_protocol_cannot_say_never_breaks_a_line()
    {
        var lines = new LineWriter();
        lines.Point("sample").Tag("point", "ends in \\").Tag("empty", "").Tag("kind", "two\nlines\r").Field("text", "a\n\"b\" \\ \u0001é\ud83d\ude00\ud800").Field("celsius", -0.001).At(-5);
        var body = lines.Take();
        Assert.Equal("""sample,point=ends\ in\ /,kind=two\ lines\  text="a \"b\" \\  é😀�",celsius=-0.001 -5""", body.Line(0));
        Assert.Equal(1, Encoding.UTF8.GetString(body.Slice(0, 1).Span).Count(c => c == '\n'));
        Assert.Equal(0, lines.Count);
    }

    [Fact]
    public void Every_kind_of_value_for_each_kind_of_store()
    {
        var page = new ReadingsPage(
            [
                new("fridge-1", "temperature", 1_790_000_000_123_456_001, 4607, null, ""), new("fridge-1", "temperature", 1_790_000_001_000_000_000, null, null, "Vanished"),
                new("fridge-1", "door", 1_790_000_002_000_000_000, null, true, ""), new("fridge-1", "mains", 1_790_000_003_000_000_000, null, false, ""),
            ],
            [new("door-1", 1_790_000_000_000_001_002, "3034", 1_790_000_000_000_001, 1_790_000_000_900_000, 12, -5550, "in", "an-id")],
            [new("door-1", 1_790_000_000_000_001_007, 400, 12)], [new("door-1", 1_790_000_000_000_001_000, "3034", 2, -6025, 3, 1_790_000_000_000_009)], new(1, 1), 0);
        Assert.Equal(
            [
                "sample,point=fridge-1,kind=temperature celsius=4.607 1790000000123456001", "sample,point=fridge-1,kind=temperature fault=\"Vanished\" 1790000001000000000",
                "sample,point=fridge-1,kind=door state=1i 1790000002000000000", "sample,point=fridge-1,kind=mains state=0i 1790000003000000000",
                "portal_reads,portal=door-1 count=400i,tags=12i 1790000000000001007",
                "visit,portal=door-1 epc=\"3034\",first_us=1790000000000001i,last_us=1790000000900000i,count=12i,peak_dbm=-55.5,direction=\"in\",visit=\"an-id\" 1790000000000001002",
                "tag_read,portal=door-1,antenna=2 epc=\"3034\",rssi_dbm=-60.25,count=3i,last_us=1790000000000009i 1790000000000001000",
            ], Lines(LinePages.Write(page, LineKind.InfluxDb)));
        Assert.Equal(
            [
                "sample,point=fridge-1,kind=temperature celsius=4.607 1790000000123", "sample,point=fridge-1,kind=temperature fault=1i 1790000001000",
                "sample,point=fridge-1,kind=door state=1i 1790000002000", "sample,point=fridge-1,kind=mains state=0i 1790000003000",
                "portal_reads,portal=door-1 count=400i,tags=12i 1790000000000",
            ], Lines(LinePages.Write(page, LineKind.VictoriaMetrics)));
    }

    [Fact]
    public void Requests_are_bounded_in_lines_and_in_bytes()
    {
        StoredSample Of(string point, int i) => new(point, "temperature", i, 5000, null, "");
        var many = LinePages.Write(new([.. Enumerable.Range(0, 12_345).Select(i => Of("f", i))], [], [], [], default, 0), LineKind.InfluxDb);
        Assert.Equal([5000, 5000, 2345], many.Select(body => body.Count));
        var longs = LinePages.Write(new([.. Enumerable.Range(0, 3000).Select(i => Of(new('x', 1000), i))], [], [], [], default, 0), LineKind.InfluxDb);
        Assert.All(longs, body => Assert.InRange(body.Slice(0, body.Count).Length, 1, LinePages.BytesMax + 2000));
        Assert.Equal(3000, longs.Sum(body => body.Count));
        Assert.Empty(LinePages.Write(new([], [], [], [], default, 0), LineKind.InfluxDb));
    }

    public static TheoryData<string, int, string, bool, int[]> Answers => new()
    {
        // 1.6.7, as seen
        { "1.x, two of four unparsed", 400, """{"error":"partial write: unable to parse 'b': missing tag value\nunable to parse 'c d=': missing fields dropped=0"}""", true, [1, 2] },
        { "1.x, all unparsed", 400, """{"error":"unable to parse 'b': point is invalid"}""", false, [1] },
        { "1.x, a clash", 400, """{"error":"partial write: field type conflict: input field \"celsius\" on measurement \"sample\" is type float, already exists as type string dropped=1"}""", true, [0] },
        { "1.x, a clash of more lines than have the field", 400, """{"error":"partial write: field type conflict: input field \"celsius\" on measurement \"sample\" is type float, already exists as type string dropped=2"}""", true, [] },
        { "2.x, unparsed", 400, """{"code":"invalid","message":"unable to parse 'b': missing fields"}""", false, [1] },
        { "2.x, a clash", 422, """{"code":"unprocessable entity","message":"failure writing points to database: partial write: field type conflict: input field \"celsius\" on measurement \"sample\" is type float, already exists as type string dropped=1"}""", true, [0] },
        { "3.x, by number", 400, """{"error":"partial write of line protocol occurred","data":[{"original_line":"b","line_number":2,"error_message":"no fields"},{"line_number":99,"error_message":"x"}]}""", true, [1] },
        { "something else", 400, "<html>Bad Request</html>", false, [] },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Answers_that_name_lines_are_understood(string what, int status, string body, bool partial, int[] bad)
    {
        var lines = new LineBody("sample,point=a celsius=4.6 1\nb\nc d=\nsample,point=a state=1i 1\n"u8.ToArray(), [29, 31, 36, 61]);
        var answer = LineAnswer.Of((HttpStatusCode)status, null, body, lines, 0, 4);
        Assert.True(answer.Verdict == LineVerdict.Rejected, what);
        Assert.Equal(partial, answer.Partial);
        Assert.Equal(bad, answer.Bad!.Keys.Order());
    }

    [Fact]
    public void Lines_beyond_retention_are_counted_from_what_is_said()
    {
        var lines = new LineBody("a b=1 1\nc d=1 2\n"u8.ToArray(), [8, 16]);
        Assert.Equal(2, LineAnswer.Of(HttpStatusCode.BadRequest, null, """{"error":"partial write: points beyond retention policy dropped=2"}""", lines, 0, 2).Expired);
    }

    static IEnumerable<string> Lines(IEnumerable<LineBody> bodies) => bodies.SelectMany(body => Enumerable.Range(0, body.Count).Select(body.Line));
}
