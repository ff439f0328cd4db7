using System.Text.Json.Serialization;

namespace EdgeTrace.Gateway.Doctor;

/// <summary>How something looks to the doctor; the words are those of the page.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
enum Verdict
{
    Fine,
    Note,
    Unknown,
    Warning,
    Alarm,
}

/// <summary>One thing looked at: what it is, how it is, in a sentence, and what to do (empty when nothing).</summary>
sealed record Finding(string Name, Verdict Verdict, string Says, string Do = "");

/// <summary>What <c>doctor --json</c> prints.</summary>
sealed record Examination(string Gateway, DateTimeOffset At, Verdict Worst, IReadOnlyList<Finding> Findings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Examination))]
sealed partial class DoctorJson : JsonSerializerContext;
