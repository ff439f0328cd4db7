using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Store;
using EdgeTrace.Store.Ledger;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Tests.Stock;

/// <summary>What lists count by, in columns beside the state. That it comes to what the states come to is held by <see cref="NeverAvailableTests"/>.</summary>
public sealed class GlanceTests : IDisposable
{
    const string Gtin = "10614141123459";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-glances-");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_ledger_of_an_older_program_gets_the_same_columns_from_its_states()
    {
        var written = await WriteAsync("written.db");
        var older = Path.Combine(_folder.FullName, "older.db");
        using (var connection = SqliteFile.OpenForWriting(older))
        {
            LedgerSchema.Ensure(connection, upTo: 10);
            connection.Execute($"ATTACH '{written}' AS new");
            foreach (var table in (string[])["stock_events", "item_locations", "items"]) connection.Execute($"INSERT INTO main.{table} SELECT * FROM new.{table}");
            connection.Execute("INSERT INTO stock_items SELECT key, product, lot, serial, expiry, made, status, holds, case_id, patient, owner, container, state FROM new.stock_items");
            connection.Execute("INSERT INTO stock_lots SELECT key, product, lot, expiry, holds, owner, state FROM new.stock_lots; INSERT INTO stock_pieces SELECT * FROM new.stock_pieces; DETACH new");
            LedgerSchema.Ensure(connection);
        }
        Assert.Equal(CanonicalDump.Lines(new(written)), CanonicalDump.Lines(new(older)));
        Assert.Equal(Words(new(written)), Words(new(older)));
    }

    [Fact]
    public async Task What_is_gone_for_good_is_not_looked_through()
    {
        var ledger = new LedgerReader(await WriteAsync("written.db"));
        Assert.Equal(["cleared", "held", "missed", "recalled", "sent"], ledger.Glances(Gtin, 100, _ => true).Where(thing => thing.Serial is not null).Select(thing => thing.Serial!).Order());
        Assert.Equal(7, ledger.Glances(null, 100, _ => true).Where(thing => thing.Serial is null).Sum(thing => thing.Pieces));
        using var connection = SqliteFile.OpenForReading(ledger.Path);
        var plan = connection.Rows("EXPLAIN QUERY PLAN SELECT s.key, s.status, s.cleared FROM stock_items s INDEXED BY stock_items_there WHERE s.status NOT IN ('opened', 'implanted', 'explanted', 'used', 'wasted')", r => r.GetString(3));
        Assert.Contains("COVERING INDEX stock_items_there", Assert.Single(plan), StringComparison.Ordinal);
    }

    static List<string> Words(LedgerReader ledger) => [.. ledger.Glances(null, 100, _ => true).Select(thing => $"{thing with { Cleared = [] }} {string.Join(' ', thing.Cleared)}").Order(StringComparer.Ordinal)];

    /// <summary>One thing of each kind whose row has something to say.</summary>
    async Task<string> WriteAsync(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        await using var writer = LedgerWriter.Open(path, TimeProvider.System);
        var commit = new LedgerCommit("test");
        void Tell(string serial, params ReadOnlySpan<(EventKind Kind, EventDetail Detail)> events)
        {
            var (key, n) = ($"https://id.gs1.org/01/{Gtin}/21/{serial}", 0);
            foreach (var (kind, detail) in (ReadOnlySpan<(EventKind, EventDetail)>)[(EventKind.Opening, new() { Product = Gtin, Serial = serial, Epc = "30AB", Pence = 100, Made = new(2026, 1, 1), Expiry = new(2029, 1, 1) }), .. events])
            {
                var e = new StockEvent($"{serial}-{n}", key, kind, 1_000_000 + n++, 0, kind == EventKind.Opening ? "store-1" : null, null, "act", "test", detail);
                commit.StockEvents.Add(e);
                StockClaims.Add(commit, e);
            }
        }
        Tell("recalled", (EventKind.Held, new() { HoldReason = HoldReason.Recall, Notice = "n1" }), (EventKind.Held, new() { HoldReason = HoldReason.ColdChain }));
        Tell("cleared", (EventKind.Held, new() { HoldReason = HoldReason.Recall, Notice = "n1" }), (EventKind.Released, new() { HoldReason = HoldReason.Recall, Notice = "n1" }));
        Tell("held", (EventKind.Held, new() { HoldReason = HoldReason.Damaged, Reason = """he said "reason":"recall" """ }));
        Tell("missed", (EventKind.Missed, EventDetail.None));
        Tell("sent", (EventKind.Issued, new() { Destination = "store-2", Case = "case-1" }));
        Tell("gone", (EventKind.Used, EventDetail.None));
        commit.StockEvents.Add(new("lot", Lot.Key(Gtin, "A"), EventKind.Opening, 1_000_000, 0, "store-1", null, "act", "test", new() { Product = Gtin, Lot = "A", Quantity = 7, Pence = 5 }));
        commit.StockEvents.Add(new("lot-held", Lot.Key(Gtin, "A"), EventKind.Held, 1_000_001, 0, null, null, "act", "test", new() { Quantity = 0, HoldReason = HoldReason.Recall, Notice = "n1" }));
        await writer.CommitAsync(commit);
        return path;
    }
}
