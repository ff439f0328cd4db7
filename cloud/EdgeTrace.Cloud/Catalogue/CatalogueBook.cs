using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Catalogue;

/// <summary>
/// Takes a list of products and puts it over the one that is there; from then on it is named and judged by. What a product was called before stays in
/// the ledger with its time.
/// </summary>
sealed class CatalogueBook(ItemNames names, LedgerReader ledger, LedgerWriter writer, TimeProvider time) : IHostedService, IDisposable
{
    /// <summary>A whole catalogue in one transaction would hold up every other fact for seconds; taken in part, the same file goes on where it stopped.</summary>
    const int CommitProductsMax = 2_000;

    readonly SemaphoreSlim _one = new(1);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        names.Use(names.Products.With(ledger.Products()));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _one.Dispose();

    /// <param name="check">Says what it would do, and does nothing.</param>
    public async Task<ImportView> ImportAsync(TextReader text, bool check, Person person)
    {
        var (read, errors) = ProductCatalogue.Read(text);
        var products = read.GroupBy(p => p.Key).Select(g => g.Last()).ToList();
        await _one.WaitAsync();
        try
        {
            var before = names.Products;
            var fresh = products.Where(p => before.Find(p.Key) is null).ToList();
            var changed = products.Where(p => before.Find(p.Key) is { } old && old != p).ToList();
            var done = !check && errors.Count == 0;
            if (done) await WriteAsync([.. fresh, .. changed], person);
            string[] notes = read.Count == products.Count ? [] : [$"{read.Count - products.Count} lines name a product that another line names too: the last counts."];
            return new(
                done, read.Count, fresh.Count, changed.Count, products.Count - fresh.Count - changed.Count, Imports.First(errors), Imports.Beyond(errors), notes,
                [.. fresh.Concat(changed).Take(Imports.ExamplesMax).Select(p => $"{p.Key} · {p.Name}{(p.Manufacturer.Length > 0 ? $" · {p.Manufacturer}" : "")}{(before.Find(p.Key) is { } old && old.Name != p.Name ? $" (was {old.Name})" : "")}")]);
        }
        finally
        {
            _one.Release();
        }
    }

    async Task WriteAsync(IReadOnlyList<Product> products, Person person)
    {
        var nowUs = time.NowUs();
        foreach (var some in products.Chunk(CommitProductsMax))
        {
            var commit = new LedgerCommit(person.Actor);
            commit.Products.AddRange(some.Select(p => new ProductFact(p, nowUs)));
            if (some[^1] == products[^1]) commit.Audit.Add(new(nowUs, person.Actor, "import-catalogue", "catalogue", $"{products.Count} products"));
            await writer.CommitAsync(commit);
        }
        names.Use(names.Products.With(products));
    }

    /// <summary>Products whose words contain all of a question's.</summary>
    public CatalogueView Search(string question, int max)
    {
        var found = names.Products.Search(question.Split(' ', StringSplitOptions.RemoveEmptyEntries), max + 1);
        return new(names.Products.Count, [.. found.Take(max).Select(View)], found.Count > max);
    }

    public static ProductView View(Product p) => new(
        p.Key, p.Name, p.Manufacturer, p.Category, p.CatalogueNumber, p.Implant, p.Component, p.Side, p.SizeMm, p.Taper, p.Brand, p.Storage, p.LifeDaysMin, p.Pence, p.Serialised, p.Controlled);
}
