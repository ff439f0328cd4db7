using EdgeTrace.Store.Ledger;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Tests.Ledger;

public sealed class LedgerWriterTests : IAsyncLifetime
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-ledger-");
    LedgerWriter _writer = null!;

    string Path => System.IO.Path.Combine(_folder.FullName, "ledger.db");
    LedgerReader Reader => new(Path);

    static readonly ZoneId s_zone = new("portal", "door-1");

    static LedgerCommit Commit(long expected, long position, string visit)
    {
        var commit = new LedgerCommit("system:test");
        commit.Advances.Add(new(s_zone, expected, new(position, 0, "gw-1", 7, (ulong)position)));
        commit.Visits.Add(new(visit, "door-1", "30", 1, 2, 1, 1, 0, 1, -5000, 1, "in", "inside", 0.9));
        commit.Outgoing.Add(new("movement", visit, "", 2, "{}"));
        commit.Locations.Add(new("item", "store-1", "passage", 2, "door-1", 1, 0.9, visit));
        return commit;
    }

    [Fact]
    public async Task Facts_and_position_are_there_together_and_a_second_telling_changes_nothing()
    {
        await _writer.CommitAsync(Commit(0, 5, "a"));
        var again = Commit(5, 6, "a");
        await _writer.CommitAsync(again);
        Assert.Equal(1, Reader.Totals()["visits"]);
        Assert.Equal(1, _writer.FeedHead);
        Assert.Equal(6, Assert.Single(Reader.Zones()).Position.Position);
    }

    [Fact]
    public async Task Two_owners_cannot_both_move_a_zone_and_the_loser_writes_nothing()
    {
        await _writer.CommitAsync(Commit(0, 5, "a"));
        var late = _writer.CommitAsync(Commit(0, 5, "b"));
        var fine = _writer.CommitAsync(Commit(5, 6, "c"));
        await Assert.ThrowsAsync<ZoneTakenException>(() => late);
        await fine;
        Assert.Equal(["a", "c"], Reader.Feed(0, 10).Select(f => f.Fact));
    }

    [Fact]
    public async Task A_week_old_backlog_does_not_move_an_item_back()
    {
        var newer = new LedgerCommit("system:test");
        newer.Locations.Add(new("item", "store-2", "passage", 100, "door-2", 90, 1, "new"));
        await _writer.CommitAsync(newer);
        var older = new LedgerCommit("system:test");
        older.Locations.Add(new("item", "store-1", "passage", 50, "door-9", 40, 1, "old"));
        await _writer.CommitAsync(older);
        Assert.Equal("store-2", Reader.WhereIs("item")!.Location);
    }

    [Fact]
    public async Task A_ledger_of_a_newer_program_is_refused_by_name()
    {
        await _writer.DisposeAsync();
        using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }
        var refused = Assert.Throws<InvalidDataException>(() => LedgerWriter.Open(Path, TimeProvider.System));
        Assert.Contains("version 99", refused.Message, StringComparison.Ordinal);
    }

    public ValueTask InitializeAsync()
    {
        _writer = LedgerWriter.Open(Path, TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
