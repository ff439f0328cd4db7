using System.Collections.Frozen;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Catalogue;
using EdgeTrace.Cloud.Recalls;
using EdgeTrace.Cloud.Reports;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Benchmarks.Recalls;

/// <summary><c>recall</c>: how long a recall and an item's story take over the books of many years.</summary>
static class RecallCommand
{
    const int Stories = 1000;
    const int Rounds = 5;

    const string Description = """
        Fills a ledger with generated books and asks it: the preview of a recall, its press with all holds durable, and an item's story. It runs the cloud's own code in this process, on SQLite
        (the ledger has no other store). The file may be kept and asked again.

          dotnet run -c Release --project tests/EdgeTrace.Benchmarks -- recall --events 10000000 --file /var/tmp/books.db
          dotnet run -c Release --project tests/EdgeTrace.Benchmarks -- recall --events 10000000 --file /var/tmp/books.db --filled
        """;

    public static Command Create()
    {
        var events = new Option<long>("--events") { Description = "Events of stock in all.", DefaultValueFactory = _ => 10_000_000 };
        var products = new Option<int>("--products") { Description = "Trade items.", DefaultValueFactory = _ => 5_000 };
        var lots = new Option<int>("--lots") { Description = "Lots of each.", DefaultValueFactory = _ => 20 };
        var perItem = new Option<int>("--events-per-item") { Description = "Events in the life of each Item.", DefaultValueFactory = _ => 10 };
        var biggest = new Option<double>("--biggest") { Description = "Share of all Items that are of the first product.", DefaultValueFactory = _ => 0.02 };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var file = new Option<FileInfo?>("--file") { Description = "Where the ledger is made and left; without it a temporary one." };
        var filled = new Option<bool>("--filled") { Description = "Asks the file as it is." };
        var command = new Command("recall", Description) { events, products, lots, perItem, biggest, seed, file, filled };
        command.SetAction(async (parsed, stop) =>
        {
            var books = new Books(parsed.GetValue(events), parsed.GetValue(products), parsed.GetValue(lots), parsed.GetValue(perItem), parsed.GetValue(biggest), Places: 40, parsed.GetValue(seed));
            var kept = parsed.GetValue(file)?.FullName;
            var folder = kept is null ? Directory.CreateTempSubdirectory("edgetrace-recall-") : null;
            try
            {
                await MeasureAsync(books, kept ?? Path.Combine(folder!.FullName, "ledger.db"), parsed.GetValue(filled));
                return 0;
            }
            finally
            {
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
                folder?.Delete(recursive: true);
            }
        });
        return command;
    }

    static async Task MeasureAsync(Books books, string path, bool filled)
    {
        Console.WriteLine(Figures.Machine());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{books.Events:N0} events, {books.Items:N0} items ({books.EventsPerItem} events each), {books.Products:N0} products, {books.LotsPerProduct} lots each, {books.BiggestShare:P0} of all items of one product, {books.Places} places, seed {books.Seed}"));
        if (!filled)
        {
            if (File.Exists(path)) throw new IOException($"{path} is there already: ask it with --filled, or name another file.");
            Console.WriteLine($"bulk load and writer say the same in {await BulkLedger.ProveAsync(books with { Events = 3_000, Products = 7 }):N0} lines of 3,000 events");
            var began = Stopwatch.GetTimestamp();
            var count = BulkLedger.Fill(path, new Generator(books).Items());
            Say("filled", Stopwatch.GetElapsedTime(began).TotalSeconds, $"s, {count:N0} events, {new FileInfo(path).Length / 1e9:0.0} GB");
        }
        await using var services = Services(path);
        var (finder, desk, stock) = (services.GetRequiredService<RecallFinder>(), services.GetRequiredService<RecallDesk>(), services.GetRequiredService<StockQuery>());
        var person = new Person("benchmark", "benchmark", [], [], FrozenSet<Permission>.Empty);
        var random = new Random(books.Seed);

        Console.WriteLine("\n| recall of | names | first preview, ms | preview, median ms | press, ms (all holds durable) | of it CPU, ms | holds |\n|---|---|---|---|---|---|---|");
        foreach (var (what, notice) in (List<(string, RecallNotice)>)
        [
            ("one lot of a product", Notice(random.Next(1, books.Products), random.Next(books.LotsPerProduct))), ("a product, every lot", Notice(random.Next(1, books.Products), null)),
            ("one lot of the biggest product", Notice(0, random.Next(books.LotsPerProduct))), ("the biggest product, every lot", Notice(0, null)),
        ])
        {
            var times = Enumerable.Range(0, Rounds).Select(_ => finder.Find(notice).Took.TotalMilliseconds).ToList();
            var named = finder.Find(notice);
            var (began, busy) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var holds = await desk.PressAsync(notice, "", person);
            var pressed = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            var used = (Environment.CpuUsage.TotalTime - busy).TotalMilliseconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {named.Things.Count:N0} | {times[0]:0} | {times.Order().ElementAt(Rounds / 2):0} | {pressed:0} | {used:0} | {holds:N0} |"));
        }

        var stories = Enumerable.Range(0, Stories).Select(_ =>
        {
            var product = random.Next(books.Products);
            var key = $"https://id.gs1.org/01/{Generator.Gtin(product)}/21/{random.Next((int)(books.Items * (1 - books.BiggestShare) / books.Products)):0000000000}";
            var began = Stopwatch.GetTimestamp();
            var story = stock.Story(key, null) ?? throw new InvalidOperationException($"{key} has no story.");
            return (Ms: Stopwatch.GetElapsedTime(began).TotalMilliseconds, story.Entries.Count);
        }).ToList();
        var sorted = stories.Select(story => story.Ms).Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nitem story, {Stories} items at random: median {sorted[Stories / 2]:0.0} ms, p99 {sorted[Stories * 99 / 100]:0.0} ms, longest {sorted[^1]:0.0} ms; {stories.Average(story => story.Count):0.0} entries each"));
    }

    static RecallNotice Notice(int product, int? lot) =>
        new(Guid.NewGuid().ToString(), "benchmark", Generator.Gtin(product), lot is { } number ? [Generator.Lot(product, number)] : []);

    /// <summary>The cloud's rooms of stock over a ledger, without its other rooms.</summary>
    public static ServiceProvider Services(string path)
    {
        var site = SiteModelFile.Read("site.json", $$"""
            { "trust":{"id":"t","name":"T"}, "site":{"id":"s","name":"S","timeZone":"Europe/London"}, "portals":[], "scanners":[], "points":[],
              "locations":[{{string.Join(',', Enumerable.Range(0, 40).Select(n => $$"""{"id":"store-{{n}}","name":"Store {{n}}","kind":"store"}"""))}}] }
            """);
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(TimeProvider.System).AddSingleton(site).AddSingleton(new ItemNames(ProductCatalogue.Empty));
        services.AddSingleton(_ => LedgerWriter.Open(path, TimeProvider.System)).AddSingleton(new LedgerReader(path)).AddSingleton<AuditBook>();
        return services.AddStock().AddCatalogue().AddReports().AddRecalls().BuildServiceProvider();
    }

    static void Say(string what, double value, string unit) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} in {value:0.0} {unit}"));
}
