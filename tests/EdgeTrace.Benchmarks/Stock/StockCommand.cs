using System.Collections.Frozen;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeTrace.Api;
using EdgeTrace.Benchmarks.Recalls;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Catalogue;
using EdgeTrace.Cloud.Recalls;
using EdgeTrace.Cloud.Reports;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Benchmarks.Stock;

/// <summary><c>stock</c>: how long the pages of stock wait for their answers.</summary>
static class StockCommand
{
    const int Rounds = 21;
    const int Places = 40;

    /// <summary>Of a hundred Items of the generator's books this many are still there; the others were implanted or used up, and stay in the books.</summary>
    const int InStockPercent = 55;

    const string Description = """
        Fills a ledger with so many Items in stock (and nearly as many that are used up) and asks what the pages Stock, Reports, Find and Recalls ask, each answer written as the JSON that leaves.
        It runs the cloud's own code in this process, on SQLite; clock on the wall.

          dotnet run -c Release --project tests/EdgeTrace.Benchmarks -- stock --items 20000
        """;

    public static Command Create()
    {
        var items = new Option<int>("--items") { Description = "Items in stock.", DefaultValueFactory = _ => 20_000 };
        var products = new Option<int>("--products") { Description = "Trade items.", DefaultValueFactory = _ => 500 };
        var each = new Option<int>("--places-each") { Description = $"In how many of the {Places} places each of them is kept.", DefaultValueFactory = _ => 3 };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var command = new Command("stock", Description) { items, products, each, seed };
        command.SetAction(async (parsed, stop) =>
        {
            var folder = Directory.CreateTempSubdirectory("edgetrace-stock-");
            try
            {
                var all = (long)parsed.GetValue(items) * 100 / InStockPercent;
                await MeasureAsync(new Books(all * 5, parsed.GetValue(products), LotsPerProduct: 20, EventsPerItem: 5, BiggestShare: 0.05, Places, parsed.GetValue(seed)), parsed.GetValue(each), Path.Combine(folder.FullName, "ledger.db"));
                return 0;
            }
            finally
            {
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
                folder.Delete(recursive: true);
            }
        });
        return command;
    }

    static async Task MeasureAsync(Books books, int each, string path)
    {
        Console.WriteLine(Figures.Machine());
        BulkLedger.Fill(path, new Generator(books).Items().Select((item, n) => Lived(item, n, each)));
        await using var services = RecallCommand.Services(path);
        var person = new Person("benchmark", "benchmark", [], [], FrozenSet<Permission>.Empty);
        await services.GetRequiredService<ParBook>().ImportAsync(new StringReader($"place,product,par\n{string.Join('\n', Enumerable.Range(0, books.Products).Select(n => $"{Kept(Generator.Gtin(n), 0, each)},{Generator.Gtin(n)},3"))}"), check: false, person);
        var (stock, finder) = (services.GetRequiredService<StockQuery>(), services.GetRequiredService<RecallFinder>());
        var page = stock.Stock(null, null, things: false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{page.Groups.Sum(group => group.Pieces):N0} items in stock in {page.Groups.Count:N0} rows of the page, {page.Groups.Sum(group => group.Available):N0} may be used; {books.Items:N0} in the books, {books.Products:N0} products, each in {each} of {books.Places} places, seed {books.Seed}"));
        Console.WriteLine("\n| | first, ms | median, ms | longest, ms | KB |\n|---|---|---|---|---|");
        var (biggest, place) = (Generator.Gtin(0), Kept(Generator.Gtin(0), 0, each));
        var reports = services.GetRequiredService<StockReports>();
        Ask("the Stock page: everything by product and place", () => stock.Stock(null, null, things: false));
        Ask("the biggest product's row in one place, opened", () => stock.Stock(place, biggest));
        Ask("one place with all its things", () => stock.Stock(place, null));
        Ask("the biggest product, what to take first", () => stock.FirstExpired(biggest, place, 20));
        Ask("report: expiring within 90 days", () => reports.Expiring(90));
        Ask("report: low stock", reports.Low);
        Ask("report: missing", reports.Missing);
        Ask("find: part of a serial, over everything a door has met", () => services.GetRequiredService<LedgerReader>().ItemsByText("000000123", 50));
        Ask("recall preview of the biggest product", () => finder.Find(new(Guid.NewGuid().ToString(), "benchmark", biggest, [])).Things.Count);
    }

    static void Ask<T>(string what, Func<T> question)
    {
        var (times, bytes) = (new List<double>(), 0);
        for (var n = 0; n < Rounds; n++)
        {
            var began = Stopwatch.GetTimestamp();
            bytes = JsonSerializer.SerializeToUtf8Bytes(question(), ApiJson.Options).Length;
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {times[0]:0} | {times.Order().ElementAt(Rounds / 2):0.0} | {times.Max():0} | {bytes / 1000.0:0} |"));
    }

    /// <summary>A life of the generator's in the places that keep its product; one Item in forty is on hold at its end, one in sixty missing.</summary>
    static (string, List<StockEvent>) Lived((string Key, List<StockEvent> Events) item, int n, int each)
    {
        var gtin = item.Events[0].Detail.Product!;
        var events = item.Events.ConvertAll(e => e.Place?.StartsWith("store-", StringComparison.Ordinal) == true ? e with { Place = Kept(gtin, int.Parse(e.Place.AsSpan("store-".Length), CultureInfo.InvariantCulture), each) } : e);
        var last = events[^1];
        if (last.Kind == EventKind.Counted && (n % 40 == 0 ? EventKind.Held : n % 60 == 1 ? EventKind.Missed : (EventKind?)null) is { } kind)
            events.Add(last with { Id = $"{last.Id}-{kind}", Kind = kind, AtUs = last.AtUs + 1, Place = null, Detail = kind == EventKind.Held ? new() { HoldReason = HoldReason.Damaged, Reason = "dropped", Inferred = true } : EventDetail.None });
        return (item.Key, events);
    }

    /// <summary>One of the places that keep a product.</summary>
    static string Kept(string gtin, int which, int each) => $"store-{(gtin[^6..].Sum(digit => digit - '0') * 7 + which % each) % Places}";
}
