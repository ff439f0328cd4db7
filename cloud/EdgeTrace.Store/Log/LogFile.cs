using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Log;

/// <summary>The file log.db: how it is made, recognised and refused. Its tables are drawn in FORMAT.md.</summary>
static class LogFile
{
    public const string Name = "log.db";
    public const int Version = 1;

    /// <summary>"ETBL": says whose file this is to <c>file(1)</c> and to us.</summary>
    const int ApplicationId = 0x4554424C;

    /// <summary>A batch of 1,000 reads is about 15 KB (facts: 15 B a read): two pages, while a lone sample does not rewrite 64 KB.</summary>
    const int PageBytes = 8192;

    /// <summary>16 MB of WAL between checkpoints: with the default of 1,000 pages of 4 KB, twice the bytes were written (measured with rows).</summary>
    const int CheckpointPages = 2000;

    const string Schema = """
        CREATE TABLE stream_epoch (
            id INTEGER PRIMARY KEY, gateway TEXT NOT NULL, stream TEXT NOT NULL, epoch INTEGER NOT NULL,
            upto INTEGER NOT NULL, batches INTEGER NOT NULL, readings INTEGER NOT NULL, last_received_us INTEGER NOT NULL,
            UNIQUE (gateway, stream, epoch));
        CREATE TABLE batch (
            position INTEGER PRIMARY KEY, stream_epoch INTEGER NOT NULL REFERENCES stream_epoch (id), sequence INTEGER NOT NULL,
            received_us INTEGER NOT NULL, readings INTEGER NOT NULL, body_crc INTEGER NOT NULL, cause TEXT, body BLOB NOT NULL);
        CREATE UNIQUE INDEX batch_identity ON batch (stream_epoch, sequence);
        CREATE TABLE gap (
            id INTEGER PRIMARY KEY, stream_epoch INTEGER NOT NULL REFERENCES stream_epoch (id),
            from_sequence INTEGER NOT NULL, to_sequence INTEGER NOT NULL, cause TEXT NOT NULL, recorded_us INTEGER NOT NULL);
        CREATE TABLE quarantine (
            id INTEGER PRIMARY KEY, received_us INTEGER NOT NULL, topic TEXT NOT NULL, cause TEXT NOT NULL, length INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE TABLE security_event (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, gateway TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,
            first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, count INTEGER NOT NULL, UNIQUE (kind, gateway, subject));
        CREATE TABLE gateway (
            gateway TEXT PRIMARY KEY, trust TEXT NOT NULL, site TEXT NOT NULL, birth BLOB NOT NULL, state BLOB NOT NULL, last_heard_us INTEGER NOT NULL);
        """;

    // SQLite's primary result codes, https://www.sqlite.org/rescode.html
    public const int Busy = 5, Locked = 6, IoError = 10, CannotOpen = 14;
    const int Corrupt = 11, Full = 13, NotADatabase = 26;
    // ENOSPC and EDQUOT reach us as these when the write-ahead log, not the database, met the full disk.
    const int IoErrorWrite = 778;

    public static string Path(string folder) => System.IO.Path.Combine(folder, Name);

    /// <summary>Opens the one connection that writes, making the file when there is none.</summary>
    /// <exception cref="LogUnusableException">The file is damaged, somebody else's, or newer than this program.</exception>
    public static SqliteConnection OpenToWrite(string folder)
    {
        var path = Path(folder);
        try
        {
            var connection = Connect(path, SqliteOpenMode.ReadWriteCreate, pooling: false);
            try
            {
                // The page size holds only if set before the first page is written.
                Run(connection, $"PRAGMA page_size={PageBytes}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint={CheckpointPages}; PRAGMA journal_size_limit=67108864;");
                if (Scalar(connection, "SELECT count(*) FROM sqlite_schema") == 0 && Scalar(connection, "PRAGMA user_version") == 0)
                    Run(connection, $"BEGIN IMMEDIATE; {Schema} PRAGMA application_id={ApplicationId}; PRAGMA user_version={Version}; COMMIT;");
                DemandOurs(connection, path);
                DemandSound(connection, path);
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (SqliteException error)
        {
            throw Unusable(path, error);
        }
    }

    /// <summary>Opens a connection that only reads, as often as wanted, also while another process writes.</summary>
    /// <exception cref="LogUnusableException">There is no log, or it is damaged, somebody else's, or newer than this program.</exception>
    public static SqliteConnection OpenToRead(string folder)
    {
        var path = Path(folder);
        if (!File.Exists(path)) throw new LogUnusableException($"There is no batch log at {path}: check Cloud.DataDirectory, or run the cloud once.");
        try
        {
            var connection = Connect(path, SqliteOpenMode.ReadOnly, pooling: true);
            try
            {
                DemandOurs(connection, path);
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (SqliteException error)
        {
            throw Unusable(path, error);
        }
    }

    /// <summary>What a failed write means for the people who run this.</summary>
    public static LogState StateOf(string path, SqliteException error) => error switch
    {
        { SqliteErrorCode: Full } => LogState.DiskFull(path),
        { SqliteErrorCode: IoError, SqliteExtendedErrorCode: IoErrorWrite } when !HasRoom(path) => LogState.DiskFull(path),
        { SqliteErrorCode: Corrupt or NotADatabase } => LogState.Corrupt(path, error.Message),
        _ => LogState.CannotWrite(path, error.Message),
    };

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        // Only constants and numbers of this file come here.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() is long value ? value : 0;
    }

    static SqliteConnection Connect(string path, SqliteOpenMode mode, bool pooling)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = pooling, DefaultTimeout = 30 }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    static void DemandOurs(SqliteConnection connection, string path)
    {
        if (Scalar(connection, "PRAGMA application_id") != ApplicationId)
            throw new LogUnusableException($"{path} is not an EdgeTrace batch log: choose another Cloud.DataDirectory, or move the file away.");
        var version = Scalar(connection, "PRAGMA user_version");
        if (version > Version)
            throw new LogUnusableException($"{path} was written by a newer EdgeTrace (log format {version}; this program knows up to {Version}): install that version or a later one.");
    }

    /// <summary>Small pages of the tables that every start needs; the bodies are checked by their own checksums when read.</summary>
    static void DemandSound(SqliteConnection connection, string path)
    {
        var head = Scalar(connection, "SELECT coalesce(max(position), 0) FROM batch");
        var counted = Scalar(connection, "SELECT coalesce(sum(batches), 0) FROM stream_epoch");
        if (head != counted)
            throw new LogUnusableException($"{path} is damaged: it ends at position {head} but its streams count {counted} batches. {LogState.Corrupt(path, "").Remedy}");
    }

    /// <summary>What was read is not what was written.</summary>
    public static LogUnusableException Damaged(string folder, string detail, Exception? error = null)
    {
        var state = LogState.Corrupt(Path(folder), detail);
        return new($"{state.Reason} {state.Remedy}", error);
    }

    static LogUnusableException Unusable(string path, SqliteException error)
    {
        var state = StateOf(path, error);
        return new($"{state.Reason} {state.Remedy}", error);
    }

    static bool HasRoom(string path) => new DriveInfo(System.IO.Path.GetFullPath(path)).AvailableFreeSpace > PageBytes * 16;
}
