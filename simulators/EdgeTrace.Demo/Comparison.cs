using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace EdgeTrace.Demo;

/// <summary>What happened, against what the outbox, the log and the ledger say. Every figure is read from one of them; none is assumed.</summary>
sealed record Comparison(
    int Seed, double Seconds,
    long ReadsGenerated, long ReadsUnseen, long ReadsOutboxed, long ReadsCommitted, long ReadsLost, long ReadsTwice,
    long ScansGenerated, long ScansCommitted, long SamplesGenerated, long SamplesCommitted,
    int PassagesTrue, int PassagesRight, int PassagesMissed, int PassagesGhost,
    int AlarmsTrue, int AlarmsRaised, double P99ReadToFeedMs, double GatewayRssMiB, double CloudRssMiB)
{
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    [JsonIgnore]
    public bool NothingLostOrTwice => ReadsLost == 0 && ReadsTwice == 0;

    public string ToJson() => JsonSerializer.Serialize(this with
    {
        P99ReadToFeedMs = Math.Round(P99ReadToFeedMs, 1), GatewayRssMiB = Math.Round(GatewayRssMiB, 1), CloudRssMiB = Math.Round(CloudRssMiB, 1),
    }, Json);

    public static async Task<Comparison> MakeAsync(
        DemoOptions options, DemoFolder folder, JsonElement hospital, CloudApi api, (double Gateway, double Cloud) memory, CancellationToken stop)
    {
        var outbox = Parse(await Child.AskAsync("EdgeTrace.Gateway", "edgetrace-gateway", stop, "outbox", "--json", "--config", folder.File("gateway.json")));
        var log = Parse(await Child.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", stop, "log", "--json", "--config", folder.File("cloud.json")));
        var ledger = Lines(await Child.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", stop, "ledger", "dump", "--canonical", "--config", folder.File("cloud.json")));
        var truth = Lines(await File.ReadAllTextAsync(folder.File("truth.jsonl"), stop));
        var passages = PassageMatch.Make(truth.Where(Is("passage")), ledger.Where(Is("visit")));
        var status = await api.StatusAsync(stop) ?? throw new DemoException("The cloud no longer answers /api/v1/status.");

        long outboxed = Total(outbox, "reads"), committed = Total(log, "reads"), generated = Number(hospital, "readsGenerated");
        // A read is there twice if the log holds it twice, or if the visits count more reads than the log holds.
        var twice = Number(log, "duplicateReads") + Number(log, "duplicateIdentities") + Math.Max(0, Number(log, "readsInVisits") - committed);
        return new(
            options.Seed, options.For.TotalSeconds,
            // A sample comes into being when the gateway reads the sensor's file, so the outbox knows how many there are.
            generated, generated - outboxed, outboxed, committed, outboxed - committed, twice,
            Number(hospital, "scansGenerated"), Total(log, "scans"), Total(outbox, "samples"), Total(log, "samples"),
            passages.True, passages.Right, passages.Missed, passages.Ghost,
            truth.Count(Is("alarm")), CountRaised(truth.Where(Is("alarm")), ledger.Where(Is("episode"))),
            CloudApi.Counter(status, "readToFeedP99Ms"), memory.Gateway, memory.Cloud);
    }

    public void Show(IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("What happened, and what the ledger says").AddColumns("", "happened", "recorded", "verdict");
        table.AddRow("RFID reads of stock", N(ReadsGenerated), N(ReadsCommitted), NothingLostOrTwice
            ? $"[green]0 lost, 0 twice[/] ({N(ReadsUnseen)} never reached the outbox)"
            : $"[red]{N(ReadsLost)} lost, {N(ReadsTwice)} twice[/]");
        table.AddRow("scans", N(ScansGenerated), N(ScansCommitted), "");
        table.AddRow("temperature samples", N(SamplesGenerated), N(SamplesCommitted), "still being measured while this is counted");
        table.AddRow("passages", N(PassagesTrue), N(PassagesRight), $"{PassagesMissed} missed, {PassagesTrue - PassagesRight - PassagesMissed} of wrong direction, {PassagesGhost} ghosts");
        table.AddRow("alarms", N(AlarmsTrue), N(AlarmsRaised), "");
        console.Write(table);
        console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"last read → feed, p99 {P99ReadToFeedMs:0} ms · gateway {GatewayRssMiB:0} MiB · cloud {CloudRssMiB:0} MiB resident"));
    }

    /// <summary>A true alarm is raised when the ledger has an episode of its point and rule that overlaps it.</summary>
    static int CountRaised(IEnumerable<JsonElement> truth, IEnumerable<JsonElement> episodes)
    {
        const long SlackUs = 5_000_000;
        var known = episodes.ToList();
        return truth.Count(alarm => known.Any(episode =>
            Text(episode, "point") == Text(alarm, "point") && Text(episode, "rule").Contains(Text(alarm, "rule"), StringComparison.OrdinalIgnoreCase)
            && Number(episode, "startUs") < Number(alarm, "to_us") + SlackUs
            && (Number(episode, "endUs") is 0 || Number(episode, "endUs") > Number(alarm, "from_us") - SlackUs)));
    }

    static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    static Func<JsonElement, bool> Is(string kind) => line => Text(line, "kind") == kind;

    static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";

    static long Number(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;

    static long Total(JsonElement of, string name) => Number(of.GetProperty("totals"), name);

    static JsonElement Parse(string text) => JsonDocument.Parse(text).RootElement;

    static List<JsonElement> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{')).Select(Parse)];
}
