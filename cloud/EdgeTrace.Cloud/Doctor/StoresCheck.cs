using EdgeTrace.Cloud.Projections;
using EdgeTrace.Store.Readings.Lines;

namespace EdgeTrace.Cloud.Doctor;

/// <summary>
/// What VictoriaMetrics never answers a writer: that it drops what is older than its retention, and keeps a value that is written again
/// as a second one. Its flags say so. Whether a store takes writes is the running cloud's to say.
/// </summary>
sealed class StoresCheck(IReadOnlyList<LineTarget> targets)
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    /// <summary>The stores of a configuration that <c>check</c> would let through; mistakes are check's to name.</summary>
    public static IReadOnlyList<LineTarget> Targets(IConfiguration configuration, ConfigurationFile file)
    {
        var options = new ReadingsStoresOptions();
        configuration.GetSection(ReadingsStoresOptions.Section).Bind(options.Stores);
        return new ReadingsStoresOptionsValidator(file, configuration).Validate(null, options).Succeeded ? [.. options.Stores.Select(store => store.Target(file))] : [];
    }

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken stop)
    {
        var findings = new List<Finding>();
        foreach (var target in targets.Where(target => target.Kind == LineKind.VictoriaMetrics)) findings.Add(await LookAsync(target, stop));
        return findings;
    }

    static async Task<Finding> LookAsync(LineTarget target, CancellationToken stop)
    {
        var label = $"store {target.Name}";
        using var http = new HttpClient { Timeout = AnswerMax };
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{target.Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/flags");
            request.Headers.Authorization = target.Credentials();
            using var answer = await http.SendAsync(request, stop);
            if (!answer.IsSuccessStatusCode) return new(label, Verdict.Note, $"{target.Where} does not show its flags ({(int)answer.StatusCode}).", "See that it runs with -retentionPeriod and -dedup.minScrapeInterval=1ms.");
            // Only flags that were set are shown.
            var flags = await answer.Content.ReadAsStringAsync(stop);
            List<string> missing =
            [
                .. flags.Contains("-dedup.minScrapeInterval=", StringComparison.Ordinal) ? [] : new[] { "-dedup.minScrapeInterval=1ms, so a value that is written again after a broken connection counts twice" },
                .. flags.Contains("-retentionPeriod=", StringComparison.Ordinal) ? [] : new[] { "-retentionPeriod, so what is older than a month is dropped without a word" },
            ];
            return missing.Count == 0
                ? new(label, Verdict.Fine, $"{target.Where} runs with deduplication and a retention of its own.")
                : new(label, Verdict.Warning, $"{target.Where} runs without {string.Join(", and without ", missing)}.", "Start it with these flags.");
        }
        catch (Exception silent) when (silent is HttpRequestException or IOException or UnauthorizedAccessException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            return new(label, Verdict.Unknown, $"{target.Where} cannot be asked for its flags: {silent.Message}");
        }
    }
}
