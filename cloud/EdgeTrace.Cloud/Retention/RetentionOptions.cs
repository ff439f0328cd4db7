using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Retention;

/// <summary>Section <c>Retention</c>: how long what can be made again, or looked at only, is kept. The ledger and its audit are kept; there is no setting.</summary>
sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>Raw batches: evidence antenna by antenna, and what a better tracker can be run over. A month is what an investigation asks for.</summary>
    public TimeSpan BatchLog { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Every temperature as it was measured: thirteen months, so that this month can be laid beside the same month of last year, and some days to do it in.</summary>
    public TimeSpan Samples { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Lowest, mean and highest of each minute: five years, what good distribution practice asks of storage records (EU GDP 2013/C 343/01, 4.2). Hours are kept.</summary>
    public TimeSpan SampleMinutes { get; init; } = TimeSpan.FromDays(5 * 366);

    /// <summary>The readings store's copy of visits, for charts; the visits themselves are in the ledger, which is kept.</summary>
    public TimeSpan Visits { get; init; } = TimeSpan.FromDays(400);

    public static RetentionOptions Of(IConfiguration configuration) => configuration.GetSection(Section).Get<RetentionOptions>() ?? new();
}

sealed class RetentionOptionsValidator(IConfiguration configuration) : IValidateOptions<RetentionOptions>
{
    /// <summary>A gateway sends the last two hours again to a cloud restored from a backup, and projections need time to be behind.</summary>
    static readonly TimeSpan BatchLogMin = TimeSpan.FromDays(1);

    /// <summary>An outbox holds a week or more; what comes later than this is not kept at full rate.</summary>
    static readonly TimeSpan SamplesMin = TimeSpan.FromDays(30);

    /// <summary>Beyond a century it is a slip of the pen.</summary>
    static readonly TimeSpan Max = TimeSpan.FromDays(36525);

    public ValidateOptionsResult Validate(string? name, RetentionOptions options) => Mistakes.Result(Find(options));

    IEnumerable<string> Find(RetentionOptions options)
    {
        (string Name, TimeSpan Value, TimeSpan Min)[] settings =
            [("BatchLog", options.BatchLog, BatchLogMin), ("Samples", options.Samples, SamplesMin), ("SampleMinutes", options.SampleMinutes, SamplesMin), ("Visits", options.Visits, BatchLogMin)];
        foreach (var (name, value, min) in settings)
            if (value < min || value > Max) yield return $"Retention.{name} is {value:c}: choose from {min:c} to {Max:c}, written as days.hours:minutes:seconds.";
        if (options.SampleMinutes < options.Samples) yield return $"Retention.SampleMinutes is {options.SampleMinutes:c}, shorter than Retention.Samples ({options.Samples:c}): a minute is summed from its samples, so keep minutes at least as long.";
        foreach (var unknown in configuration.GetSection(RetentionOptions.Section).GetChildren().Select(child => child.Key).Where(key => !settings.Any(setting => setting.Name.Equals(key, StringComparison.OrdinalIgnoreCase))))
            yield return unknown.StartsWith("Ledger", StringComparison.OrdinalIgnoreCase) || unknown.StartsWith("Audit", StringComparison.OrdinalIgnoreCase)
                ? $"Retention.{unknown} is no setting: the ledger and its audit are kept. Take it out."
                : $"Retention.{unknown} is no setting: there are {string.Join(", ", settings.Select(setting => setting.Name))}.";
    }
}
