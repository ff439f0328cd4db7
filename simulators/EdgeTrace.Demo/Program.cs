using System.CommandLine;
using EdgeTrace.Demo;

var run = new Option<TimeSpan>("--for") { Description = "How long stock moves, as 30s, 5m or 1h.", DefaultValueFactory = _ => TimeSpan.FromSeconds(60), CustomParser = DemoOptions.ParseSpan };
var seed = new Option<int>("--seed") { Description = "The same seed plans the same day.", DefaultValueFactory = _ => 7 };
var json = new Option<bool>("--json") { Description = "End with one line of JSON: the run's figures." };
var data = new Option<DirectoryInfo?>("--data") { Description = "Where the run keeps its files. Default: a new temporary folder, removed at the end." };
var port = new Option<int?>("--port") { Description = "The page's port. Default: 8080, or the next free one." };
var stay = new Option<bool>("--stay") { Description = "Leave the page up after the comparison, until Ctrl+C." };
var root = new RootCommand(
    """
    Starts a simulated hospital, a gateway and the cloud side as processes of their own, shows the page's address,
    and at the end compares the ledger with what really happened.

    Examples:
      edgetrace-demo                             one minute, page on http://127.0.0.1:8080
      edgetrace-demo --for 10m --stay            a longer look
      edgetrace-demo --for 30s --seed 3 --json   for scripts: exit code 1 if anything was lost or is there twice
    """) { run, seed, json, data, port, stay };
root.SetAction((parsed, stop) => Demonstration.RunAsync(
    new(parsed.GetValue(run), parsed.GetValue(seed), parsed.GetValue(json), parsed.GetValue(data), parsed.GetValue(port), parsed.GetValue(stay)), TimeProvider.System, stop));
return await root.Parse(args).InvokeAsync();
