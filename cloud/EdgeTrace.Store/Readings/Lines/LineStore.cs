using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using EdgeTrace.Store.Log;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Readings.Lines;

/// <summary>
/// InfluxDB or VictoriaMetrics over HTTP. A page goes out in requests of bounded size; what the store calls wrong is found, kept as a dead
/// letter and stepped over; where the store is away or refuses everything, the page waits and goes on where it stopped.
/// </summary>
public sealed class LineStore : IReadingsStore, IDisposable
{
    /// <summary>Three times InfluxDB's own limit for a write (coordinator.write-timeout, 10 s).</summary>
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);
    static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(5);

    /// <summary>InfluxDB repeats every wrong line in its answer: a whole request of them, and a little more.</summary>
    const int AnswerBytesMax = 2 * LinePages.BytesMax;

    /// <summary>So many single lines refused without a word about which, and none taken, is no poison in the lines but a store that takes none.</summary>
    const int RefusedMax = 64;

    readonly LineTarget _target;
    readonly StoresFile _file;
    readonly TimeProvider _time;
    readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,   // a redirected POST becomes a GET, which would be answered with success
        ConnectTimeout = ConnectMax,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),   // a name that moves is looked up again
    }) { Timeout = Timeout.InfiniteTimeSpan };

    readonly Stack<Part> _unsent = [];
    readonly List<DeadLetter> _letters = [];
    ReadingsPage? _page;
    StorePlace _place;
    string _newestReason = "";
    int _taken;
    int _unnamed;
    int _expired;

    /// <param name="beginning">Where a store that is new begins.</param>
    public LineStore(LineTarget target, StoresFile file, ReadingsCursor beginning, TimeProvider time)
    {
        (_target, _file, _time) = (target, file, time);
        _place = file.Place(target.Name, beginning);
        if (_place.RefusedLines > 0 && file.Letters(target.Name, 1) is [var newest]) _newestReason = newest.Reason;
    }

    /// <summary>Lines <paramref name="From"/> up to, without, <paramref name="To"/>.</summary>
    readonly record struct Part(LineBody Body, int From, int To)
    {
        public int Count => To - From;
    }

    public string Name => _target.Name;
    public ReadDetail Detail => _target.RawReads ? ReadDetail.Reads : ReadDetail.Counts;
    public ReadingsCursor Cursor => _place.Cursor;

    /// <summary>The cursor, and what it will never have, by number.</summary>
    public StorePlace Place => _place;

    public string Missing
    {
        get
        {
            var place = _place;
            string[] missing =
            [
                .. place.MissedBatches > 0 ? [$"{place.MissedBatches} batches that the log let go while it was away"] : Array.Empty<string>(),
                .. place.ExpiredLines > 0 ? [$"{place.ExpiredLines} lines older than it keeps"] : Array.Empty<string>(),
                .. place.RefusedLines > 0 ? [$"{place.RefusedLines} lines it called wrong (the last: {_newestReason})"] : Array.Empty<string>(),
            ];
            return missing.Length == 0 ? "" : $"{_target.Where} does not have {string.Join("; ", missing)}.";
        }
    }

    public async Task<StoreState> WriteAsync(ReadingsPage page, CancellationToken cancellation)
    {
        if (!ReferenceEquals(page, _page)) Begin(page);
        while (_unsent.TryPeek(out var part))
        {
            var (answer, state) = await SendAsync(part, cancellation);
            if (answer is null) return state!;
            _unsent.Pop();
            if (Understand(part, answer) is not { } waits) continue;
            if (waits.Name == "refused") Forget();
            else _unsent.Push(part);
            return waits;
        }
        return Move(page);
    }

    public void Dispose() => _http.Dispose();

    void Begin(ReadingsPage page)
    {
        Forget();
        _page = page;
        foreach (var body in LinePages.Write(page, _target.Kind).Reverse()) _unsent.Push(new(body, 0, body.Count));
    }

    void Forget()
    {
        (_page, _taken, _unnamed, _expired) = (null, 0, 0, 0);
        _unsent.Clear();
        _letters.Clear();
    }

    /// <summary>Null when the part is done, or has become smaller parts; else what is in the way of all of it.</summary>
    StoreState? Understand(Part part, LineAnswer answer)
    {
        switch (answer.Verdict)
        {
            case LineVerdict.Taken:
                _taken++;
                return null;
            case LineVerdict.Busy:
                return new("busy", $"{_target.Where} asks for fewer requests: {answer.Said}", "Wait; if it stays so, it has too little memory or disk for what is written to it.", answer.RetryAfter);
            case LineVerdict.Failing:
                return new("failing", $"{_target.Where} cannot write: {answer.Said}", "Look at its log and at its disk; copying goes on by itself.", answer.RetryAfter);
            case LineVerdict.TooLong:
                SplitOrBury(part, $"too long for the store: {answer.Said}");
                break;
            case LineVerdict.Rejected when answer.Expired > 0:
                _expired += answer.Expired;
                _taken++;
                return null;
            case LineVerdict.Rejected when answer.Bad is { Count: > 0 } bad:
                foreach (var line in bad.Keys) _letters.Add(new(part.Body.Line(line), bad[line]));
                if (answer.Partial) _taken++;
                else PushWithout(bad, part);
                return null;
            case LineVerdict.Rejected:
                SplitOrBury(part, answer.Said);
                break;
            default:
                return new("refused", $"{_target.Where} takes nothing: {answer.Said}", answer.Said.StartsWith("401", StringComparison.Ordinal) || answer.Said.StartsWith("403", StringComparison.Ordinal)
                    ? "Check TokenFile, or UserName and PasswordFile, in ReadingsStores, and that they may write there." : _target.NameRemedy);
        }
        return _taken == 0 && (_unnamed >= RefusedMax || (_unnamed > 0 && _unsent.Count == 0))
            ? new("refused", $"{_target.Where} takes no line at all: {answer.Said}", _target.NameRemedy)
            : null;
    }

    // Where the store does not say which line is wrong, halves say it; what is written twice on the way overwrites itself.
    void SplitOrBury(Part part, string why)
    {
        if (part.Count == 1)
        {
            _letters.Add(new(part.Body.Line(part.From), why));
            _unnamed++;
            return;
        }
        var middle = part.From + part.Count / 2;
        _unsent.Push(part with { From = middle });
        _unsent.Push(part with { To = middle });
    }

    void PushWithout(IReadOnlyDictionary<int, string> bad, Part part)
    {
        var to = part.To;
        for (var line = part.To - 1; line >= part.From - 1; line--)
        {
            if (line >= part.From && !bad.ContainsKey(line)) continue;
            if (line + 1 < to) _unsent.Push(part with { From = line + 1, To = to });
            to = line;
        }
    }

    StoreState Move(ReadingsPage page)
    {
        var to = new StorePlace(page.To, _place.MissedBatches + page.MissedBatches, _place.ExpiredLines + _expired, _place.RefusedLines + _letters.Count);
        try
        {
            _file.Move(Name, to, _letters, _time.GetUtcNow().ToUnixTimeMicroseconds());
        }
        catch (SqliteException error)
        {
            return new("waiting", $"stores.db cannot be written: {error.Message}", "Look at the disk of Cloud.DataDirectory.");
        }
        if (_letters is [.., var newest]) _newestReason = newest.Reason;
        _place = to;
        Forget();
        return StoreState.Fine;
    }

    async Task<(LineAnswer? Answer, StoreState? State)> SendAsync(Part part, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(AnswerMax, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _target.WriteAddress) { Content = Compressed(part.Body.Slice(part.From, part.To)) };
            request.Headers.Authorization = _target.Credentials();
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var said = await ReadAsync(response.Content, either.Token);
            return (LineAnswer.Of(response.StatusCode, Wait(response.Headers.RetryAfter), said, part.Body, part.From, part.To), null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, Away(patience.IsCancellationRequested ? $"no answer in {AnswerMax.TotalSeconds:0} s" : $"no connection in {ConnectMax.TotalSeconds:0} s"));
        }
        catch (HttpRequestException error)
        {
            return (null, Away(error.GetBaseException().Message));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error is HttpIOException
                ? (null, Away(error.Message))
                : (null, new("refused", $"{_target.Where} is not asked: its credentials cannot be read ({error.Message})", "Put the token or password in a file that this account can read."));
        }
    }

    StoreState Away(string why) => new("away", $"{_target.Where} does not answer: {why}", "Start it, or correct Url in ReadingsStores; it catches up by itself.");

    TimeSpan? Wait(RetryConditionHeaderValue? asked) => asked?.Delta ?? (asked?.Date is { } date ? date - _time.GetUtcNow() : null);

    static ByteArrayContent Compressed(ReadOnlyMemory<byte> lines)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(lines.Span);
        var content = new ByteArrayContent(compressed.GetBuffer(), 0, (int)compressed.Length);
        content.Headers.ContentType = new("text/plain") { CharSet = "utf-8" };
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var bytes = new byte[4096];
        var read = 0;
        while (await stream.ReadAsync(bytes.AsMemory(read), cancellation) is > 0 and var more)
        {
            if ((read += more) < bytes.Length) continue;
            if (bytes.Length >= AnswerBytesMax) break;
            Array.Resize(ref bytes, bytes.Length * 4);
        }
        return Encoding.UTF8.GetString(bytes, 0, read);
    }
}
