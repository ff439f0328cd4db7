using System.CommandLine;

namespace EdgeTrace.Cloud;

/// <summary><c>edgetrace-cloud backup</c> and <c>restore</c>.</summary>
static class BackupCommand
{
    public static Command Backup()
    {
        var config = CommandLine.ConfigOption();
        var to = new Option<DirectoryInfo>("--to") { Description = "The folder under which each backup gets a folder of its own.", Required = true };
        var keep = new Option<int>("--keep") { Description = "Keep so many of the newest and delete older ones; 0 keeps all." };
        var command = new Command("backup", """
            Copies log, ledger and readings beside a running cloud, checks the copies, and writes manifest.json.

            Example, hourly (a gateway sends the last two hours again):
              edgetrace-cloud backup --config cloud.json --to /var/backups/edgetrace --keep 48
            """) { config, to, keep };
        command.SetAction(parsed => CommandLine.Offline(() =>
            Console.WriteLine($"{Store.Backup.Take(CommandLine.DataDirectory(parsed.GetRequiredValue(config)), parsed.GetRequiredValue(to).FullName, parsed.GetValue(keep), TimeProvider.System, Console.WriteLine)} is whole.")));
        return command;
    }

    public static Command Restore()
    {
        var config = CommandLine.ConfigOption();
        var from = new Option<DirectoryInfo>("--from") { Description = "One backup: the folder with manifest.json.", Required = true };
        var setAside = new Option<bool>("--set-aside") { Description = "Move the databases that are there out of the way; nothing is deleted." };
        var command = new Command("restore", """
            Puts a backup in place. The cloud must be stopped.

            Example:
              edgetrace-cloud restore --config cloud.json --from /var/backups/edgetrace/edgetrace-20261123T020000Z --set-aside
            """) { config, from, setAside };
        command.SetAction(parsed => CommandLine.Offline(() =>
            Store.Backup.Restore(parsed.GetRequiredValue(from).FullName, CommandLine.DataDirectory(parsed.GetRequiredValue(config)), parsed.GetValue(setAside), TimeProvider.System, Console.WriteLine)));
        return command;
    }
}
