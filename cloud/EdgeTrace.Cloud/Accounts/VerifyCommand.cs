using System.CommandLine;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Store;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Accounts;

/// <summary><c>edgetrace-cloud verify</c>: whether the audit is what was written.</summary>
static class VerifyCommand
{
    /// <summary>Exit code when the chain does not hold; 2 is left for "could not be looked at".</summary>
    const int Broken = 1;

    public static Command Create()
    {
        var config = CommandLine.ConfigOption();
        var noted = new Option<string[]>("--noted") { Description = "A line noted elsewhere, as 2026-11-25T02:00:00Z 1234 ab12… (the cloud's log says one a day); may be given several times.", HelpName = "LINE" };
        var command = new Command("verify", """
            Checks the whole audit: that no row was changed, taken out, put in or moved, and that its end is there, as far as backups and the
            daily notes (audit-anchors) show it. The cloud may be running. Exit code 1 when it does not hold.

            Example:
              edgetrace-cloud verify --config cloud.json
            """) { config, noted };
        command.SetAction(parsed =>
        {
            var code = 0;
            var failed = CommandLine.Offline(() => code = Check(new(parsed.GetRequiredValue(config).FullName), parsed.GetValue(noted) ?? []));
            return failed == 0 ? code : failed;
        });
        return command;
    }

    static int Check(ConfigurationFile file, string[] noted)
    {
        var configuration = CloudHost.CreateBuilder(file).Configuration;
        var folder = file.Resolve(CloudOptions.Of(configuration).DataDirectory);
        var path = Path.Combine(folder, ProjectionServices.LedgerFile);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no ledger at {path}: nothing has been audited yet.");
        List<AuditAnchor> anchors = [.. AnchorFile.Read(folder), .. Backups(configuration["Backup:Directory"] is { Length: > 0 } backups ? file.Resolve(backups) : null)];
        foreach (var line in noted)
            anchors.Add(AnchorFile.TryParse(line, out var anchor) ? anchor : throw new InvalidDataException($"'{line}' is no note of an audit: write it as 2026-11-25T02:00:00Z 1234 and the hash of 64 digits."));
        AuditVerdict verdict;
        try
        {
            verdict = AuditCheck.Of(new(path), anchors);
        }
        catch (Microsoft.Data.Sqlite.SqliteException error)
        {
            throw new InvalidDataException($"{path} cannot be read as this version's ledger ({error.Message}). Start edgetrace-cloud once, so that it is brought up to date; if that fails too it is damaged.");
        }
        foreach (var wrong in verdict.Breaks) Console.WriteLine($"BROKEN  at row {wrong.Seq}: {wrong.Says}.");
        if (verdict.Breaks.Count > 0) return Broken;
        Console.WriteLine(verdict.Head is { } head
            ? $"The audit is whole: {verdict.Rows} rows, as noted {anchors.Count} {(anchors.Count == 1 ? "time" : "times")}. Note this line elsewhere:\n{AnchorFile.Line(head with { At = TimeProvider.System.GetUtcNow() })}"
            : "The audit is whole: nothing has been audited yet.");
        return 0;
    }

    static IEnumerable<AuditAnchor> Backups(string? under) =>
        under is null || !Directory.Exists(under) ? [] : Backup.In(under).Select(BackupManifest.Read).Select(manifest => manifest.Audit).OfType<AuditAnchor>();
}
