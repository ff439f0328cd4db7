using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeTrace.Store.Ledger;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store;

/// <summary>One file of a backup.</summary>
/// <param name="Position">How far it is: the head of the log, the checkpoint of the ledger; 0 for the readings.</param>
public sealed record BackupFile(string Name, long Bytes, string Sha256, long Position);

/// <summary>What a backup holds; <c>manifest.json</c> beside its files.</summary>
/// <param name="Audit">How far the audit was: a ledger that says less, or otherwise, was changed since.</param>
public sealed record BackupManifest(DateTimeOffset TakenAt, IReadOnlyList<BackupFile> Files, AuditAnchor? Audit = null)
{
    public const string FileName = "manifest.json";
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <exception cref="InvalidDataException">There is no manifest, or it cannot be read.</exception>
    public static BackupManifest Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<BackupManifest>(File.ReadAllText(Path.Combine(folder, FileName)), s_json) ?? throw new JsonException("it is empty");
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            throw new InvalidDataException($"{folder} is no backup: its {FileName} cannot be read ({error.Message}). Name a folder that edgetrace-cloud backup wrote, as edgetrace-20261123T020000Z.");
        }
    }

    /// <summary>The newest whole backup under a folder; null when there is none.</summary>
    public static (string Folder, BackupManifest Manifest)? Newest(string under) => !Directory.Exists(under) ? null :
        Backup.In(under).Select(folder => (folder, (BackupManifest?)Read(folder))).LastOrDefault() is (var newest, { } manifest) ? (newest, manifest) : null;
}

/// <summary>
/// Copies the databases beside a running cloud, and puts them back. What is made of another is copied before it (readings of ledger and log,
/// the ledger of the log), so that a copy is never ahead of what it was made from: what that has more is applied at the next start.
/// </summary>
public static class Backup
{
    /// <summary>In this order, each a consistent snapshot that no writer waits for (SQLite's online backup in write-ahead mode).</summary>
    static readonly string[] s_files = ["readings.db", "stores.db", "accounts.db", "ledger.db", "log.db"];

    /// <summary>Whole backups under a folder, oldest first; one under way ends in .partial and is none.</summary>
    public static IEnumerable<string> In(string under) =>
        Directory.EnumerateDirectories(under, "edgetrace-*Z").Where(folder => File.Exists(Path.Combine(folder, BackupManifest.FileName))).Order(StringComparer.Ordinal);

    /// <summary>Takes a backup into a folder of its own under <paramref name="to"/>.</summary>
    /// <param name="keep">So many of the newest stay, older ones are deleted; 0 = all stay.</param>
    /// <exception cref="InvalidDataException">There is nothing to copy, or the copy is damaged.</exception>
    public static string Take(string data, string to, int keep, TimeProvider time, Action<string> say)
    {
        if (!File.Exists(Path.Combine(data, "log.db"))) throw new InvalidDataException($"{data} has no log.db: there is nothing to back up. Check Cloud.DataDirectory.");
        var takenAt = time.GetUtcNow();
        var folder = Path.Combine(Path.GetFullPath(to), string.Create(CultureInfo.InvariantCulture, $"edgetrace-{takenAt:yyyyMMdd'T'HHmmss'Z'}"));
        if (Directory.Exists(folder)) throw new InvalidDataException($"{folder} is there already: a second has not passed since the last backup.");
        var partial = Directory.CreateDirectory(folder + ".partial").FullName;
        List<BackupFile> files = [];
        foreach (var name in s_files.Where(name => File.Exists(Path.Combine(data, name))))
        {
            var copy = Path.Combine(partial, name);
            Copy(Path.Combine(data, name), copy);
            var file = Describe(copy);
            files.Add(file);
            say($"{name}: {file.Bytes / 1e6:0.0} MB copied and checked{(file.Position > 0 ? $", up to position {file.Position}" : "")}");
        }
        File.WriteAllText(Path.Combine(partial, BackupManifest.FileName), new BackupManifest(takenAt, files, Audited(partial, takenAt)).ToJson());
        Directory.Move(partial, folder);
        if (keep > 0)
            foreach (var old in In(to).SkipLast(keep).ToArray())
            {
                Directory.Delete(old, recursive: true);
                say($"{Path.GetFileName(old)} deleted: the newest {keep} are kept");
            }
        return folder;
    }

    /// <summary>Puts a backup in place of what is in <paramref name="data"/>, which is set aside, never deleted.</summary>
    /// <exception cref="InvalidDataException">The backup is damaged or incomplete: nothing was touched.</exception>
    public static void Restore(string from, string data, bool setAside, TimeProvider time, Action<string> say)
    {
        var manifest = BackupManifest.Read(from);
        foreach (var file in manifest.Files)
        {
            var copy = Path.Combine(from, file.Name);
            if (!File.Exists(copy) || Describe(copy) != file) throw new InvalidDataException($"{copy} is not what {BackupManifest.FileName} says it was: this backup is damaged, take an older one. Nothing was changed.");
        }
        long Position(string name) => manifest.Files.FirstOrDefault(file => file.Name == name)?.Position ?? 0;
        if (Position("ledger.db") > Position("log.db")) throw new InvalidDataException($"{from} has a ledger ahead of its log: these files are of different backups. Nothing was changed.");
        if (Directory.Exists(data) && Directory.EnumerateFiles(data, "*.db").Any())
        {
            if (!setAside) throw new InvalidDataException($"{data} has databases in it. Stop the cloud and give --set-aside to move them out of the way first.");
            if (IsRunning(data)) throw new InvalidDataException($"A cloud is running on {data}: stop it first. Nothing was changed.");
            var aside = string.Create(CultureInfo.InvariantCulture, $"{data.TrimEnd(Path.DirectorySeparatorChar)}.aside-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
            Directory.Move(data, aside);
            say($"what was in {data} is now in {aside}");
        }
        Directory.CreateDirectory(data);
        foreach (var file in manifest.Files)
        {
            File.Copy(Path.Combine(from, file.Name), Path.Combine(data, file.Name));
            say($"{file.Name}: {file.Bytes / 1e6:0.0} MB put back");
        }
        say($"The backup is of {manifest.TakenAt:yyyy-MM-dd HH:mm:ss}Z. Start the cloud: gateways send again what came later, as far as they keep it (Outbox.KeepAcknowledgedFor, 2 h);");
        say("what they no longer have is recorded as a gap.");
    }

    /// <summary>Whether a cloud has the log in <paramref name="data"/>.</summary>
    public static bool IsRunning(string data)
    {
        var owner = Path.Combine(data, "log.lock");
        if (!File.Exists(owner)) return false;
        try
        {
            using var taken = new FileStream(owner, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    static void Copy(string from, string to)
    {
        using var source = SqliteFile.OpenForReading(from, pooled: false);
        using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ToString());
        copy.Open();
        source.BackupDatabase(copy);
        // One file, with no write-ahead log that could be left behind when it is carried away.
        copy.Execute("PRAGMA journal_mode = DELETE");
        if (copy.Scalar("PRAGMA quick_check(1)") is not "ok") throw new InvalidDataException($"The copy of {from} does not pass SQLite's check: {from} is damaged. Look at the disk; restore the last good backup.");
    }

    static AuditAnchor? Audited(string folder, DateTimeOffset takenAt)
    {
        var ledger = Path.Combine(folder, "ledger.db");
        if (!File.Exists(ledger)) return null;
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = ledger, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        connection.Open();
        // A cloud that was never started since it was updated has a ledger without the chain.
        if (connection.Scalar("SELECT 1 FROM pragma_table_info('audit') WHERE name = 'hash'") is null) return null;
        return connection.Rows("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", r => new AuditAnchor(takenAt, r.GetInt64(0), Convert.ToHexStringLower((byte[])r[1]))).FirstOrDefault();
    }

    static BackupFile Describe(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        var position = 0L;
        try
        {
            connection.Open();
            position = Path.GetFileName(file) switch
            {
                "log.db" => (long)(connection.Scalar("SELECT max(position) FROM batch") ?? 0L),
                "ledger.db" => (long)(connection.Scalar("SELECT max(position) FROM applied") ?? 0L),
                _ => 0,
            };
        }
        catch (SqliteException error)
        {
            throw new InvalidDataException($"{file} is damaged and cannot be read: {error.Message}");
        }
        using var bytes = File.OpenRead(file);
        return new(Path.GetFileName(file), bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), position);
    }
}
