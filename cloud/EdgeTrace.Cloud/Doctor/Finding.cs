namespace EdgeTrace.Cloud.Doctor;

/// <summary>How something looks to the doctor; the words are those of the page.</summary>
enum Verdict
{
    Fine,
    Note,
    Unknown,
    Warning,
    Alarm,
}

static class Verdicts
{
    /// <summary>The page's severity of a state, as the doctor says it.</summary>
    public static Verdict Verdict(this Faults.FaultWord word) => Enum.Parse<Verdict>(word.Severity.ToString());
}

/// <summary>One thing looked at: what it is, how it is, in a sentence, and what to do (empty when nothing).</summary>
sealed record Finding(string Name, Verdict Verdict, string Says, string Do = "");

/// <summary>What <c>doctor --json</c> prints.</summary>
sealed record Examination(DateTimeOffset At, Verdict Worst, IReadOnlyList<Finding> Findings);
