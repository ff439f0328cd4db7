using System.CommandLine;
using EdgeTrace.Faults;

var length = new Option<string>("--length") { Description = "smoke (about 5 minutes), nightly (about 45 minutes, more than a million reads) or soak (an hour of 1,000 reads/s).", DefaultValueFactory = _ => "smoke" };
length.AcceptOnlyFromAmong("smoke", "nightly", "soak");
var lasts = new Option<string>("--for") { Description = "How long the soak lasts, as 90s, 20m or 1h.", DefaultValueFactory = _ => "1h" };
var seed = new Option<int?>("--seed") { Description = "Repeats a run's random choices; drawn and printed when it is not given." };
var only = new Option<string?>("--only") { Description = "These rows alone, separated by commas." };
var list = new Option<bool>("--list") { Description = "Names the rows and ends." };
var markdown = new Option<FileInfo?>("--markdown") { Description = "Writes the tables there too." };
var root = new RootCommand("""
    Breaks a whole chain in every way the matrix names, and compares what was generated, outboxed, committed and projected.

    Examples:
      tests/faults/run --length smoke
      tests/faults/run --length nightly --seed 7 --markdown faults.md
      tests/faults/run --length soak --for 20m
      tests/faults/run --only gateway-kill-at-sync,link-corrupted --length nightly
    """) { length, lasts, seed, only, list, markdown };
root.SetAction(async (parsed, stop) =>
{
    if (parsed.GetValue(list))
    {
        foreach (var row in FaultTable.All) Console.WriteLine($"{row.Name,-24} {row.What}{(row.Smoke ? " (smoke)" : "")}");
        foreach (var row in PlainRow.All) Console.WriteLine($"{row.Name,-24} {row.What}");
        return 0;
    }
    var run = new FaultRun(parsed.GetRequiredValue(length), parsed.GetValue(seed) ?? Random.Shared.Next(1, 100_000), EdgeTrace.Simulators.Commands.Durations.Parse(parsed.GetRequiredValue(lasts)), parsed.GetValue(only)?.Split(','));
    return await run.RunAsync(parsed.GetValue(markdown), stop);
});
return await root.Parse(args).InvokeAsync();
