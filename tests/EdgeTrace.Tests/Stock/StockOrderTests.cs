using CsCheck;
using EdgeTrace.Store.Ledger;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Stock;

/// <summary>What the books say is a function of what happened, not of the order in which it was told.</summary>
public sealed class StockOrderTests : IDisposable
{
    const string Product = "10614141123459";
    const long NowUs = 1_790_000_000_000_000;

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-order-");
    int _files;

    [Fact]
    public void The_same_events_in_any_order_and_repetition_give_the_same_dump() => History.Any.Sample(history =>
    {
        var commits = history.Commits(Product, NowUs, new(2026, 9, 21));
        var once = DumpAsync(commits).GetAwaiter().GetResult();
        var anyhow = DumpAsync(History.Sent(commits, new Random(history.Order))).GetAwaiter().GetResult();
        Assert.NotEmpty(once);
        Assert.Equal(once, anyhow);
    }, iter: 60, threads: 1);

    async Task<IReadOnlyList<string>> DumpAsync(IEnumerable<LedgerCommit> commits)
    {
        var path = Path.Combine(_folder.FullName, $"ledger-{_files++}.db");
        await using var writer = LedgerWriter.Open(path, new FakeTimeProvider());
        foreach (var commit in commits) await writer.CommitAsync(commit);
        return CanonicalDump.Lines(new(path));
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
