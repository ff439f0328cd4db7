using EdgeTrace.Api;

namespace EdgeTrace.Web.Exits;

/// <summary>What exits concluded and people answered, in words.</summary>
static class ExitWords
{
    /// <summary>The answers in the order of a dialog: what is most often so first.</summary>
    public static readonly IReadOnlyList<(string Answer, string Words)> Answers =
    [
        ("returned", "It was brought back"),
        ("allowed", "It left with a reason; nobody had written a ticket"),
        ("false", "It never left: the door was wrong"),
        ("gone", "It is gone and looked for"),
        ("stolen", "It was stolen"),
    ];

    public static readonly IReadOnlyList<(string Kind, string Words)> Kinds =
        [("issue", "Issue"), ("loan", "Loan"), ("repair", "Repair"), ("transfer", "Transfer"), ("waste", "Waste"), ("discharge", "Patient goes home")];

    public static string Answered(ExitAnswerView answer) => answer.Answer switch
    {
        "returned" => "brought back",
        "allowed" => "left with a reason",
        "false" => "never left",
        "gone" => "gone and looked for",
        _ => answer.Answer,
    };

    /// <summary>A settled passage in one line, without the name that stands before it.</summary>
    public static string Concluded(ExitView exit) => exit.Answer is { } answer
        ? $"Out through {exit.PortalName} without a ticket. {Capital(Answered(answer))}, says {Who(answer.By)}: {answer.Reason}"
        : exit.Outcome switch
        {
            "ticketed" => $"Out through {exit.PortalName} on a ticket",
            "written-off" => $"Its pack or tag went out through {exit.PortalName}; by the books it is gone already",
            "uncontrolled" => $"Out through {exit.PortalName}; it needs no ticket",
            "stray" => $"Heard at {exit.PortalName} and not counted: it lies near the door",
            "faint" => $"Heard at {exit.PortalName} and not counted: too weak or on one side only",
            _ => exit.Sentence,
        };

    static string Who(string by) => by == "system:exits" ? "a door" : by;

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
