using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Store;
using EdgeTrace.Store.Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Accounts;

/// <summary>What somebody with the file in hand may do to the audit, and what the check says of it.</summary>
public sealed class AuditChainTests : IAsyncLifetime
{
    const int Rows = 20;
    const string Unlock = "DROP TRIGGER audit_is_never_edited; DROP TRIGGER audit_is_never_deleted; ";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-audit-");
    readonly FakeTimeProvider _time = new(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));

    string LedgerPath => Path.Combine(_folder.FullName, "ledger.db");

    public async ValueTask InitializeAsync()
    {
        await using var writer = LedgerWriter.Open(LedgerPath, _time);
        await FillAsync(writer, 0);
    }

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    static Task FillAsync(LedgerWriter writer, int from) => Task.WhenAll(Enumerable.Range(from, Rows).Select(i =>
    {
        var commit = new LedgerCommit("test");
        commit.Audit.Add(new(1_000_000L * i, $"Ann Smith (a.smith)", i % 2 == 0 ? "sign-in" : "see-patient", $"case/{i}", "wristband, name"));
        return writer.CommitAsync(commit);
    }));

    [Fact]
    public void An_untouched_chain_is_whole()
    {
        var verdict = Check();
        Assert.Empty(verdict.Breaks);
        Assert.Equal((Rows, Rows), (verdict.Rows, verdict.Head!.Seq));
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'Sam Patel (s.patel)' WHERE seq = 7", 7, "row 7 (sign-in by Sam Patel (s.patel)) is not what was written")]
    [InlineData("UPDATE audit SET detail = 'name' WHERE seq = 20", 20, "row 20 (see-patient")]
    [InlineData("UPDATE audit SET at_us = at_us + 1 WHERE seq = 1", 1, "row 1 (")]
    [InlineData("UPDATE audit SET hash = zeroblob(32) WHERE seq = 7", 7, "row 7 (")]
    [InlineData("DELETE FROM audit WHERE seq = 7", 8, "row 7 is missing")]
    [InlineData("DELETE FROM audit WHERE seq BETWEEN 7 AND 9", 10, "rows 7 to 9 are missing")]
    [InlineData("DELETE FROM audit WHERE seq = 1", 2, "row 1 is missing")]
    [InlineData("UPDATE audit SET seq = -1 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = -1", 5, "row 5 (")]
    [InlineData("INSERT INTO audit SELECT 21, at_us, actor, action, subject, detail, hash FROM audit WHERE seq = 20", 21, "row 21 (")]
    public void What_was_done_to_the_chain_is_said_with_its_place(string sql, long at, string says)
    {
        Tamper(sql);
        var broken = Check().Breaks[0];
        Assert.Equal(at, broken.Seq);
        Assert.StartsWith(says, broken.Says, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_end_shows_only_against_what_was_noted()
    {
        var noted = Check().Head!;
        Tamper("DELETE FROM audit WHERE seq > 15");
        Assert.Empty(Check().Breaks);
        var broken = Assert.Single(Check(noted).Breaks);
        Assert.Equal(16, broken.Seq);
        Assert.Contains("it had 20: its end was cut off", broken.Says, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_written_anew_from_one_row_on_shows_only_against_what_was_noted()
    {
        var noted = Check().Head!;
        using (var connection = Open())
        {
            AuditChain.Teach(connection);
            connection.Execute(Unlock + "UPDATE audit SET actor = 'Sam Patel (s.patel)' WHERE seq = 19");
            foreach (var seq in (int[])[19, 20])
                connection.Execute($"UPDATE audit SET hash = (SELECT audit_hash(b.hash, a.seq, a.at_us, a.actor, a.action, a.subject, a.detail) FROM audit a JOIN audit b ON b.seq = a.seq - 1 WHERE a.seq = {seq}) WHERE seq = {seq}");
        }
        Assert.Empty(Check().Breaks);
        Assert.Contains("the chain up to it was written anew", Assert.Single(Check(noted).Breaks).Says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'x' WHERE seq = 3")]
    [InlineData("DELETE FROM audit WHERE seq = 3")]
    public void The_file_itself_refuses_a_change(string sql)
    {
        using var connection = Open();
        Assert.Contains("never", Assert.Throws<SqliteException>(() => connection.Execute(sql)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_act_that_is_not_written_leaves_no_row_and_no_hole()
    {
        await using (var writer = LedgerWriter.Open(LedgerPath, _time))
        {
            var zone = new ZoneId("portal", "door-1");
            LedgerCommit Claim(string subject)
            {
                var commit = new LedgerCommit("test");
                commit.Advances.Add(new(zone, 0, new(5, 0, "gw-1", 7, 5)));
                commit.Audit.Add(new(1, "Ann Smith (a.smith)", "act", subject, ""));
                return commit;
            }
            await writer.CommitAsync(Claim("first"));
            await Assert.ThrowsAsync<ZoneTakenException>(() => writer.CommitAsync(Claim("second")));
            await FillAsync(writer, Rows);
        }
        var verdict = Check();
        Assert.Empty(verdict.Breaks);
        Assert.Equal(2 * Rows + 1, verdict.Rows);
        Assert.DoesNotContain(new LedgerReader(LedgerPath).AuditAfter(0, 100), row => row.Subject == "second");
    }

    [Fact]
    public async Task A_command_beside_the_cloud_goes_on_with_the_same_chain()
    {
        await using var cloud = LedgerWriter.Open(LedgerPath, _time);
        await using var command = LedgerWriter.Open(LedgerPath, _time);
        await Task.WhenAll(FillAsync(cloud, 100), FillAsync(command, 200), FillAsync(cloud, 300));
        var verdict = Check();
        Assert.Empty(verdict.Breaks);
        Assert.Equal(4 * Rows, verdict.Rows);
    }

    [Fact]
    public void The_rows_of_an_older_ledger_are_chained_as_they_stand()
    {
        var path = Path.Combine(_folder.FullName, "old.db");
        using (var connection = SqliteFile.OpenForWriting(path))
        {
            LedgerSchema.Ensure(connection, upTo: 4);
            foreach (var seq in (int[])[1, 2, 3, 5, 8]) connection.Execute($"INSERT INTO audit (seq, at_us, actor, action, subject, detail) VALUES ({seq}, {seq}, 'Ann Smith', 'acknowledge', 'alarm-{seq}', 'Door é')");
            LedgerSchema.Ensure(connection);
        }
        var verdict = AuditCheck.Of(new(path), []);
        Assert.Empty(verdict.Breaks);
        Assert.Equal((5, "alarm-8"), (verdict.Rows, new LedgerReader(path).AuditHead()!.Subject));
    }

    [Fact]
    public void Anchors_are_read_back_and_a_half_written_one_is_not()
    {
        var anchor = Check().Head! with { At = _time.GetUtcNow() };
        AnchorFile.Add(_folder.FullName, anchor);
        File.AppendAllText(Path.Combine(_folder.FullName, "audit-anchors"), "2026-11-26T09:00:00Z 4");
        Assert.Equal([anchor], AnchorFile.Read(_folder.FullName));
        File.AppendAllText(Path.Combine(_folder.FullName, "audit-anchors"), "x\n");
        Assert.Throws<InvalidDataException>(() => AnchorFile.Read(_folder.FullName));
    }

    AuditVerdict Check(params AuditAnchor[] noted) => AuditCheck.Of(new(LedgerPath), noted);

    SqliteConnection Open() => SqliteFile.OpenForWriting(LedgerPath);

    void Tamper(string sql)
    {
        using var connection = Open();
        connection.Execute(Unlock + sql);
    }
}
