using System.CommandLine;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Projections;

/// <summary><c>edgetrace-cloud ledger dump --canonical [--replay]</c>: what the ledger says, or what it would say made anew from the log.</summary>
static class LedgerCommand
{
    public static Command Create()
    {
        var config = CommandLine.ConfigOption();
        var canonical = new Option<bool>("--canonical") { Description = "Sorted lines, one fact each, without when it was recorded, who answered it, or row numbers (the only form there is)." };
        var replay = new Option<bool>("--replay") { Description = "Make everything anew, from the batch log and from what people said, and dump that instead; equal to the live ledger once it is drained." };
        var dump = new Command("dump", """
            Prints every fact of the ledger.

            Example:
              diff <(edgetrace-cloud ledger dump --canonical --config cloud.json) <(edgetrace-cloud ledger dump --canonical --replay --config cloud.json)
            """) { config, canonical, replay };
        dump.SetAction(parsed => CommandLine.Offline(() =>
        {
            var file = parsed.GetRequiredValue(config);
            foreach (var line in parsed.GetValue(replay) ? Replayed(file) : Live(file)) Console.Out.WriteLine(line);
        }));
        return new Command("ledger", "Looks into the ledger; the cloud may be running or stopped.") { dump };
    }

    static IReadOnlyList<string> Live(FileInfo config)
    {
        var path = Path.Combine(CommandLine.DataDirectory(config), ProjectionServices.LedgerFile);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no ledger at {path}: run the cloud with role Api first, or use --replay.");
        return CanonicalDump.Lines(new LedgerReader(path));
    }

    static IReadOnlyList<string> Replayed(FileInfo config)
    {
        var data = CommandLine.DataDirectory(config);
        using var log = BatchLogReader.Open(data);
        var live = Path.Combine(data, ProjectionServices.LedgerFile);
        var promised = File.Exists(live) ? new LedgerReader(live).Zones().Where(z => z.Position.ThroughUs > long.MinValue).ToDictionary(z => z.Zone, z => z.Position.ThroughUs) : [];
        var folder = Directory.CreateTempSubdirectory("edgetrace-replay-");
        try
        {
            var path = Path.Combine(folder.FullName, ProjectionServices.LedgerFile);
            var (site, names) = SiteServices.Load(new ConfigurationFile(config.FullName));
            LedgerReplay.RunAsync(log.Read, log.Gaps(), path, site, names, promised, TimeProvider.System).GetAwaiter().GetResult();
            if (File.Exists(live)) LedgerReplay.AddPeopleAsync(new LedgerReader(live), path, TimeProvider.System).GetAwaiter().GetResult();
            return CanonicalDump.Lines(new LedgerReader(path));
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }
}
