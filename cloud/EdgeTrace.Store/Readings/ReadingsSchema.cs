using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Readings;

/// <summary>The tables of <c>readings.db</c>, drawn in cloud/README.md.</summary>
static class ReadingsSchema
{
    /// <summary>Grows with every change of the tables; an older program refuses a newer file instead of guessing.</summary>
    public static int Version => s_steps.Length;

    /// <summary>From version n to n + 1; a new file takes all of them. A step that has been released is never edited.</summary>
    static readonly string[] s_steps = [Tables, Rollups];

    const string Tables = """
        CREATE TABLE samples (
            point TEXT NOT NULL, kind TEXT NOT NULL, ns INTEGER NOT NULL, milli_celsius INTEGER, state INTEGER, fault TEXT NOT NULL,
            PRIMARY KEY (point, kind, ns)) WITHOUT ROWID;
        CREATE TABLE visits (
            portal TEXT NOT NULL, ns INTEGER NOT NULL, epc TEXT NOT NULL, first_us INTEGER NOT NULL, last_us INTEGER NOT NULL,
            count INTEGER NOT NULL, peak_centi_dbm INTEGER NOT NULL, direction TEXT NOT NULL, visit TEXT NOT NULL, PRIMARY KEY (portal, ns, visit)) WITHOUT ROWID;
        CREATE TABLE cursor (one INTEGER PRIMARY KEY CHECK (one = 1), log INTEGER NOT NULL, visits INTEGER NOT NULL);
        INSERT INTO cursor VALUES (1, 0, 0);
        """;

    const string Rollups = """
        -- A point's temperatures by the minute and by the hour; at = minutes, or hours, since 1970. A stretch with faults only has count 0.
        CREATE TABLE sample_minutes (
            point TEXT NOT NULL, at INTEGER NOT NULL, count INTEGER NOT NULL, sum INTEGER NOT NULL, lowest INTEGER, highest INTEGER, faults INTEGER NOT NULL,
            PRIMARY KEY (point, at)) WITHOUT ROWID;
        CREATE TABLE sample_hours (
            point TEXT NOT NULL, at INTEGER NOT NULL, count INTEGER NOT NULL, sum INTEGER NOT NULL, lowest INTEGER, highest INTEGER, faults INTEGER NOT NULL,
            PRIMARY KEY (point, at)) WITHOUT ROWID;
        INSERT INTO sample_minutes SELECT point, (ns - (ns % 60000000000 + 60000000000) % 60000000000) / 60000000000,
            count(milli_celsius), coalesce(sum(milli_celsius), 0), min(milli_celsius), max(milli_celsius), count(*) - count(milli_celsius)
            FROM samples WHERE kind = 'temperature' GROUP BY 1, 2;
        INSERT INTO sample_hours SELECT point, (at - (at % 60 + 60) % 60) / 60, sum(count), sum(sum), min(lowest), max(highest), sum(faults) FROM sample_minutes GROUP BY 1, 2;
        -- What is here, so that nobody counts a year of rows to say so; from when on; and what came when its time was deleted already.
        CREATE TABLE kept (
            one INTEGER PRIMARY KEY CHECK (one = 1), samples INTEGER NOT NULL, visits INTEGER NOT NULL,
            samples_from_us INTEGER NOT NULL, minutes_from_us INTEGER NOT NULL, visits_from_us INTEGER NOT NULL, past_retention INTEGER NOT NULL);
        INSERT INTO kept SELECT 1, (SELECT count(*) FROM samples), (SELECT count(*) FROM visits), 0, 0, 0, 0;
        -- How large each store was, by the hour: what a forecast of the disk is made from.
        CREATE TABLE store_sizes (store TEXT NOT NULL, at_us INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (store, at_us)) WITHOUT ROWID;
        """;

    /// <summary>Makes the tables in a new file and brings an older one up to date, whole or not at all.</summary>
    /// <exception cref="InvalidDataException">The file is of a newer program.</exception>
    public static void Ensure(SqliteConnection connection)
    {
        var version = Convert.ToInt32(connection.Scalar("PRAGMA user_version"), null);
        if (version == Version) return;
        if (version > Version) throw new InvalidDataException($"{connection.DataSource} has readings version {version}; this program knows {Version}. Run a newer edgetrace-cloud.");
        using var transaction = connection.BeginTransaction();
        foreach (var step in s_steps[version..]) connection.Execute(step);
        connection.Execute($"PRAGMA user_version = {Version}");
        transaction.Commit();
    }
}
