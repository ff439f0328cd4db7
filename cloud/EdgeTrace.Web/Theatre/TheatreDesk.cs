using System.Text.Json;
using EdgeTrace.Api;
using EdgeTrace.Web.Accounts;
using EdgeTrace.Web.Frame;
using EdgeTrace.Web.Live;

namespace EdgeTrace.Web.Theatre;

/// <summary>A scan or an act that the server has not answered yet; kept in the browser's storage, so that a reload loses nothing.</summary>
/// <param name="Shown">What a person recognises it by; never a patient's number.</param>
/// <param name="Of">Of an act: the scan it is about.</param>
/// <param name="Offline">A sending has failed: it was done without the checks.</param>
public sealed record Untold(string Id, TheatreScan? Scan, TheatreAct? Act, DateTimeOffset At, string Shown, string? Of = null, bool Offline = false);

/// <summary>
/// What happens at a theatre's terminal: each scan and act goes into the queue first and leaves it with its answer, in order. Without a link they stay, and are judged when it is back.
/// </summary>
sealed class TheatreDesk(TheatreClient client, Browser browser, LiveSite live, Me me, TimeProvider time)
{
    /// <summary>The live feed brings what gateways had kept: a scan of an hour ago is nobody's next step.</summary>
    static readonly TimeSpan FreshMax = TimeSpan.FromSeconds(60);

    /// <summary>How long the next scan may be another code of the same label.</summary>
    static readonly TimeSpan LabelOpen = TimeSpan.FromSeconds(30);

    readonly KeptQueue<Untold> _queue = new(browser, "theatre-queue", TheatreJson.Default.ListUntold);
    bool _sending;
    DateTimeOffset _answeredAt;

    public event Action? Changed;

    public TheatreDay? Day { get; private set; }

    /// <summary>False: only the room is known, from before the link went.</summary>
    public bool HasList { get; private set; }

    /// <summary>The case that is worked on.</summary>
    public CaseView? Case { get; private set; }

    /// <summary>What was said last; null before the first scan, and while the newest is not answered.</summary>
    public TheatreAnswer? Answer { get; private set; }

    /// <summary>Why the newest thing was not taken at all.</summary>
    public string Refused { get; private set; } = "";

    public IReadOnlyList<Untold> Queue => _queue.All;

    public bool IsKept => _queue.IsKept;

    /// <summary>The newest sending failed.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>How many were told afterwards, since the link came back.</summary>
    public int ToldLate { get; private set; }

    public async Task BeginAsync()
    {
        if (await _queue.BeginAsync())
        {
            IsCutOff = _queue.Count > 0;
            live.Arrived += Hear;
            live.Changed += Try;
            live.Loaded += () => _ = OpenAsync(Day?.Place);
        }
        await OpenAsync(Day?.Place ?? await browser.RecallAsync("theatre-room"));
    }

    /// <summary>Opens a room's list; without a link the one from before stays.</summary>
    public async Task OpenAsync(string? room)
    {
        try
        {
            var day = await client.DayAsync(room);
            // A hospital with one theatre needs no choice.
            if (day is { Place: null, Rooms: [var only] }) day = await client.DayAsync(only.Id);
            if (Day?.Place != day.Place) (Case, Answer) = (null, null);
            Day = day;
            Case = Case is { } open ? day.Cases.FirstOrDefault(c => c.Id == open.Id) ?? open : day.Cases.FirstOrDefault(c => c.State == "open");
            HasList = true;
            await browser.RememberAsync("theatre-room", day.Place ?? "");
            await browser.RememberAsync("theatre-room-name", day.PlaceName ?? "");
        }
        catch (RefusedException refused)
        {
            Refused = refused.Message;
        }
        catch (Exception trouble) when (IsOutOfReach(trouble))
        {
            // A page that opens without a link still takes scans for the room it was in.
            if (Day is null && room is { Length: > 0 }) Day = new(room, await browser.RecallAsync("theatre-room-name") ?? room, default, [], [], []);
            else if (Day is null) Refused = "The list cannot be fetched: the server does not answer.";
        }
        Changed?.Invoke();
        Try();
    }

    public void Choose(CaseView of)
    {
        (Case, Answer, Refused) = (of, null, "");
        Changed?.Invoke();
    }

    /// <summary>The same label judged again, with what a person has seen: there is no serial on it.</summary>
    public Task NoSerialAsync(TheatreAnswer of)
    {
        var scan = new TheatreScan(Guid.NewGuid().ToString(), Day?.Place, null, null, Case?.Id, of.Id, time.GetUtcNow(), NoSerial: true);
        return TellAsync(new(scan.Id!, scan, null, scan.At!.Value, $"{of.Name?.Name}: no serial on the label"));
    }

    public Task ScanAsync(string code, string? feed = null, DateTimeOffset? at = null)
    {
        var after = Answer is { Kind: "component", Wants: not null } before && time.GetUtcNow() - _answeredAt < LabelOpen ? before.Id : null;
        var scan = new TheatreScan(feed ?? Guid.NewGuid().ToString(), Day?.Place, feed is null ? code : null, feed, IsOpen(Case) ? Case!.Id : null, after, at ?? time.GetUtcNow());
        return TellAsync(new(scan.Id!, scan, null, scan.At!.Value, IsWristband(code) ? "A wristband" : Printable(code)));
    }

    public Task ActAsync(string kind, string? scan, string shown, bool? seal = null, string? reason = null, string? second = null)
    {
        var act = new TheatreAct(Guid.NewGuid().ToString(), kind, scan is null ? Case?.Id : null, scan, seal, reason, second, time.GetUtcNow());
        return TellAsync(new(act.Id!, null, act, act.At!.Value, shown, scan));
    }

    async Task TellAsync(Untold untold)
    {
        (Answer, Refused, ToldLate) = (null, _queue.IsFull ? $"{untold.Shown} was not taken: {KeptQueue<Untold>.Max} scans and acts wait here already. Write it down, and bring this terminal to where it has a connection." : "", 0);
        if (!_queue.IsFull) await _queue.AddAsync(untold);
        Changed?.Invoke();
        await SendAsync();
    }

    void Try()
    {
        if (_queue.Count > 0 && live.Link != LinkState.Lost) _ = SendAsync();
    }

    async Task SendAsync()
    {
        // Whoever has taken this terminal over and does not work in theatre sends nothing in somebody else's place: it waits for who does.
        if (_sending || !me.May(Permission.Theatre) || Day?.Place is null && Queue.All(each => each.Scan?.Place is null && each.Act is null)) return;
        _sending = true;
        try
        {
            while (_queue.Count > 0 && await SendAsync(Queue[0])) Changed?.Invoke();
        }
        finally
        {
            _sending = false;
        }
        Changed?.Invoke();
    }

    /// <summary>False: it must wait, and so must all behind it.</summary>
    async Task<bool> SendAsync(Untold next)
    {
        try
        {
            var answer = await client.TellAsync(next.Scan is null ? "acts" : "scans", Json(next));
            // Of what is told late the red stays on the screen, whatever came after it.
            var stays = next.Offline && Answer is { Colour: "red" } && answer.Colour != "red";
            (Answer, Refused, IsCutOff, _answeredAt) = (stays ? Answer! with { Case = answer.Case } : answer, "", false, time.GetUtcNow());
            if (next.Offline) ToldLate++;
            if (answer.Case is { } of) Show(of);
        }
        catch (RefusedException refused)
        {
            (Answer, Refused) = (null, refused.Message);
        }
        catch (HttpRequestException nobody) when (nobody.StatusCode == System.Net.HttpStatusCode.Unauthorized)
        {
            Refused = "Nobody is signed in here. Sign in: what was scanned is kept, and goes on by itself.";
            return false;
        }
        catch (Exception trouble) when (IsOutOfReach(trouble))
        {
            IsCutOff = true;
            await _queue.ChangeAsync(each => each with { Offline = true });
            return false;
        }
        await _queue.RemoveAsync(next);
        return true;
    }

    string Json(Untold one) => one.Scan is { } scan
        ? JsonSerializer.Serialize(scan with { Place = scan.Place ?? Day?.Place, Offline = one.Offline }, TheatreJson.Default.TheatreScan)
        : JsonSerializer.Serialize(one.Act! with { Offline = one.Offline }, TheatreJson.Default.TheatreAct);

    void Show(CaseView of)
    {
        Case = of;
        if (Day is { } day) Day = day with { Cases = [.. day.Cases.Select(c => c.Id == of.Id ? of : c)] };
    }

    /// <summary>A scanner on the room's gateway: its scans are this room's. Two tablets in one room send the same id, and it is there once.</summary>
    void Hear(FeedEvent news)
    {
        if (news.Scan is { } scan && Day is { Place: not null } day && day.Scanners.Contains(scan.Scanner) && live.Now - scan.At < FreshMax) _ = ScanAsync(scan.Raw, feed: scan.Id, at: scan.At);
    }

    static bool IsOpen(CaseView? of) => of is { State: "listed" or "open" };

    static bool IsOutOfReach(Exception trouble) => trouble is HttpRequestException or OperationCanceledException or IOException or JsonException;

    static bool IsWristband(string code) => code.Contains("8018", StringComparison.Ordinal) || code.Count(char.IsAsciiDigit) == 10 && code.All(c => char.IsAsciiDigit(c) || c is ' ' or '-');

    static string Printable(string code) => string.Concat(code.Take(60).Select(c => char.IsControl(c) ? '·' : c));
}
