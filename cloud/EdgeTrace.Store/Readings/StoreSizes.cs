using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Readings;

/// <summary>The sizes that <c>readings.db</c> remembers, read beside a running cloud or without one.</summary>
public static class StoreSizes
{
    /// <summary>Of each store the first that is known, and all since a time, oldest first.</summary>
    /// <exception cref="SqliteException">The file cannot be read, or is of a version that remembers none.</exception>
    public static IReadOnlyList<StoreSize> Read(string path, long sinceUs)
    {
        using var connection = SqliteFile.OpenForReading(path);
        return connection.Rows("""
            SELECT store, min(at_us) AS at_us, bytes FROM store_sizes GROUP BY store UNION SELECT store, at_us, bytes FROM store_sizes WHERE at_us >= $1 ORDER BY 2
            """, r => new StoreSize(r.GetString(0), r.GetInt64(1), r.GetInt64(2)), sinceUs);
    }

    /// <summary>When sizes were last remembered, µs since 1970; null before the first time.</summary>
    /// <exception cref="SqliteException">As above.</exception>
    public static long? LastUs(string path)
    {
        using var connection = SqliteFile.OpenForReading(path);
        return (long?)connection.Scalar("SELECT max(at_us) FROM store_sizes");
    }
}
