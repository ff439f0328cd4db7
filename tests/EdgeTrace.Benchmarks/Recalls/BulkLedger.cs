using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Store;
using EdgeTrace.Store.Ledger;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Benchmarks.Recalls;

/// <summary>
/// Fills a new ledger with the same rows that the writer would make of the same events, in the order of their keys and with the indices made last: ten
/// million events in minutes. <see cref="ProveAsync"/> holds it to the writer, line by line.
/// </summary>
static class BulkLedger
{
    const int PageMax = 20_000;

    public static long Fill(string path, IEnumerable<(string Key, List<StockEvent> Events)> items)
    {
        using var connection = SqliteFile.OpenForWriting(path);
        LedgerSchema.Ensure(connection);
        // What a power cut takes of a benchmark is made again.
        connection.Execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144");
        var indices = connection.Rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('stock_events', 'stock_items', 'items', 'item_locations')", r => (Name: r.GetString(0), Sql: r.GetString(1)));
        foreach (var (name, _) in indices) connection.Execute($"DROP INDEX {name}");
        using var statements = new Statements(connection);
        long count = 0;
        foreach (var page in items.Chunk(PageMax))
        {
            using var transaction = connection.BeginTransaction();
            foreach (var (key, events) in page)
            {
                statements.Write(transaction, key, events);
                count += events.Count;
            }
            transaction.Commit();
        }
        foreach (var (_, sql) in indices) connection.Execute(sql);
        connection.Execute("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)");
        return count;
    }

    /// <summary>Writes the same small books both ways and compares everything that the two ledgers say.</summary>
    /// <exception cref="InvalidOperationException">They say different things, so that nothing asked of a bulk ledger would mean anything.</exception>
    public static async Task<int> ProveAsync(Books books)
    {
        var folder = Directory.CreateTempSubdirectory("edgetrace-bulk-");
        try
        {
            var (bulk, written) = (Path.Combine(folder.FullName, "bulk.db"), Path.Combine(folder.FullName, "written.db"));
            Fill(bulk, new Generator(books).Items());
            await using (var writer = LedgerWriter.Open(written, TimeProvider.System))
                foreach (var (_, events) in new Generator(books).Items())
                {
                    var commit = new LedgerCommit("generator");
                    foreach (var e in events)
                    {
                        commit.StockEvents.Add(e);
                        StockClaims.Add(commit, e);
                    }
                    await writer.CommitAsync(commit);
                }
            var lines = CanonicalDump.Lines(new(bulk));
            return lines.SequenceEqual(CanonicalDump.Lines(new(written))) ? lines.Count : throw new InvalidOperationException("The bulk load does not say what the writer says.");
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    sealed class Statements(SqliteConnection connection) : IDisposable
    {
        readonly SqliteStatement _event = new(connection, "INSERT INTO stock_events (id, subject, kind, at_us, offset_minutes, place, read_point, act, actor, detail, recorded_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", 11);
        readonly SqliteStatement _stock = new(connection, "INSERT INTO stock_items VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)", 20);
        readonly SqliteStatement _item = new(connection, "INSERT INTO items VALUES ($1, $2, $3, $4, $5, $6, $7)", 7);
        readonly SqliteStatement _location = new(connection, "INSERT INTO item_locations VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", 8);

        public void Write(SqliteTransaction transaction, string key, List<StockEvent> events)
        {
            var claims = new LedgerCommit("generator");
            foreach (var e in events)
            {
                _event.Run(transaction, e.Id, e.Subject, e.Kind.Word(), e.AtUs, e.OffsetMinutes, e.Place, e.ReadPoint, e.Act, e.Actor, StockJson.Write(e.Detail), e.AtUs);
                StockClaims.Add(claims, e);
            }
            var state = ItemState.Of(key, events);
            _stock.Run(transaction, StockRows.Of(state));
            var seen = claims.Sightings.MaxBy(sighting => sighting.AtUs)!;
            _item.Run(transaction, key, seen.Epc, state.Product, state.Serial, state.Lot, seen.AtUs, seen.Where);
            if (claims.Locations.MaxBy(claim => claim.AtUs) is { } at) _location.Run(transaction, at.Item, at.Location, at.Basis, at.AtUs, at.Source, at.StartUs, at.Confidence, at.Fact);
        }

        public void Dispose()
        {
            foreach (var statement in (SqliteStatement[])[_event, _stock, _item, _location]) statement.Dispose();
        }
    }
}
