using EdgeTrace.Api;

namespace EdgeTrace.Web.GoodsIn;

/// <summary>How a label of a delivery stands.</summary>
enum LineState
{
    /// <summary>On its way to the server, or waiting for a connection.</summary>
    Waiting,
    Done,

    /// <summary>Booked in, and a rule has put it on hold.</summary>
    Held,
    Already,
    Refused,
    Undone,
}

/// <summary>One label of a delivery and what became of it.</summary>
/// <param name="id">The act's that first booked it in.</param>
sealed class DeliveryLine(string id, IReadOnlyList<string> codes, LabelView label)
{
    public string Id => id;
    public IReadOnlyList<string> Codes { get; } = codes;
    public LabelView Label { get; } = label;
    public LineState State { get; set; } = LineState.Waiting;
    public IReadOnlyList<string> Says { get; set; } = [];

    /// <summary>Of a lot: how many are booked in by this line.</summary>
    public int Pieces { get; set; }

    /// <summary>The acts that did it, for whoever takes them back.</summary>
    public List<string> Acts { get; } = [];

    public string Name => Label.Name?.Name ?? "Not read";
    public bool CanUndo => Acts.Count > 0 && State is LineState.Done or LineState.Held;

    /// <summary>What the server said of an act of this line.</summary>
    public void Take(StockAct act, LineOutcome outcome)
    {
        // Sent twice, or the scanner's own desk was faster: this very act is done, and what a rule said of it then comes with the answer.
        var isDone = outcome.Outcome == "done" || outcome.Outcome == "already" && outcome.Says.All(says => says.Code != "already");
        if (isDone && !Acts.Contains(act.Id))
        {
            Acts.Add(act.Id);
            Pieces += act.Lines[0].Quantity ?? 0;
        }
        Says = [.. outcome.Says.Select(says => says.Says)];
        State = isDone ? Says.Any(says => says.Contains("on hold", StringComparison.Ordinal)) ? LineState.Held : LineState.Done
            : outcome.Outcome == "already" ? LineState.Already : Acts.Count > 0 ? LineState.Done : LineState.Refused;
    }

    public (Severity Of, string Word) Badge => State switch
    {
        LineState.Waiting => (Severity.Unknown, "Not sent yet"),
        LineState.Done => (Severity.Fine, "Booked in"),
        LineState.Held => (Severity.Alarm, "Booked in on hold"),
        LineState.Already => (Severity.Note, "There already"),
        LineState.Undone => (Severity.Unknown, "Taken back"),
        _ => (Severity.Alarm, "Not booked in"),
    };
}
