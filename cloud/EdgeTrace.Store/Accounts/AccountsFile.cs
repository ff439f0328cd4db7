using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Accounts;

/// <summary>
/// <c>accounts.db</c>: who may sign in and what they may. Everything is in memory as well, and read again when any process has changed the
/// file, so that a request costs no query and an account disabled from the command line is shut out at its next request.
/// </summary>
public sealed class AccountsFile : IDisposable
{
    public const string Name = "accounts.db";

    readonly Lock _gate = new();
    readonly SqliteConnection _writing, _watching;
    AccountRows? _rows;
    long _version;

    AccountsFile(SqliteConnection writing, SqliteConnection watching) => (_writing, _watching) = (writing, watching);

    /// <summary>Opens the file, making it where there is none; only the process's own user may read it.</summary>
    public static AccountsFile Open(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        // SQLite gives its write-ahead files the mode of the file they belong to.
        if (!File.Exists(path) && !OperatingSystem.IsWindows()) File.Open(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        var writing = SqliteFile.OpenForWriting(path);
        try
        {
            AccountsSchema.Ensure(writing);
            return new(writing, SqliteFile.OpenForReading(path, pooled: false));
        }
        catch
        {
            writing.Dispose();
            throw;
        }
    }

    /// <summary>Everything as it is now.</summary>
    public AccountRows Now()
    {
        lock (_gate)
        {
            // Changes whenever another connection, of this process or of any other, has committed.
            var version = Convert.ToInt64(_watching.Scalar("PRAGMA data_version"), null);
            if (_rows is not null && version == _version) return _rows;
            (_rows, _version) = (Read(), version);
            return _rows;
        }
    }

    /// <summary>Adds an account, or writes a changed one, with the roles it has from now on; null leaves them as they are.</summary>
    /// <param name="stamp">The stamp it was read with: what was read before somebody disabled it must not let it in again.</param>
    /// <returns>False: it is another by now, and nothing was written.</returns>
    /// <exception cref="SqliteException">Another account has the badge.</exception>
    public bool Put(AccountRow row, string stamp, IReadOnlyList<GrantRow>? grants = null) => Write(() =>
    {
        var written = Run("""
            INSERT INTO accounts VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO UPDATE SET name = excluded.name, badge = excluded.badge, password_hash = excluded.password_hash,
                pin_hash = excluded.pin_hash, stamp = excluded.stamp, disabled_us = excluded.disabled_us, failed = excluded.failed, locked_until_us = excluded.locked_until_us, pin_failed = excluded.pin_failed
                WHERE accounts.stamp = $12
            """, row.Id, row.Name, row.Badge, row.PasswordHash, row.PinHash, row.Stamp, row.CreatedUs, row.DisabledUs, row.Failed, row.LockedUntilUs, row.PinFailed, stamp);
        if (written == 0 || grants is null) return written;
        Run("DELETE FROM grants WHERE account = $1", row.Id);
        foreach (var grant in grants) Run("INSERT INTO grants VALUES ($1, $2, $3)", grant.Account, grant.Site, grant.Role);
        return written;
    }) == 1;

    /// <exception cref="SqliteException">There has been a token of this name.</exception>
    public void Add(TokenRow row) => Write(() => Run("INSERT INTO tokens VALUES ($1, $2, $3, $4, $5, $6, $7)", row.Id, row.Hash, row.Site, row.Permissions, row.CreatedUs, row.CreatedBy, row.RevokedUs));

    /// <summary>False: there is no such token that still holds.</summary>
    public bool RevokeToken(string id, long atUs) => Write(() => Run("UPDATE tokens SET revoked_us = $2 WHERE id = $1 AND revoked_us IS NULL", id, atUs)) == 1;

    public void Add(TerminalRow row) => Write(() => Run("INSERT INTO terminals VALUES ($1, $2, $3, $4, $5, $6)", row.Hash, row.Name, row.IdleMinutes, row.CreatedUs, row.CreatedBy, row.EndedUs));

    public void EndTerminal(string hash, long atUs) => Write(() => Run("UPDATE terminals SET ended_us = $2 WHERE hash = $1 AND ended_us IS NULL", hash, atUs));

    /// <summary>The newest invitation of an account is the only one that holds.</summary>
    public void Add(InvitationRow row) => Write(() =>
    {
        Run("DELETE FROM invitations WHERE account = $1", row.Account);
        Run("INSERT INTO invitations VALUES ($1, $2, $3)", row.Hash, row.Account, row.UntilUs);
    });

    public InvitationRow? Invitation(string hash)
    {
        lock (_gate) return _watching.Rows("SELECT hash, account, until_us FROM invitations WHERE hash = $1", r => new InvitationRow(r.GetString(0), r.GetString(1), r.GetInt64(2)), hash).FirstOrDefault();
    }

    /// <summary>False: somebody else has used it.</summary>
    public bool UseInvitation(string hash) => Write(() => Run("DELETE FROM invitations WHERE hash = $1", hash)) == 1;

    public void Dispose()
    {
        _writing.Dispose();
        _watching.Dispose();
    }

    AccountRows Read() => new(
        _watching.Rows("SELECT id, name, badge, password_hash, pin_hash, stamp, created_us, disabled_us, failed, locked_until_us, pin_failed FROM accounts ORDER BY id", r => new AccountRow(
            r.GetString(0), r.GetString(1), r.StringOrNull(2), r.StringOrNull(3), r.StringOrNull(4), r.GetString(5), r.GetInt64(6), r.LongOrNull(7), r.GetInt32(8), r.LongOrNull(9), r.GetInt32(10))),
        _watching.Rows("SELECT account, site, role FROM grants ORDER BY account, site, role", r => new GrantRow(r.GetString(0), r.GetString(1), r.GetString(2))),
        _watching.Rows("SELECT id, hash, site, permissions, created_us, created_by, revoked_us FROM tokens ORDER BY id", r => new TokenRow(
            r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt64(4), r.GetString(5), r.LongOrNull(6))),
        _watching.Rows("SELECT hash, name, idle_minutes, created_us, created_by, ended_us FROM terminals", r => new TerminalRow(
            r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetInt64(3), r.GetString(4), r.LongOrNull(5))));

    void Write(Action work) => Write(() =>
    {
        work();
        return 0;
    });

    int Write(Func<int> work)
    {
        lock (_gate)
        {
            using var transaction = _writing.BeginTransaction();
            var changed = work();
            transaction.Commit();
            return changed;
        }
    }

    int Run(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = _writing.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i + 1}", values[i] ?? DBNull.Value);
        return command.ExecuteNonQuery();
    }
}
