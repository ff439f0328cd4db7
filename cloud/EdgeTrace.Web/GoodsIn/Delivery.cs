using System.Text.Json;
using EdgeTrace.Api;
using EdgeTrace.Web.Live;

namespace EdgeTrace.Web.GoodsIn;

/// <summary>
/// A delivery as it is scanned: codes are taken in their order, put together to labels, and each whole label is booked in by an act of its own. What
/// cannot be sent waits here and is sent again with the same id, so that it is done once.
/// </summary>
sealed class Delivery(SiteClient client, Action changed)
{
    /// <summary>A code that waits, with when it was scanned and by which scan of the feed.</summary>
    readonly record struct Scanned(string Code, DateTimeOffset At, string? Scan);

    readonly Queue<Scanned> _waiting = new();
    readonly List<DeliveryLine> _lines = [];
    readonly List<string> _open = [];
    string? _refused;
    bool _working;
    StockAct? _unsent;
    DeliveryLine? _unsentOf;

    public string Place { get; set; } = "";
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

    /// <summary>Codes that wait for the server.</summary>
    public int Waiting => _waiting.Count + (_unsent is null ? 0 : 1);

    public Task TakeAsync(string code, DateTimeOffset at, string? scan = null)
    {
        _waiting.Enqueue(new(code, at, scan));
        return WorkAsync();
    }

    /// <summary>Sends what waits; does nothing while it is at it already.</summary>
    public async Task WorkAsync()
    {
        if (_working)
            return;
        _working = true;
        try
        {
            if (_unsent is { } act)
                await SendAsync(_unsentOf!, act);
            while (_waiting.TryPeek(out var next))
            {
                await ReadAsync(next);
                _waiting.Dequeue();
                changed();
            }
        }
        catch (Exception trouble) when (trouble is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            Tell("The server does not answer. Go on scanning: what you scan is kept here and sent when it does.", trouble: true);
        }
        finally
        {
            _working = false;
            changed();
        }
    }

    async Task ReadAsync(Scanned scan)
    {
        // A code that was refused because it belongs to something else begins that something when it is scanned once more.
        if (_refused == scan.Code)
            Leave();
        _refused = null;
        var codes = _open.Append(scan.Code).ToList();
        LabelView label;
        try
        {
            label = await client.LabelAsync(codes, CancellationToken.None);
        }
        catch (RefusedException why)
        {
            Refuse([scan.Code], Nothing(why.Message), why.Message);
            return;
        }
        switch (label.Outcome)
        {
            case "complete":
                Close();
                await BookAsync(codes, label, scan);
                break;
            case "open":
                (Open, _) = (label, Add(scan.Code));
                Tell(label.Says);
                break;
            case "repeated" or "noise":
                Tell(label.Says);
                break;
            case "other-product" or "other-item":
                _refused = scan.Code;
                Tell(label.Says, trouble: true);
                break;
            default:
                Refuse([scan.Code], label, label.Says);
                break;
        }
    }

    /// <summary>The label has no more codes: it is booked in by what it said.</summary>
    public async Task GoOnAsync(DateTimeOffset at)
    {
        if (Open is not { } label)
            return;
        var codes = _open.ToList();
        Close();
        if (label.Key is null)
            Refuse(codes, label, "The label does not say what it is: put it aside, or type its number.");
        else
            await TryAsync(() => BookAsync(codes, label, new("", at, null)));
    }

    /// <summary>The open label is put aside.</summary>
    public void Leave()
    {
        if (Open is { } label)
            Refuse([.. _open], label, "Put aside: its label was not complete.");
        Close();
        changed();
    }

    async Task BookAsync(IReadOnlyList<string> codes, LabelView label, Scanned scan)
    {
        // A lot that is scanned again is one piece more of it.
        var line = label.IsLot ? _lines.Find(earlier => earlier.Label.Key == label.Key && earlier.CanUndo) : null;
        if (line is null)
            _lines.Insert(0, line = new(codes, label));
        await SendAsync(line, Act(line, scan.Scan ?? Guid.NewGuid().ToString(), label.IsLot ? 1 : null, scan.At, scan.Scan));
    }

    StockAct Act(DeliveryLine line, string id, int? pieces, DateTimeOffset at, string? scan = null) =>
        new(id, "received", [new(line.Codes[0], pieces, More: line.Codes.Count > 1 ? [.. line.Codes.Skip(1)] : null, Scan: scan)])
        {
            Place = Place, At = at, Order = Text(Order), DespatchAdvice = Text(DespatchAdvice),
        };

    async Task SendAsync(DeliveryLine line, StockAct act)
    {
        (_unsent, _unsentOf) = (act, line);
        LineOutcome outcome;
        try
        {
            outcome = (await client.ActAsync(act, CancellationToken.None)).Lines[0];
        }
        catch (RefusedException why)
        {
            outcome = new(act.Lines[0].Code, null, null, "refused", [new("refused", why.Message, true)]);
        }
        (_unsent, _unsentOf) = (null, null);
        line.Says = [.. outcome.Says.Select(says => says.Says)];
        if (outcome.Outcome == "done")
        {
            line.Acts.Add(act.Id);
            line.Pieces += act.Lines[0].Quantity ?? 0;
        }
        line.State = outcome switch
        {
            { Outcome: "done" } => outcome.Says.Any(says => says.Says.Contains("on hold", StringComparison.Ordinal)) ? LineState.Held : LineState.Done,
            // The scanner books in by itself: this very scan was there before the page had asked.
            { Outcome: "already", Says: [] } => LineState.Done,
            { Outcome: "already" } => LineState.Already,
            _ => line.Acts.Count > 0 ? LineState.Done : LineState.Refused,
        };
        Tell($"{line.Badge.Word}: {line.Name}{(line.Label.IsLot ? $", {line.Pieces} pieces" : "")}. {string.Join(" ", line.Says)}", trouble: line.State is LineState.Held or LineState.Refused or LineState.Already);
    }

    /// <summary>Everything that this line booked in is declared wrong, what a rule said of it too.</summary>
    public Task UndoAsync(DeliveryLine line) => TryAsync(async () =>
    {
        await TakeBackAsync(line, "Booked in by mistake");
        (line.State, line.Says, line.Pieces) = (LineState.Undone, [], 0);
        Tell($"Taken back: {line.Name}.");
    });

    /// <summary>So many pieces in all: more are booked in beside those that are; fewer are booked in anew.</summary>
    public Task CountAsync(DeliveryLine line, int pieces, DateTimeOffset at) => TryAsync(async () =>
    {
        if (pieces < 1 || pieces == line.Pieces)
            return;
        if (pieces < line.Pieces)
        {
            await TakeBackAsync(line, $"{line.Pieces} pieces were booked in, there are {pieces}");
            line.Pieces = 0;
        }
        await SendAsync(line, Act(line, Guid.NewGuid().ToString(), pieces - line.Pieces, at));
    });

    async Task TakeBackAsync(DeliveryLine line, string reason)
    {
        var story = await client.StoryAsync(line.Label.Key!, CancellationToken.None);
        foreach (var entry in story.Entries.Where(entry => entry.Wrong is null && line.Acts.Contains(entry.Act)))
            await client.DeclareWrongAsync("event", entry.Id, new(reason), CancellationToken.None);
        line.Acts.Clear();
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
        catch (Exception trouble) when (trouble is HttpRequestException or OperationCanceledException or IOException or JsonException or NotKnownException)
        {
            Tell("The server does not answer; nothing was changed there. Try again in a moment.", trouble: true);
        }
        changed();
    }

    /// <summary>The next delivery: what is booked in stays so.</summary>
    public void Clear()
    {
        _lines.Clear();
        Close();
        Tell("");
    }

    void Refuse(IReadOnlyList<string> codes, LabelView label, string why)
    {
        _lines.Insert(0, new(codes, label) { State = LineState.Refused, Says = [why] });
        Tell(why, trouble: true);
    }

    int Add(string code)
    {
        _open.Add(code);
        return _open.Count;
    }

    void Close()
    {
        _open.Clear();
        (Open, _refused) = (null, null);
    }

    void Tell(string says, bool trouble = false) => (Says, IsTrouble) = (says, trouble);

    static LabelView Nothing(string why) => new("unreadable", null, false, null, null, null, null, null, null, why);

    static string? Text(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}
