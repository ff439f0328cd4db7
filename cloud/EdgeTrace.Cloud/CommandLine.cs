using System.CommandLine;
using EdgeTrace.Cloud.Identify;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud;

/// <summary>The commands of <c>edgetrace-cloud</c>, each with an example.</summary>
static class CommandLine
{
    public static RootCommand Commands(Func<ConfigurationFile, CancellationToken, Task<int>> run) => new(
        """
        The cloud side of EdgeTrace: takes batches from gateways, keeps them, and shows what they mean.

        Examples:
          edgetrace-cloud check --config cloud.json
          edgetrace-cloud run --config cloud.json
          edgetrace-cloud log --config cloud.json --json
          edgetrace-cloud ledger dump --canonical --config cloud.json
          edgetrace-cloud decode batch.bin
          edgetrace-cloud accounts add a.smith --name "Ann Smith" --role theatre --config cloud.json
          edgetrace-cloud verify --config cloud.json
          edgetrace-cloud identify 3074257BF7194E4000001A85
          edgetrace-cloud backup --config cloud.json --to /var/backups/edgetrace --keep 48
        """)
    {
        Run(run),
        CheckCommand.Create(),
        DecodeCommand.Create(),
        IdentifyCommand.Create(),
        LogCommand.Create(),
        LedgerCommand.Create(),
        Doctor.DoctorCommand.Create(),
        BackupCommand.Backup(),
        BackupCommand.Restore(),
        StoresCommand.Create(),
        Accounts.VerifyCommand.Create(),
        Accounts.AccountsCommand.Create(),
    };

    /// <summary>The option every command on a running or stopped cloud's data takes.</summary>
    public static Option<FileInfo> ConfigOption() => new("--config", "-c") { Description = "The configuration file (JSON). Paths in it are relative to it.", Required = true, HelpName = "FILE" };

    /// <summary>Runs a command's work and turns what a person can put right into a sentence and exit code 2.</summary>
    public static int Offline(Action work)
    {
        try
        {
            work();
            return 0;
        }
        catch (Exception error) when (error is LogUnusableException or StartRefusedException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message);
            return CloudHost.NotStarted;
        }
    }

    /// <summary>The data directory that a configuration file names.</summary>
    public static string DataDirectory(FileInfo config)
    {
        var file = new ConfigurationFile(config.FullName);
        var builder = CloudHost.CreateBuilder(file);
        return file.Resolve(CloudOptions.Of(builder.Configuration).DataDirectory);
    }

    static Command Run(Func<ConfigurationFile, CancellationToken, Task<int>> run)
    {
        var config = ConfigOption();
        var command = new Command("run", """
            Runs the cloud until it is told to stop.

            Example:
              edgetrace-cloud run --config cloud.json
            """) { config };
        command.SetAction(async (parsed, stopping) =>
        {
            try
            {
                return await run(new(parsed.GetRequiredValue(config).FullName), stopping);
            }
            catch (StartRefusedException error)
            {
                await Console.Error.WriteLineAsync(error.Message);
                return CloudHost.NotStarted;
            }
        });
        return command;
    }
}
