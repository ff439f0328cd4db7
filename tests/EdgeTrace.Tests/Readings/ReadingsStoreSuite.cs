using System.Globalization;
using EdgeTrace.Cloud.Doctor;
using EdgeTrace.Store.Readings;
using EdgeTrace.Store.Readings.Lines;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Tests.Readings;

/// <summary>One value as a store gave it back.</summary>
public sealed record Kept(string Series, long Time, string Value);

/// <summary>What every readings store must do, run against each with its real server; what was written is read back in the store's own query language.</summary>
public abstract class ReadingsStoreSuite : IDisposable
{
    static readonly long s_startUs = 1_790_000_000_000_000;
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-readings-");

    /// <summary>A word of this test's own, so that tests share a server and no series.</summary>
    protected string Own { get; } = "t" + Guid.NewGuid().ToString("N")[..8];
    protected string Folder => _folder.FullName;

    /// <summary>The store, its cursor kept under a name: under another one it begins again.</summary>
    protected abstract Task<IReadingsStore> OpenAsync(string name = "first");

    /// <summary>What of a page this store keeps; of several values with one series and time, any one.</summary>
    protected abstract IEnumerable<Kept> Keeps(ReadingsPage page);

    protected abstract Task<IEnumerable<Kept>> ReadBackAsync();

    public virtual void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_written_is_read_back_and_the_cursor_stands_where_the_page_ends()
    {
        using (var store = await OpenAsync() as IDisposable)
        {
            var readings = (IReadingsStore)store!;
            Assert.Equal(default, readings.Cursor);
            Assert.Equal(StoreState.Fine, await readings.WriteAsync(Page(1), TestContext.Current.CancellationToken));
            Assert.Equal(new(10, 20), readings.Cursor);
            Assert.Equal("", readings.Missing);
        }
        using var again = await OpenAsync() as IDisposable;
        Assert.Equal(new(10, 20), ((IReadingsStore)again!).Cursor);
        await AssertKeptAsync(Page(1));
    }

    [Fact]
    public async Task A_page_written_again_whole_or_in_other_parts_changes_nothing()
    {
        var page = Page(2);
        foreach (var (name, parts) in new[] { ("first", 1), ("second", 1), ("third", 7) })
        {
            using var store = await OpenAsync(name) as IDisposable;
            foreach (var part in Cut(page, parts)) Assert.Equal(StoreState.Fine, await ((IReadingsStore)store!).WriteAsync(part, TestContext.Current.CancellationToken));
        }
        await AssertKeptAsync(page);
    }

    [Fact]
    public async Task More_than_one_request_holds_is_all_there()
    {
        var page = Page(3, samples: 12_000);
        using var store = await OpenAsync() as IDisposable;
        Assert.Equal(StoreState.Fine, await ((IReadingsStore)store!).WriteAsync(page, TestContext.Current.CancellationToken));
        await AssertKeptAsync(page);
    }

    /// <summary>How fast each store is caught up: <c>EdgeTrace.Tests --explicit only --filter-class '*ReadingsTests' --show-live-output on</c>.</summary>
    [Fact(Explicit = true)]
    public async Task Half_a_million_samples_timed()
    {
        const int Samples = 500_000;
        using var store = await OpenAsync() as IDisposable;
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var (began, processor) = (TimeProvider.System.GetTimestamp(), process.TotalProcessorTime);
        for (var at = 0; at < Samples; at += 5000)
        {
            var page = Enumerable.Range(at, 5000).Select(i => new StoredSample($"{Own}-{i % 20}", "temperature", (s_startUs + i / 20 * 1_000_000L) * 1000, 4000 + i * 7919 % 2000, null, ""));
            Assert.Equal(StoreState.Fine, await ((IReadingsStore)store!).WriteAsync(new([.. page], [], [], [], new(at + 5000, 0), 0), TestContext.Current.CancellationToken));
        }
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        process.Refresh();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{GetType().Name}: {Samples / seconds:N0} samples/s, {(process.TotalProcessorTime - processor).TotalMicroseconds / Samples:0.0} µs of our processor time each"));
    }

    async Task AssertKeptAsync(ReadingsPage page)
    {
        var expected = Keeps(page).ToLookup(kept => (kept.Series, kept.Time), kept => kept.Value);
        Assert.NotEmpty(expected);
        var kept = (await ReadBackAsync()).ToList();
        Assert.Equal(expected.Select(each => each.Key).Order(), kept.Select(each => (each.Series, each.Time)).Order());
        Assert.All(kept, each => Assert.Contains(each.Value, expected[(each.Series, each.Time)]));
    }

    protected static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A fridge that also fails and has a door, samples and visits in one microsecond, and a minute of reads.</summary>
    ReadingsPage Page(int seed, int samples = 200)
    {
        var random = new Random(seed);
        var (values, visits) = (new List<StoredSample>(), new List<StoredVisit>());
        for (var i = 0; i < samples; i++)
        {
            var ns = (s_startUs + i * 1_000_003L) * 1000;
            values.Add(i % 17 == 0 ? new(Own, "temperature", ns, null, null, "Vanished") : new(Own, "temperature", ns, random.Next(-30_000, 40_000), null, ""));
            if (i % 5 == 0) values.Add(new(Own, "door", ns, null, i % 2 == 0, ""));
            if (i % 31 == 1) values.Add(new(Own, "temperature", ns + 1, random.Next(8000), null, ""));   // the same µs, one more
        }
        for (var i = 0; i < 40; i++)
        {
            var (firstUs, id) = (s_startUs + i / 4 * 777_777L, new Guid(i, 0, 0, new byte[8]));
            visits.Add(new(Own, firstUs * 1000 + i % 4, $"3034257BF46DB6400000{i:X4}", firstUs, firstUs + i, 3 + i, -5500 - i, i % 2 == 0 ? "in" : "unknown", id.ToString()));
        }
        var counts = Enumerable.Range(0, 50).Select(i => new StoredCount(Own, (s_startUs + i * 1_200_000L) * 1000 + i, 1 + random.Next(1000), 1 + random.Next(60))).ToList();
        var reads = Enumerable.Range(0, 300).Select(i => new StoredRead(Own, (s_startUs + i / 3 * 7_919L) * 1000 + i % 3, $"3034257BF46DB6400000{i:X4}", 1 + i % 3 % 2, -5000 - i, 1 + i % 4, s_startUs + i)).ToList();
        return new(values, visits, counts, reads, new(10, 20), 0);
    }

    static IEnumerable<ReadingsPage> Cut(ReadingsPage page, int parts) => Enumerable.Range(0, parts).Select(n => new ReadingsPage(
        Part(page.Samples, n, parts), Part(page.Visits, n, parts), Part(page.Counts, n, parts), Part(page.Reads, n, parts), new(n + 1, n + 1), 0));

    static List<T> Part<T>(IReadOnlyList<T> all, int n, int parts) => [.. all.Skip(all.Count * n / parts).Take(all.Count * (n + 1) / parts - all.Count * n / parts)];
}

public sealed class EmbeddedReadingsTests : ReadingsStoreSuite
{
    string File => Path.Combine(Folder, "readings.db");

    protected override Task<IReadingsStore> OpenAsync(string name = "first") => Task.FromResult<IReadingsStore>(ReadingsStore.Open(File));

    protected override IEnumerable<Kept> Keeps(ReadingsPage page) =>
    [
        .. page.Samples.Select(s => new Kept($"{s.Point}|{s.Kind}", s.Ns, $"{s.MilliCelsius}|{s.On}|{s.Fault}")),
        .. page.Visits.Select(v => new Kept(v.Portal, v.Ns, $"{v.Epc}|{v.FirstUs}|{v.LastUs}|{v.Count}|{v.PeakCentiDbm}|{v.Direction}|{v.Visit}")),
    ];

    protected override async Task<IEnumerable<Kept>> ReadBackAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var ask = connection.CreateCommand();
        ask.CommandText = """
            SELECT point || '|' || kind, ns, coalesce(milli_celsius, '') || '|' || CASE state WHEN 1 THEN 'True' WHEN 0 THEN 'False' ELSE '' END || '|' || fault FROM samples
            UNION ALL SELECT portal, ns, epc || '|' || first_us || '|' || last_us || '|' || count || '|' || peak_centi_dbm || '|' || direction || '|' || visit FROM visits
            """;
        await using var rows = await ask.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var kept = new List<Kept>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken)) kept.Add(new(rows.GetString(0), rows.GetInt64(1), rows.GetString(2)));
        return kept;
    }
}

public sealed class InfluxReadingsTests(InfluxServer server) : ReadingsStoreSuite, IClassFixture<InfluxServer>
{
    readonly List<StoresFile> _files = [];

    protected override async Task<IReadingsStore> OpenAsync(string name = "first")
    {
        await server.AskAsync("", $"CREATE DATABASE \"{Own}\"");
        _files.Add(StoresFile.Open(Path.Combine(Folder, "stores.db")));
        return new LineStore(new(name, LineKind.InfluxDb, server.Url, Own, "", "", RawReads: true, () => null), _files[^1], default, TimeProvider.System);
    }

    protected override IEnumerable<Kept> Keeps(ReadingsPage page) =>
    [
        .. page.Samples.Select(s => new Kept($"sample|{s.Point}|{s.Kind}", s.Ns, $"{(s.MilliCelsius is { } milli ? Number(milli / 1000.0) : "")}|{(s.On is { } on ? on ? 1 : 0 : "")}|{s.Fault}")),
        .. page.Visits.Select(v => new Kept($"visit|{v.Portal}", v.Ns, $"{v.Epc}|{v.FirstUs}|{v.LastUs}|{v.Count}|{Number(v.PeakCentiDbm / 100.0)}|{v.Direction}|{v.Visit}")),
        .. page.Counts.Select(c => new Kept($"portal_reads|{c.Portal}", c.Ns, $"{c.Reads}|{c.Tags}")),
        .. page.Reads.Select(r => new Kept($"tag_read|{r.Portal}|{r.Antenna}", r.Ns, $"{r.Epc}|{Number(r.RssiCentiDbm / 100.0)}|{r.Singulations}|{r.LastUs}")),
    ];

    protected override async Task<IEnumerable<Kept>> ReadBackAsync()
    {
        async Task<IEnumerable<Kept>> All(string measurement, string[] tags, params string[] fields) =>
            (await server.AskAsync(Own, $"SELECT * FROM {measurement}")).Select(row => new Kept(
                $"{measurement}|{string.Join('|', tags.Select(tag => row[tag]))}", row["time"].GetInt64(), string.Join('|', fields.Select(field => row[field]))));
        return
        [
            .. await All("sample", ["point", "kind"], "celsius", "state", "fault"),
            .. await All("visit", ["portal"], "epc", "first_us", "last_us", "count", "peak_dbm", "direction", "visit"),
            .. await All("portal_reads", ["portal"], "count", "tags"),
            .. await All("tag_read", ["portal", "antenna"], "epc", "rssi_dbm", "count", "last_us"),
        ];
    }

    public override void Dispose()
    {
        foreach (var file in _files) file.Dispose();
        base.Dispose();
    }

    [Fact]
    public async Task Lines_older_than_the_store_keeps_are_counted_and_the_rest_is_written()
    {
        var store = (LineStore)await OpenAsync();
        using var held = store;
        await server.AskAsync(Own, $"ALTER RETENTION POLICY \"autogen\" ON \"{Own}\" DURATION 24h SHARD DURATION 1h");
        var nowNs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        StoredSample At(long ns) => new(Own, "temperature", ns, 5000, null, "");
        var state = await store.WriteAsync(new([At(nowNs), At(nowNs - 100 * 3_600_000_000_000), At(nowNs - 1), At(1)], [], [], [], new(3, 0), 0), TestContext.Current.CancellationToken);
        Assert.Equal(StoreState.Fine, state);
        Assert.Equal($"InfluxDb at {server.Url.ToString().TrimEnd('/')} does not have 2 lines older than it keeps.", store.Missing);
        Assert.Equal(2, (await server.AskAsync(Own, "SELECT celsius FROM sample")).Count);
    }

    [Fact]
    public async Task A_field_that_is_of_another_type_there_costs_its_lines_and_no_others()
    {
        using var store = (LineStore)await OpenAsync();
        using (var http = new HttpClient()) await http.PostAsync($"{server.Url}write?db={Own}", new StringContent($"sample,point=x celsius=\"warm\" {s_startNs}"), TestContext.Current.CancellationToken);
        var page = new ReadingsPage(
            [new(Own, "temperature", s_startNs, 5000, null, ""), new(Own, "door", s_startNs, null, true, "")], [], [new(Own, s_startNs, 7, 1)], [], new(1, 1), 0);
        Assert.Equal(StoreState.Fine, await store.WriteAsync(page, TestContext.Current.CancellationToken));
        var letter = Assert.Single(_files[^1].Letters("first", 10));
        Assert.Equal($"sample,point={Own},kind=temperature celsius=5 {s_startNs}", letter.Line);
        Assert.Contains("is type float, already exists as type string", letter.Reason, StringComparison.Ordinal);
        Assert.Equal(7, Assert.Single(await server.AskAsync(Own, "SELECT count FROM portal_reads"))["count"].GetInt32());
        Assert.Equal(1, Assert.Single(await server.AskAsync(Own, "SELECT state FROM sample"))["state"].GetInt32());
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_refused_with_what_to_do_and_nothing_is_lost()
    {
        using var file = StoresFile.Open(Path.Combine(Folder, "other.db"));
        using var store = new LineStore(new("influxdb", LineKind.InfluxDb, server.Url, Own, "", "", false, () => null), file, default, TimeProvider.System);
        var page = new ReadingsPage([new(Own, "temperature", s_startNs, 5000, null, "")], [], [], [], new(1, 1), 0);
        var state = await store.WriteAsync(page, TestContext.Current.CancellationToken);
        Assert.Equal(("refused", default), (state.Name, store.Cursor));
        Assert.Contains("database not found", state.Reason, StringComparison.Ordinal);
        Assert.Contains($"CREATE DATABASE \"{Own}\"", state.Remedy, StringComparison.Ordinal);
        await server.AskAsync("", $"CREATE DATABASE \"{Own}\"");
        Assert.Equal(StoreState.Fine, await store.WriteAsync(page, TestContext.Current.CancellationToken));
        Assert.Single(await server.AskAsync(Own, "SELECT celsius FROM sample"));
    }

    [Fact]
    public async Task Nasty_words_break_no_line_and_come_back_as_they_were_written()
    {
        string[] words = ["a b", "a,b", "a=b", "\"quoted\"", "'single'", "#", "ends in \\", "\\,", "\\ =", "two\nlines\r\n", "\t", "é😀", "=", ",", " ", "a\\\\", "1i", "-", "%", "\0"];
        using var _ = (IDisposable)await OpenAsync();
        var lines = new LineWriter();
        foreach (var (i, word) in words.Index()) lines.Point("na sty,").Tag("the ,=word", word).Field("the ,=text", word).At(s_startNs + i);
        var body = lines.Take();
        using var http = new HttpClient();
        using var answer = await http.PostAsync($"{server.Url}write?db={Own}", new ByteArrayContent(body.Slice(0, body.Count).ToArray()), TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var rows = (await server.AskAsync(Own, "SELECT * FROM \"na sty,\"")).Select(row => (row["time"].GetInt64() - s_startNs, row["the ,=word"].GetString(), row["the ,=text"].GetString())).Order();
        static string Spaced(string word) => string.Concat(word.EnumerateRunes().Select(rune => System.Text.Rune.IsControl(rune) ? " " : rune.ToString()));
        Assert.Equal(words.Index().Select(word => ((long)word.Index, (string?)Spaced(word.Item).Replace('\\', '/'), (string?)Spaced(word.Item))), rows);
    }

    const long s_startNs = 1_790_000_000_000_000_000;
}

public sealed class VictoriaReadingsTests(VictoriaServer server) : ReadingsStoreSuite, IClassFixture<VictoriaServer>
{
    readonly List<StoresFile> _files = [];

    protected override Task<IReadingsStore> OpenAsync(string name = "first")
    {
        _files.Add(StoresFile.Open(Path.Combine(Folder, "stores.db")));
        return Task.FromResult<IReadingsStore>(new LineStore(new(name, LineKind.VictoriaMetrics, server.Url, "", "", "", false, () => null), _files[^1], default, TimeProvider.System));
    }

    [Fact]
    public async Task The_doctor_is_content_with_its_flags()
    {
        var finding = Assert.Single(await new StoresCheck([new("vm", LineKind.VictoriaMetrics, server.Url, "", "", "", false, () => null)]).LookAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("store vm", Verdict.Fine), (finding.Name, finding.Verdict));
    }

    /// <summary>Numbers by the millisecond: of samples of one millisecond it keeps one.</summary>
    protected override IEnumerable<Kept> Keeps(ReadingsPage page) =>
    [
        .. page.Samples.Select(s => new Kept(
            s.MilliCelsius is not null ? $"sample_celsius|{s.Point}|{s.Kind}" : s.Fault.Length > 0 ? $"sample_fault|{s.Point}|{s.Kind}" : $"sample_state|{s.Point}|{s.Kind}",
            s.Ns / 1_000_000, s.MilliCelsius is { } milli ? Number(milli / 1000.0) : s.Fault.Length > 0 || s.On == true ? "1" : "0")),
        .. page.Counts.SelectMany(c => new[] { new Kept($"portal_reads_count|{c.Portal}", c.Ns / 1_000_000, Number(c.Reads)), new Kept($"portal_reads_tags|{c.Portal}", c.Ns / 1_000_000, Number(c.Tags)) }),
    ];

    protected override async Task<IEnumerable<Kept>> ReadBackAsync() =>
    [
        .. (await server.ExportAsync($"{{__name__=~\"sample_.*\",point=\"{Own}\"}}", "point", "kind")).Select(v => new Kept(v.Series, v.Ms, Number(v.Value))),
        .. (await server.ExportAsync($"{{__name__=~\"portal_reads_.*\",portal=\"{Own}\"}}", "portal")).Select(v => new Kept(v.Series, v.Ms, Number(v.Value))),
    ];

    public override void Dispose()
    {
        foreach (var file in _files) file.Dispose();
        base.Dispose();
    }
}
