using System.Globalization;
using EdgeTrace.Cloud.Faults;
using EdgeTrace.Cloud.Retention;
using EdgeTrace.Contract;
using EdgeTrace.Store;
using EdgeTrace.Store.Log;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Cloud.Doctor;

/// <summary>What the data folder says, beside a running cloud or without one: disk, databases, gateways, backups.</summary>
sealed class FilesCheck(string data, string? backups, RetentionOptions keep, TimeProvider time)
{
    static readonly TimeSpan HeardWithin = TimeSpan.FromSeconds(30);

    public IEnumerable<Finding> Look()
    {
        if (!File.Exists(Path.Combine(data, "log.db"))) return [new("data", Verdict.Note, $"There is no log.db in {data}: this cloud has never run.")];
        List<Finding> findings = [Disk(), .. new[] { "log.db", "ledger.db", "readings.db", "stores.db" }.Where(name => File.Exists(Path.Combine(data, name))).Select(Database)];
        try
        {
            findings.AddRange(Log());
        }
        catch (LogUnusableException unusable)
        {
            findings.Add(new("gateways", Verdict.Unknown, $"The log cannot be asked: {unusable.Message}"));
        }
        findings.Add(LastBackup());
        return findings;
    }

    Finding Disk()
    {
        var storage = new StorageBook(data, keep, time).Look();
        var own = storage.Stores.Where(store => store.Name != StorageBook.Rest).ToList();
        var says = string.Create(CultureInfo.InvariantCulture,
            $"{ServerLimits.Gigabytes(storage.FreeBytes)} of {ServerLimits.Gigabytes(storage.TotalBytes)} free; the databases take {own.Sum(store => store.Bytes) / 1e9:0.00} GB and grow by {own.Sum(store => store.BytesPerDay) / 1e6:0} MB a day. {ServerLimits.Forecast(storage)}");
        return Judged("disk", ServerLimits.Disk(storage.FreeBytes, storage.TotalBytes, storage.DaysUntilFull), says);
    }

    Finding Database(string name)
    {
        var path = Path.Combine(data, name);
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            connection.Open();
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA query_only = 1; PRAGMA quick_check(1)";
            var said = (string?)check.ExecuteScalar();
            return said == "ok"
                ? new(name, Verdict.Fine, string.Create(CultureInfo.InvariantCulture, $"Whole; {new FileInfo(path).Length / 1e6:0.0} MB."))
                : new(name, Verdict.Alarm, $"Damaged: {said}", "Stop the cloud and restore the last backup (edgetrace-cloud restore); look at the disk.");
        }
        catch (SqliteException error)
        {
            return new(name, Verdict.Alarm, $"It cannot be read: {error.Message}", "Stop the cloud and restore the last backup (edgetrace-cloud restore); look at the disk.");
        }
    }

    IEnumerable<Finding> Log()
    {
        using var reader = BatchLogReader.Open(data);
        var now = time.GetUtcNow();
        var gateways = reader.Gateways();
        if (gateways.Count == 0) yield return new("gateways", Verdict.Note, "No gateway has said birth yet.", "Start one: edgetrace-gateway doctor on the box says what is in the way.");
        foreach (var row in gateways)
        {
            var heard = reader.Streams().Where(stream => stream.Gateway == row.Gateway).Select(stream => DateTimeOffset.UnixEpoch.AddMicroseconds(stream.LastReceivedUs)).DefaultIfEmpty().Max();
            yield return Gateway(row.Gateway, row.State, heard, now);
        }
    }

    static Finding Gateway(string name, ReadOnlyMemory<byte> stateBody, DateTimeOffset heard, DateTimeOffset now)
    {
        var label = $"gateway {name}";
        var age = now - heard;
        var said = heard == default ? "it has sent no batch yet" : string.Create(CultureInfo.InvariantCulture, $"its last batch came {(age.TotalMinutes < 2 ? $"{age.TotalSeconds:0} s" : age.TotalHours < 2 ? $"{age.TotalMinutes:0} min" : $"{age.TotalHours:0} h")} ago");
        GatewayState state;
        try
        {
            state = GatewayState.Parser.ParseFrom(stateBody.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            return new(label, Verdict.Unknown, $"What it last said of itself cannot be read; {said}.");
        }
        if (!state.Online && stateBody.Length > 0) return new(label, Verdict.Alarm, $"Offline ({state.Reason.TrimEnd('.')}); {said}. Nothing at its doors and fridges is being seen here.", "Look at its power and network; what it reads meanwhile waits in its outbox.");
        return age > HeardWithin
            ? new(label, Verdict.Warning, $"Connected, but {said}.", "Run edgetrace-gateway doctor on the box.")
            : new(label, Verdict.Fine, $"Online; {said}.");
    }

    Finding LastBackup()
    {
        if (backups is null) return Judged("backup", ServerLimits.Backup(null, null), "No backup folder is configured.");
        if (BackupManifest.Newest(backups) is not { } newest) return Judged("backup", ServerLimits.Backup(backups, null), $"There is no backup in {backups}.");
        var age = time.GetUtcNow() - newest.Manifest.TakenAt;
        var says = string.Create(CultureInfo.InvariantCulture, $"The newest is of {newest.Manifest.TakenAt:yyyy-MM-dd HH:mm}Z, {age.TotalHours:0.0} h ago, {newest.Manifest.Files.Sum(file => file.Bytes) / 1e6:0} MB.");
        return Judged("backup", ServerLimits.Backup(backups, age), says);
    }

    /// <summary>As the page judges and words the same state.</summary>
    static Finding Judged(string kind, string state, string says)
    {
        if (state == FaultWords.Fine) return new(kind, Verdict.Fine, says);
        var word = FaultWords.Of(kind, state);
        return new(kind, word.Verdict(), $"{says} {word.Means}", word.Do);
    }
}
