using System.CommandLine;

namespace EdgeTrace.Benchmarks;

static class Program
{
    static int Main(string[] args)
    {
        var only = new Option<string?>("--only") { Description = "These questions alone, separated by commas." };
        var brief = new Option<bool>("--short") { Description = "Fewer and shorter rounds: under three minutes, good for a look, not for a table." };
        var list = new Option<bool>("--list") { Description = "Names the questions and ends." };
        var markdown = new Option<FileInfo?>("--markdown") { Description = "Writes the tables there too." };
        var root = new RootCommand("""
            Measures what EdgeTrace does in one process, beside what one would write or pick instead, and prints tables (about 8 minutes).
            The commands below measure whole processes: the chain through a broker, and a gateway on its box.

            Examples:
              dotnet run -c Release --project tests/EdgeTrace.Benchmarks
              dotnet run -c Release --project tests/EdgeTrace.Benchmarks -- --short
              dotnet run -c Release --project tests/EdgeTrace.Benchmarks -- --only llrp,outbox --markdown figures.md
            """) { only, brief, list, markdown };
        root.SetAction(parsed =>
        {
            if (parsed.GetValue(list))
            {
                foreach (var question in Questions.All) Console.WriteLine($"{question.Name,-12} {question.What}");
                return 0;
            }
            return Questions.Answer(parsed.GetValue(only)?.Split(','), parsed.GetValue(brief), parsed.GetValue(markdown));
        });
        root.Subcommands.Add(Chain.ChainCommand.Create());
        root.Subcommands.Add(Chain.ChainCommand.CreatePeer());
        root.Subcommands.Add(Chain.GatewayCommand.Create());
        root.Subcommands.Add(Recalls.RecallCommand.Create());
        root.Subcommands.Add(Stock.StockCommand.Create());
        root.Subcommands.Add(Identity.ScoreboardCommand.Create());
        return root.Parse(args).Invoke();
    }
}
