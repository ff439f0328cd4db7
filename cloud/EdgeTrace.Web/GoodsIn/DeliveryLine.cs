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
sealed class DeliveryLine(IReadOnlyList<string> codes, LabelView label)
{
    public string Id { get; } = Guid.NewGuid().ToString();
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
