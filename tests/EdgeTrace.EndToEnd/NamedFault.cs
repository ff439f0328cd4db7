using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeTrace.Faults;

namespace EdgeTrace.EndToEnd;

/// <summary>A trouble as it was really said.</summary>
/// <param name="Trouble">What was done.</param>
/// <param name="Where">The page, or whose doctor.</param>
/// <param name="State">The kind of thing and its state.</param>
sealed record NamedFault(string Trouble, string Where, string State, string Sentence, string Do)
{
    public const string Page = "page";
    public const string GatewayDoctor = "edgetrace-gateway doctor";
    public const string CloudDoctor = "edgetrace-cloud doctor";

    /// <summary>What is different at every run, and how the table has it.</summary>
    static readonly (Regex Varies, string As)[] s_usual =
    [
        (new(@" since (\w{3} \d+ \w{3} )?\d\d:\d\d"), " since 03:07"),
        (new(@"2\d{3}-\d\d-\d\d \d\d:\d\dZ"), "2026-11-25 03:07Z"),
        (new(@"http://127\.0\.0\.1:\d+"), "http://localhost:8080"),
        (new(@"127\.0\.0\.1:\d+ answers"), "10.1.2.3:5084 answers"),
        (new(@"127\.0\.0\.1 is there, but nothing listens on port \d+"), "10.1.2.3 is there, but nothing listens on port 5084"),
        (new(@"127\.0\.0\.1:\d+"), "10.1.2.4:1883"),
        (new(@"/tmp/edgetrace-night-[^ /]*/[^ /]*/"), "/var/lib/edgetrace/"),
        (new(@"came \d+ s ago"), "came 9 s ago"),
        (new(@"[\d.]+ h ago, \d+ MB"), "5.0 h ago, 1 MB"),
        (new(@"At position [\d,]+, [\d,]+ behind"), "At position 5,090, 64 behind"),
        (new(@"and \d+ batches wait"), "and 19 batches wait"),
    ];

    public bool OnPage => Where == Page;

    /// <summary>Waits until the page names it.</summary>
    public static async Task<NamedFault> OnPageAsync(Rig rig, string trouble, string kind, string state, string idPart = "")
    {
        NamedFault? found = null;
        await rig.UntilAsync($"the page says that {trouble} ({kind} {state})", async () =>
        {
            if (await rig.AskAsync("/api/v1/faults") is not { } page) return false;
            foreach (var fault in page.GetProperty("faults").EnumerateArray())
                if (fault.GetProperty("kind").GetString() == kind && fault.GetProperty("state").GetString() == state && fault.GetProperty("id").GetString()!.Contains(idPart, StringComparison.Ordinal))
                    found = new(trouble, Page, $"{kind} {state}", fault.GetProperty("sentence").GetString()!, fault.GetProperty("do").GetString()!);
            return found is not null;
        });
        return found!;
    }

    public static Task UntilMendedAsync(Rig rig, string kind, string state) => rig.UntilAsync($"the page no longer says {kind} {state}", async () =>
        await rig.AskAsync("/api/v1/faults") is { } page && !page.GetProperty("faults").EnumerateArray().Any(fault => fault.GetProperty("kind").GetString() == kind && fault.GetProperty("state").GetString() == state));

    /// <summary>What the gateway's doctor says of one thing; it must want somebody.</summary>
    public static async Task<NamedFault> OfGatewayAsync(Rig rig, string trouble, string finding, string state) =>
        Of(trouble, GatewayDoctor, finding, state, await Oracle.DoctorAsync(rig, "EdgeTrace.Gateway", "edgetrace-gateway", "gateway.json"));

    public static async Task<NamedFault> OfCloudAsync(Rig rig, string trouble, string finding, string state) =>
        Of(trouble, CloudDoctor, finding, state, await Oracle.DoctorAsync(rig, "EdgeTrace.Cloud", "edgetrace-cloud", "cloud.json"));

    /// <summary>Waits until the gateway says in its log that its link is in a state: with no link, no page can know.</summary>
    public static Task UntilLinkAsync(Rig rig, string state) =>
        rig.UntilAsync($"the gateway's link is {state}", () => Task.FromResult(rig.Gateway.Said().Last(line => line.Contains("link broker is ", StringComparison.Ordinal)).Contains($"link broker is {state}", StringComparison.Ordinal)));

    public static NamedFault Of(string trouble, string where, string finding, string state, JsonElement examination)
    {
        var told = examination.GetProperty("findings").EnumerateArray().Where(one => one.GetProperty("name").GetString() == finding).ToList();
        Assert.True(told.Count == 1, $"{where} does not look at {finding} once: {examination}");
        var verdict = told[0].GetProperty("verdict").GetString()!.ToUpperInvariant();
        Assert.True(verdict is "WARNING" or "ALARM", $"{trouble}: {where} says {verdict} of {finding}: {told[0]}");
        return new(trouble, where, state, $"{verdict} {finding}: {told[0].GetProperty("says").GetString()}", told[0].GetProperty("do").GetString()!);
    }

    /// <summary>The rows of deploy/README.md: times, ports, folders and figures, which are different every time, as they might be.</summary>
    public static string Table(IEnumerable<NamedFault> faults) => string.Concat(faults.Select(fault =>
        $"| {fault.Trouble} | {fault.Where} | {Usual(fault.OnPage ? fault.Sentence : fault.Sentence + " → " + fault.Do)} |\n"));

    static string Usual(string sentence) => s_usual.Aggregate(sentence, (text, usual) => usual.Varies.Replace(text, usual.As)).ReplaceLineEndings(" ");
}
