using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Accounts;

/// <summary>The tables of <c>accounts.db</c>, drawn in README.md.</summary>
static class AccountsSchema
{
    public static int Version => s_steps.Length;

    /// <summary>From version n to n + 1; a step that has been released is never edited.</summary>
    static readonly string[] s_steps = [Tables];

    const string Tables = """
        CREATE TABLE accounts (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, badge TEXT UNIQUE, password_hash TEXT, pin_hash TEXT, stamp TEXT NOT NULL,
            created_us INTEGER NOT NULL, disabled_us INTEGER, failed INTEGER NOT NULL, locked_until_us INTEGER, pin_failed INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE grants (account TEXT NOT NULL, site TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (account, site, role)) WITHOUT ROWID;
        CREATE TABLE tokens (
            id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, site TEXT NOT NULL, permissions TEXT NOT NULL,
            created_us INTEGER NOT NULL, created_by TEXT NOT NULL, revoked_us INTEGER) WITHOUT ROWID;
        CREATE TABLE terminals (
            hash TEXT PRIMARY KEY, name TEXT NOT NULL, idle_minutes INTEGER NOT NULL, created_us INTEGER NOT NULL, created_by TEXT NOT NULL, ended_us INTEGER) WITHOUT ROWID;
        CREATE TABLE invitations (hash TEXT PRIMARY KEY, account TEXT NOT NULL, until_us INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <exception cref="InvalidDataException">The file is of a newer program.</exception>
    public static void Ensure(SqliteConnection connection)
    {
        var version = Convert.ToInt32(connection.Scalar("PRAGMA user_version"), null);
        if (version == Version) return;
        if (version > Version) throw new InvalidDataException($"{connection.DataSource} has accounts version {version}; this program knows {Version}. Run a newer edgetrace-cloud.");
        using var transaction = connection.BeginTransaction();
        foreach (var step in s_steps[version..]) connection.Execute(step);
        connection.Execute($"PRAGMA user_version = {Version}");
        transaction.Commit();
    }
}
