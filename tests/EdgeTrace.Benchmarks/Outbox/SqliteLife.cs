using System.Buffers;
using EdgeTrace.Contract;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Benchmarks.Outbox;

/// <summary>What a user would write instead: SQLite, safe at every commit (WAL, synchronous FULL), deleting what was acknowledged.</summary>
sealed class SqliteLife : IGatewayLife
{
    readonly SqliteConnection _connection;
    readonly SqliteCommand _insert, _forget;
    readonly PortalSecond _second;
    readonly bool _rows;
    readonly ReadColumnsWriter _columns = new();
    readonly ArrayBufferWriter<byte> _body = new();

    public SqliteLife(string folder, int reads, bool rows)
    {
        (_second, _rows) = (new(reads), rows);
        _connection = new($"Data Source={Path.Combine(folder, "outbox.db")};Pooling=False");
        _connection.Open();
        Command("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;").ExecuteNonQuery();
        Command(rows
            ? "CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, time_us INTEGER, epc BLOB, portal TEXT, antenna INTEGER, rssi INTEGER)"
            : "CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB)").ExecuteNonQuery();
        _insert = Command(rows ? "INSERT INTO outbox (time_us, epc, portal, antenna, rssi) VALUES ($t, $e, 'store-2-door', $a, $r)" : "INSERT INTO outbox (body) VALUES ($b)");
        foreach (var name in (string[])(rows ? ["$t", "$e", "$a", "$r"] : ["$b"])) _insert.Parameters.Add(new() { ParameterName = name });
        _forget = Command("DELETE FROM outbox");
    }

    /// <summary>Until the log has been written over and over and the file no longer grows.</summary>
    public int WarmCommits => 200;
    public long? Syncs => null;

    // What came in the second before has been acknowledged by now: it goes with the same commit.
    public void Live()
    {
        _second.Next();
        using var transaction = _connection.BeginTransaction();
        (_forget.Transaction, _insert.Transaction) = (transaction, transaction);
        _forget.ExecuteNonQuery();
        if (_rows) InsertRows();
        else InsertBody();
        transaction.Commit();
    }

    void InsertRows()
    {
        for (var i = 0; i < _second.Rows.Length; i++)
        {
            var row = _second.Rows[i];
            (_insert.Parameters[0].Value, _insert.Parameters[1].Value) = (row.TimeUs, _second.Epcs[_second.Tag[i]]);
            (_insert.Parameters[2].Value, _insert.Parameters[3].Value) = (row.Antenna, row.RssiCentiDbm);
            _insert.ExecuteNonQuery();
        }
    }

    void InsertBody()
    {
        _columns.Clear();
        for (var i = 0; i < _second.Rows.Length; i++) _columns.Add(_second.Rows[i], _second.Epcs[_second.Tag[i]]);
        _body.ResetWrittenCount();
        _columns.WriteTo(_body);
        _insert.Parameters[0].Value = _body.WrittenSpan.ToArray();
        _insert.ExecuteNonQuery();
    }

    SqliteCommand Command(string text)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100   // constants above
        command.CommandText = text;
#pragma warning restore CA2100
        return command;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _forget.Dispose();
        _connection.Dispose();
    }
}
