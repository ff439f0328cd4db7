using System.Net.Http.Headers;
using EdgeTrace.Cloud.Doctor;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Store.Readings;
using EdgeTrace.Store.Readings.Lines;
using Microsoft.Extensions.Time.Testing;
using static EdgeTrace.Tests.Readings.ScriptedStore;

namespace EdgeTrace.Tests.Readings;

/// <summary>What a store elsewhere may do to us, and what comes of it: nothing is lost that could be written, and what could not is kept with its reason.</summary>
public sealed class LineStoreTests : IAsyncLifetime
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-lines-");
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 2, 0, 0, TimeSpan.Zero));
    ScriptedStore _server = null!;
    StoresFile _file = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedStore.StartAsync();
        _file = StoresFile.Open(Path.Combine(_folder.FullName, "stores.db"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _file.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(503, "7", "busy", 7)]
    [InlineData(429, "Wed, 25 Nov 2026 02:01:00 GMT", "busy", 60)]
    [InlineData(500, null, "failing", null)]
    [InlineData(504, null, "failing", null)]
    public async Task A_store_in_trouble_is_given_the_same_page_again_when_it_said(int status, string? retryAfter, string name, int? seconds)
    {
        using var store = Open();
        var page = Page(3);
        _server.Then(Say(status, "{\"error\":\"timeout\"}", retryAfter));
        var state = await WriteAsync(store, page);
        Assert.Equal((name, seconds), (state.Name, (int?)state.RetryAfter?.TotalSeconds));
        Assert.Contains($"{status} timeout", state.Reason, StringComparison.Ordinal);
        Assert.Equal(default, store.Cursor);
        Assert.Equal(StoreState.Fine, await WriteAsync(store, page));
        Assert.Equal(new(9, 0), store.Cursor);
        Assert.Equal(3, _server.Taken.Count);
    }

    [Fact]
    public async Task A_page_of_several_requests_goes_on_where_it_was_stopped()
    {
        using var store = Open();
        var page = Page(12_000);
        _server.Then(Say(204)).Then(Say(503)).Then(Say(204)).Then(Say(503));
        Assert.Equal("busy", (await WriteAsync(store, page)).Name);
        Assert.Equal("busy", (await WriteAsync(store, page)).Name);
        Assert.Equal(StoreState.Fine, await WriteAsync(store, page));
        Assert.Equal([5000, 5000, 5000, 2000, 2000], _server.Requests.Select(request => request.Lines.Length));
        Assert.Equal(12_000, _server.Taken.Distinct().Count());
        Assert.Equal(12_000, _server.Taken.Count);
    }

    [Theory]
    [InlineData(401, "TokenFile")]
    [InlineData(403, "TokenFile")]
    [InlineData(404, "CREATE DATABASE")]
    [InlineData(301, "correct Url")]
    [InlineData(405, "correct Url")]
    public async Task A_store_that_wants_something_changed_says_what_and_never_the_secret(int status, string remedy)
    {
        using var store = Open(credentials: () => new AuthenticationHeaderValue("Token", "hunter2"));
        _server.Then(Say(status, "{\"error\":\"no\"}"));
        var state = await WriteAsync(store, Page(3));
        Assert.Equal("refused", state.Name);
        Assert.Contains(remedy, state.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", state.ToString(), StringComparison.Ordinal);
        Assert.Equal("Token hunter2", _server.Requests.Single().Authorization);
        Assert.Equal(default, store.Cursor);
    }

    [Fact]
    public async Task A_token_that_cannot_be_read_is_a_refusal_and_a_token_that_is_changed_is_used()
    {
        var token = Path.Combine(_folder.FullName, "token");
        using var store = Open(credentials: () => new("Token", File.ReadAllText(token)));
        Assert.Contains("credentials cannot be read", (await WriteAsync(store, Page(1))).Reason, StringComparison.Ordinal);
        File.WriteAllText(token, "one");
        Assert.Equal(StoreState.Fine, await WriteAsync(store, Page(1)));
        File.WriteAllText(token, "two");
        Assert.Equal(StoreState.Fine, await WriteAsync(store, Page(1)));
        Assert.Equal(["Token one", "Token two"], _server.Requests.Select(request => request.Authorization));
        Assert.All(_server.Requests, request => Assert.Equal(("gzip", "/write?db=edge%20trace&precision=ns"), (request.Encoding, request.Target)));
    }

    [Fact]
    public async Task Wrong_lines_that_nobody_names_are_found_by_halves_and_the_rest_is_written()
    {
        using var store = Open();
        string[] poison = ["=1.017 ", "=1.5 ", "=1.501 ", "=1.999 "];
        bool Poisonous(string line) => poison.Any(part => line.Contains(part, StringComparison.Ordinal));
        _server.Otherwise = (context, lines) => Say(lines.Any(Poisonous) ? 400 : 204, "it will not have that")(context, lines);
        Assert.Equal(StoreState.Fine, await WriteAsync(store, Page(1000)));
        Assert.Equal(996, _server.Taken.Distinct().Count());
        var letters = _file.Letters("influxdb", 10);
        Assert.Equal(4, letters.Count);
        Assert.All(letters, letter => Assert.True(Poisonous(letter.Line) && letter.Reason == "400 it will not have that", letter.ToString()));
        Assert.InRange(_server.Requests.Count, 4, 80);
        Assert.EndsWith("does not have 4 lines it called wrong (the last: 400 it will not have that).", store.Missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_lines_that_are_named_cost_one_request_where_the_rest_was_written_and_one_more_where_nothing_was()
    {
        using var store = Open();
        _server.Then((context, lines) => Say(400, $"{{\"error\":\"partial write: unable to parse '{lines[1]}': bad dropped=0\"}}")(context, lines));
        Assert.Equal(StoreState.Fine, await WriteAsync(store, Page(5)));
        Assert.Single(_server.Requests);
        _server.Then((context, lines) => Say(400, $"{{\"code\":\"invalid\",\"message\":\"unable to parse '{lines[0]}': bad\\nunable to parse '{lines[3]}': worse\"}}")(context, lines));
        Assert.Equal(StoreState.Fine, await WriteAsync(store, Page(6)));
        Assert.Equal([5, 6, 2, 2], _server.Requests.Select(request => request.Lines.Length));
        Assert.Equal(["worse", "bad", "bad"], _file.Letters("influxdb", 10).OrderByDescending(letter => letter.Reason).Select(letter => letter.Reason));
    }

    [Fact]
    public async Task A_store_that_calls_every_line_wrong_is_refusing_and_nothing_is_thrown_away()
    {
        using var store = Open();
        _server.Otherwise = Say(400, "{\"error\":\"whatever\"}");
        foreach (var lines in (int[])[1, 5, 3000])
        {
            var state = await WriteAsync(store, Page(lines));
            Assert.Equal("refused", state.Name);
            Assert.Contains("takes no line at all: 400 whatever", state.Reason, StringComparison.Ordinal);
        }
        Assert.Empty(_file.Letters("influxdb", 10));
        Assert.InRange(_server.Requests.Count, 3, 200);
        _server.Otherwise = Say(204);
        Assert.Equal(StoreState.Fine, await WriteAsync(store, Page(5)));
        Assert.Equal("", store.Missing);
    }

    [Fact]
    public async Task A_request_that_is_too_long_is_sent_in_parts()
    {
        using var store = Open();
        _server.Otherwise = (context, lines) => Say(lines.Length > 100 ? 413 : 204, "too long")(context, lines);
        Assert.Equal(StoreState.Fine, await WriteAsync(store, Page(1000)));
        Assert.Equal(1000, _server.Taken.Distinct().Count());
        Assert.Equal("", store.Missing);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_away_after_half_a_minute()
    {
        using var store = Open();
        var asked = new TaskCompletionSource();
        _server.Then(async (context, _) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var writing = WriteAsync(store, Page(1));
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(31));
        var state = await writing;
        Assert.Equal(("away", $"InfluxDb at {_server.Url.ToString().TrimEnd('/')} does not answer: no answer in 30 s"), (state.Name, state.Reason));
    }

    [Fact]
    public async Task A_store_that_is_down_is_away_and_the_sentence_says_where()
    {
        using var store = Open();
        await _server.DisposeAsync();
        var state = await WriteAsync(store, Page(1));
        Assert.Equal("away", state.Name);
        Assert.Contains("Connection refused", state.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_dead_letters_are_kept_and_all_are_counted()
    {
        _file.Place("influxdb", default);
        for (var i = 0; i < 3; i++)
            _file.Move("influxdb", new(new(i, i), 0, 0, (i + 1) * 4000), [.. Enumerable.Range(0, 4000).Select(n => new DeadLetter($"line {i * 4000 + n}", "why"))], 1);
        var letters = _file.Letters("influxdb", int.MaxValue);
        Assert.Equal((StoresFile.LettersMax, "line 11999", "line 2000"), (letters.Count, letters[0].Line, letters[^1].Line));
        Assert.Equal(12_000, _file.Place("influxdb", default).RefusedLines);
    }

    [Fact]
    public async Task The_command_says_where_each_store_is_and_writes_one_again()
    {
        await using (var log = EdgeTrace.Store.Log.BatchLog.Open(_folder.FullName, _time, Microsoft.Extensions.Logging.Abstractions.NullLogger<EdgeTrace.Store.Log.BatchLog>.Instance))
        {
            _file.Place("influxdb", new(2, 0));
            _file.Move("influxdb", new(new(5, 1), 3, 2, 1), [new("a b=1 1", "400 no")], 1);
            var said = new StringWriter();
            StoresCommand.Run(_folder.FullName, 5, null, said);
            Assert.Equal("influxdb: at position 5 of 0; missed 3 batches, 2 lines older than it keeps, 1 it called wrong\n  400 no\n    a b=1 1\n", said.ToString());
            Assert.Contains("A cloud is running", Assert.Throws<InvalidDataException>(() => StoresCommand.Run(_folder.FullName, 5, "influxdb", said)).Message, StringComparison.Ordinal);
        }
        Assert.Contains("the names are influxdb.", Assert.Throws<InvalidDataException>(() => StoresCommand.Run(_folder.FullName, 5, "other", new StringWriter())).Message, StringComparison.Ordinal);
        StoresCommand.Run(_folder.FullName, 5, "influxdb", new StringWriter());
        Assert.Empty(_file.Letters("influxdb", 10));
        Assert.Equal(new(new(2, 0), 0, 0, 0), _file.Place("influxdb", new(2, 0)));
    }

    [Theory]
    [InlineData("-httpListenAddr=:8428\n", false, "runs without -dedup.minScrapeInterval=1ms, so a value that is written again after a broken connection counts twice, and without -retentionPeriod")]
    [InlineData("-dedup.minScrapeInterval=\"1ms\"\n", false, "runs without -retentionPeriod")]
    [InlineData("-dedup.minScrapeInterval=\"1ms\"\n-retentionPeriod=\"5y\"\n", true, "deduplication")]
    public async Task The_doctor_says_what_VictoriaMetrics_would_do_without_a_word(string flags, bool fine, string says)
    {
        _server.Then(Say(200, flags));
        var finding = Assert.Single(await new StoresCheck([new("vm", LineKind.VictoriaMetrics, _server.Url, "", "", "", false, () => null)]).LookAsync(TestContext.Current.CancellationToken));
        Assert.Equal(fine ? Verdict.Fine : Verdict.Warning, finding.Verdict);
        Assert.Contains(says, finding.Says, StringComparison.Ordinal);
        Assert.Equal("/flags", _server.Requests.Single().Target);
    }

    LineStore Open(Func<AuthenticationHeaderValue?>? credentials = null) =>
        new(new("influxdb", LineKind.InfluxDb, _server.Url, "edge trace", "", "", false, credentials ?? (() => null)), _file, default, _time);

    static Task<StoreState> WriteAsync(LineStore store, ReadingsPage page) => store.WriteAsync(page, TestContext.Current.CancellationToken);

    static ReadingsPage Page(int samples) =>
        new([.. Enumerable.Range(0, samples).Select(i => new StoredSample("fridge-1", "temperature", i, 1000 + i, null, ""))], [], [], [], new(9, 0), 0);
}
