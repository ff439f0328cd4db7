using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Readings.Lines;

/// <summary>How far one store elsewhere is, and what it will never have.</summary>
/// <param name="MissedBatches">Batches that the log let go while the store was away.</param>
/// <param name="ExpiredLines">Lines older than the store itself keeps.</param>
/// <param name="RefusedLines">Lines the store called wrong, ever; the newest of them are kept.</param>
public sealed record StorePlace(ReadingsCursor Cursor, long MissedBatches, long ExpiredLines, long RefusedLines);

/// <summary>A line a store refused, with the store's own reason.</summary>
public sealed record DeadLetter(string Line, string Reason);

/// <summary>
/// <c>stores.db</c>: the cursors of the stores elsewhere, and the lines they refused. Apart from the other files, so that what happens
/// to a store elsewhere never touches them.
/// </summary>
public sealed class StoresFile : IDisposable
{
    /// <summary>Kept of one store: enough to see what is wrong, 2 MB of a disk at most.</summary>
    public const int LettersMax = 10_000;

    const int Version = 1;
    const string Tables = """
        CREATE TABLE stores (
            name TEXT PRIMARY KEY, log INTEGER NOT NULL, visits INTEGER NOT NULL,
            missed_batches INTEGER NOT NULL DEFAULT 0, expired_lines INTEGER NOT NULL DEFAULT 0, refused_lines INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE TABLE dead_letters (seq INTEGER PRIMARY KEY AUTOINCREMENT, store TEXT NOT NULL, at_us INTEGER NOT NULL, reason TEXT NOT NULL, line TEXT NOT NULL);
        CREATE INDEX dead_letters_by_store ON dead_letters (store, seq);
        """;

    readonly SqliteConnection _connection;
    readonly Lock _one = new();

    StoresFile(SqliteConnection connection) => _connection = connection;

    /// <exception cref="InvalidDataException">The file is of a newer program.</exception>
    public static StoresFile Open(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var connection = SqliteFile.OpenForWriting(path);
        try
        {
            var version = Convert.ToInt32(connection.Scalar("PRAGMA user_version"), null);
            if (version > Version) throw new InvalidDataException($"{path} has stores version {version}; this program knows {Version}. Run a newer edgetrace-cloud.");
            if (version == 0)
            {
                using var transaction = connection.BeginTransaction();
                connection.Execute(Tables);
                connection.Execute($"PRAGMA user_version = {Version}");
                transaction.Commit();
            }
            return new(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Where a store is; a new one begins at <paramref name="beginning"/>.</summary>
    public StorePlace Place(string store, ReadingsCursor beginning)
    {
        lock (_one)
        {
            _connection.Scalar("INSERT OR IGNORE INTO stores (name, log, visits) VALUES ($1, $2, $3)", store, beginning.Log, beginning.Visits);
            return _connection.Rows(
                "SELECT log, visits, missed_batches, expired_lines, refused_lines FROM stores WHERE name = $1",
                r => new StorePlace(new(r.GetInt64(0), r.GetInt64(1)), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4)), store)[0];
        }
    }

    /// <summary>Every store that was ever written, by name.</summary>
    public IReadOnlyList<(string Name, StorePlace Place)> All()
    {
        lock (_one)
            return _connection.Rows(
                "SELECT name, log, visits, missed_batches, expired_lines, refused_lines FROM stores ORDER BY name",
                r => (r.GetString(0), new StorePlace(new(r.GetInt64(1), r.GetInt64(2)), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5))));
    }

    /// <summary>Forgets a store, so that it is new again; false when there is none of that name.</summary>
    public bool Forget(string store)
    {
        lock (_one)
        {
            using var transaction = _connection.BeginTransaction();
            using var place = new SqliteStatement(_connection, "DELETE FROM stores WHERE name = $1", 1);
            using var letters = new SqliteStatement(_connection, "DELETE FROM dead_letters WHERE store = $1", 1);
            var known = place.Run(transaction, store) == 1;
            letters.Run(transaction, store);
            transaction.Commit();
            return known;
        }
    }

    /// <summary>Moves a store on, with what it refused on the way, together.</summary>
    public void Move(string store, StorePlace to, IReadOnlyCollection<DeadLetter> letters, long nowUs)
    {
        lock (_one)
        {
            using var transaction = _connection.BeginTransaction();
            using var move = new SqliteStatement(_connection, "UPDATE stores SET log = $2, visits = $3, missed_batches = $4, expired_lines = $5, refused_lines = $6 WHERE name = $1", 6);
            move.Run(transaction, store, to.Cursor.Log, to.Cursor.Visits, to.MissedBatches, to.ExpiredLines, to.RefusedLines);
            if (letters.Count > 0)
            {
                using var letter = new SqliteStatement(_connection, "INSERT INTO dead_letters (store, at_us, reason, line) VALUES ($1, $2, $3, $4)", 4);
                foreach (var each in letters) letter.Run(transaction, store, nowUs, each.Reason, each.Line);
                using var trim = new SqliteStatement(
                    _connection, "DELETE FROM dead_letters WHERE store = $1 AND seq <= (SELECT seq FROM dead_letters WHERE store = $1 ORDER BY seq DESC LIMIT 1 OFFSET $2)", 2);
                trim.Run(transaction, store, LettersMax);
            }
            transaction.Commit();
        }
    }

    /// <summary>The newest refused lines of a store, newest first.</summary>
    public IReadOnlyList<DeadLetter> Letters(string store, int max)
    {
        lock (_one)
            return _connection.Rows("SELECT line, reason FROM dead_letters WHERE store = $1 ORDER BY seq DESC LIMIT $2", r => new DeadLetter(r.GetString(0), r.GetString(1)), store, max);
    }

    public void Dispose() => _connection.Dispose();
}
