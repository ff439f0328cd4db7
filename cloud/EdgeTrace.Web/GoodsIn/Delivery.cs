using System.Text.Json;
using EdgeTrace.Api;
using EdgeTrace.Web.Accounts;
using EdgeTrace.Web.Frame;
using EdgeTrace.Web.Live;

namespace EdgeTrace.Web.GoodsIn;

/// <summary>Something of a delivery that is not booked in yet.</summary>
/// <param name="Id">Drawn when it was scanned: the id of the act that books it in, however often that is sent. Of a scan of the live feed it is the scan's, as the server's own desk has it.</param>
/// <param name="Codes">The code that was scanned; none: somebody says that the label has no more; all of the label's where <paramref name="Pieces"/> says how many more of it there are.</param>
public sealed record Unbooked(string Id, IReadOnlyList<string> Codes, DateTimeOffset At, string Place, string? Order, string? DespatchAdvice, string? Scan = null, int? Pieces = null);

/// <summary>
/// A delivery as it is scanned: codes are taken in their order, put together to labels, and each whole label is booked in by an act of its own. What is not
/// booked in yet is kept in this terminal, through a reload too, and is sent until it is answered; the codes of a label that is not whole stay at the head.
/// </summary>
sealed class Delivery(SiteClient client, Browser browser, LiveSite live, Me me)
{
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    readonly KeptQueue<Unbooked> _kept = new(browser, "goods-queue", ApiJson.Default.ListUnbooked);
    readonly List<DeliveryLine> _lines = [];
    int _openCodes;
    string? _refused;
    bool _working;
    DateTimeOffset _triedAt;

    public event Action? Changed;

    /// <summary>Where it comes in; empty: nobody has said yet, and what is scanned waits for it.</summary>
    public string Place { get; private set; } = "";
    public string? Order { get; set; }
    public string? DespatchAdvice { get; set; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<DeliveryLine> Lines => _lines;

    /// <summary>The label whose codes are still being scanned.</summary>
    public LabelView? Open { get; private set; }

    /// <summary>What to do next.</summary>
    public string Says { get; private set; } = "";

    /// <summary>The newest scan wants a person's eye.</summary>
    public bool IsTrouble { get; private set; }

    /// <summary>The server did not answer the newest sending.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>What waits for the server, oldest first.</summary>
    public IReadOnlyList<Unbooked> Waiting => [.. _kept.All.Skip(_openCodes)];

    public bool IsKept => _kept.IsKept;

    public async Task BeginAsync()
    {
        if (!await _kept.BeginAsync())
            return;
        live.Changed += Retry;
        await WorkAsync();
    }

    public Task MoveAsync(string place)
    {
        Place = place;
        return WorkAsync();
    }

    /// <summary>A code as it was scanned; of a scan of the live feed with its id.</summary>
    public Task TakeAsync(string code, DateTimeOffset at, string? scan = null) => AddAsync(new(scan ?? Guid.NewGuid().ToString(), [code], at, Place, Text(Order), Text(DespatchAdvice), scan));

    /// <summary>The label has no more codes: it is booked in by what it said.</summary>
    public Task GoOnAsync(DateTimeOffset at) => AddAsync(new(Guid.NewGuid().ToString(), [], at, Place, Text(Order), Text(DespatchAdvice)));

    async Task AddAsync(Unbooked one)
    {
        if (_kept.IsFull)
            Tell($"Not taken: {KeptQueue<Unbooked>.Max} scans wait here already. Write it down, and bring this terminal to where it has a connection.", trouble: true);
        else
            await _kept.AddAsync(one);
        await WorkAsync();
    }

    void Retry()
    {
        if (_kept.Count == _openCodes || live.Link != LinkState.Live || live.Now - _triedAt < RetryAfter)
            return;
        _triedAt = live.Now;
        _ = WorkAsync();
    }

    /// <summary>Sends what waits; does nothing while it is at it already.</summary>
    async Task WorkAsync()
    {
        // Whoever has taken this terminal over and may not do it sends nothing in somebody else's place: it waits for who may.
        if (_working || !me.May(Permission.HandleStock))
            return;
        _working = true;
        Changed?.Invoke();
        try
        {
            while (_kept.Count > _openCodes && PlaceOf(_kept.All[_openCodes]).Length > 0)
            {
                await DoAsync(_kept.All[_openCodes]);
                Changed?.Invoke();
            }
        }
        catch (Exception trouble) when (IsOutOfReach(trouble))
        {
            Tell("The server does not answer. Go on scanning: what you scan is kept here, and booked in when it does.");
            IsCutOff = true;
        }
        finally
        {
            _working = false;
            Changed?.Invoke();
        }
    }

    string PlaceOf(Unbooked one) => one.Place.Length > 0 ? one.Place : Place;

    async Task DoAsync(Unbooked next)
    {
        // A code that was refused because it belongs to something else begins that something when it is scanned once more.
        if (next.Codes is [var again] && again == _refused)
            await PutAsideAsync();
        _refused = null;
        var isWhole = next.Codes.Count == 0 || next.Pieces is not null;
        IReadOnlyList<string> codes = next.Pieces is not null ? next.Codes : [.. OpenCodes, .. next.Codes];
        if (codes.Count > 0)
        {
            LabelView label;
            try
            {
                label = await client.LabelAsync(codes, CancellationToken.None);
            }
            catch (RefusedException why)
            {
                label = Nothing(why.Message);
            }
            await TakeAsync(next, codes, isWhole ? label with { Outcome = label.Key is null ? "nameless" : "complete" } : label);
        }
        else
            await _kept.RemoveAsync(next);
    }

    async Task TakeAsync(Unbooked next, IReadOnlyList<string> codes, LabelView label)
    {
        switch (label.Outcome)
        {
            case "complete":
                await BookAsync(next, codes, label);
                await (next.Pieces is null ? CloseAsync(next) : _kept.RemoveAsync(next));
                return;
            case "open":
                (Open, _openCodes) = (label, _openCodes + 1);
                Tell(label.Says);
                return;
            case "nameless":
                Refuse(codes, label, "The label does not say what it is: put it aside, or type its number.");
                await CloseAsync(next);
                return;
            case "repeated" or "noise":
                Tell(label.Says);
                break;
            case "other-product" or "other-item":
                _refused = next.Codes[0];
                Tell(label.Says, trouble: true);
                break;
            default:
                Refuse(next.Codes, label, label.Says);
                break;
        }
        await _kept.RemoveAsync(next);
    }

    async Task BookAsync(Unbooked next, IReadOnlyList<string> codes, LabelView label)
    {
        // A lot that is scanned again is one piece more of it; what is sent again has its line already.
        var line = _lines.Find(earlier => earlier.Id == next.Id) ?? (label.IsLot ? _lines.Find(earlier => earlier.Label.Key == label.Key && (earlier.CanUndo || next.Pieces is not null)) : null);
        if (line is null)
            _lines.Insert(0, line = new(next.Id, codes, label));
        var act = new StockAct(next.Id, "received", [new(codes[0], next.Pieces ?? (label.IsLot ? 1 : null), More: codes.Count > 1 ? [.. codes.Skip(1)] : null, Scan: next.Scan)])
        {
            Place = PlaceOf(next), At = next.At, Order = next.Order, DespatchAdvice = next.DespatchAdvice,
        };
        LineOutcome outcome;
        try
        {
            outcome = (await client.ActAsync(act, CancellationToken.None)).Lines[0];
        }
        catch (RefusedException why)
        {
            outcome = new(act.Lines[0].Code, null, null, "refused", [new("refused", why.Message, true)]);
        }
        line.Take(act, outcome);
        Tell($"{line.Badge.Word}: {line.Name}{(line.Label.IsLot ? $", {line.Pieces} pieces" : "")}. {string.Join(" ", line.Says)}", trouble: line.State is LineState.Held or LineState.Refused or LineState.Already);
    }

    /// <summary>Everything that this line booked in is declared wrong, what a rule said of it too.</summary>
    public Task UndoAsync(DeliveryLine line) => TryAsync(async () =>
    {
        await TakeBackAsync(line, "Booked in by mistake");
        (line.State, line.Says) = (LineState.Undone, []);
        Tell($"Taken back: {line.Name}.");
    });

    /// <summary>So many pieces in all: more are booked in beside those that are; fewer are booked in anew.</summary>
    public Task CountAsync(DeliveryLine line, int pieces, DateTimeOffset at) => TryAsync(async () =>
    {
        if (pieces < 1 || pieces == line.Pieces)
            return;
        if (pieces < line.Pieces)
            await TakeBackAsync(line, $"{line.Pieces} pieces were booked in, there are {pieces}");
        await AddAsync(new(Guid.NewGuid().ToString(), line.Codes, at, Place, Text(Order), Text(DespatchAdvice), Pieces: pieces - line.Pieces));
    });

    async Task TakeBackAsync(DeliveryLine line, string reason)
    {
        var story = await client.StoryAsync(line.Label.Key!, CancellationToken.None);
        foreach (var entry in story.Entries.Where(entry => entry.Wrong is null && line.Acts.Contains(entry.Act)))
            await client.DeclareWrongAsync("event", entry.Id, new(reason), CancellationToken.None);
        line.Acts.Clear();
        line.Pieces = 0;
    }

    async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (RefusedException why)
        {
            Tell(why.Message, trouble: true);
        }
        catch (Exception trouble) when (IsOutOfReach(trouble))
        {
            Tell("The server does not answer; nothing was changed there. Try again in a moment.", trouble: true);
        }
        Changed?.Invoke();
    }

    /// <summary>The open label is put aside.</summary>
    public async Task LeaveAsync()
    {
        // What is being sent belongs to it, perhaps.
        if (_working)
            return;
        await PutAsideAsync();
        Changed?.Invoke();
    }

    /// <summary>The next delivery: what is booked in stays so, and what waits is still booked in.</summary>
    public async Task ClearAsync()
    {
        if (_working)
            return;
        _lines.Clear();
        (Order, DespatchAdvice) = (null, null);
        await CloseAsync();
        Tell("");
        Changed?.Invoke();
    }

    async Task PutAsideAsync()
    {
        if (Open is { } label)
            Refuse(OpenCodes, label, "Put aside: its label was not complete.");
        await CloseAsync();
    }

    /// <summary>The label's codes are no longer waited with.</summary>
    /// <param name="last">What completed it.</param>
    Task CloseAsync(params IReadOnlyList<Unbooked> last)
    {
        var closed = _kept.All.Take(_openCodes).Concat(last).ToList();
        (Open, _openCodes, _refused) = (null, 0, null);
        return _kept.RemoveAsync(closed);
    }

    IReadOnlyList<string> OpenCodes => [.. _kept.All.Take(_openCodes).Select(scan => scan.Codes[0])];

    void Refuse(IReadOnlyList<string> codes, LabelView label, string why)
    {
        _lines.Insert(0, new(Guid.NewGuid().ToString(), codes, label) { State = LineState.Refused, Says = [why] });
        Tell(why, trouble: true);
    }

    void Tell(string says, bool trouble = false) => (Says, IsTrouble, IsCutOff) = (says, trouble, false);

    static LabelView Nothing(string why) => new("unreadable", null, false, null, null, null, null, null, null, why);

    static bool IsOutOfReach(Exception trouble) => trouble is HttpRequestException or OperationCanceledException or IOException or JsonException or NotKnownException;

    static string? Text(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}
