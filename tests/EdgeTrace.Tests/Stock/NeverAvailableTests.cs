using System.Globalization;
using System.Net.Http.Json;
using CsCheck;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Stock;

/// <summary>
/// No answer ever shows held, expired, recalled or implanted stock as available, whatever happened to it and in whatever order, however often, and however
/// late it was told.
/// </summary>
public sealed class NeverAvailableTests(ITestOutputHelper output)
{
    static readonly TimeZoneInfo s_london = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
    static readonly string[] s_actKinds = ["opening", "received", "stored", "picked", "issued", "arrived", "returned", "inspected", "counted", "missed", "used", "wasted", "held", "released"];

    readonly MovedClock _time = new(new DateTimeOffset(2027, 6, 10, 21, 30, 0, TimeSpan.Zero));
    int _products, _looks, _available, _forbidden;

    [Fact]
    public async Task No_answer_shows_what_must_not_be_used_as_available_under_random_histories()
    {
        await using var rig = await ApiRig.StartAsync(_time);
        // One after the other: they share a clock. The seed of a failure is printed by CsCheck.
        Gen.Select(History.Any, Gen.Int[0, 3], Gen.Int[0, 8]).Sample((history, notices, acts) => LiveAsync(rig, history, notices, acts).GetAwaiter().GetResult(), iter: 80, threads: 1);
        output.WriteLine($"{_products} histories, {_looks} looks: {_available} answers said available, {_forbidden} times a thing must not be");
        Assert.True(_available > 100 && _forbidden > 500, $"{_available} and {_forbidden}: the histories are too tame or too wild to show anything");
    }

    async Task LiveAsync(ApiRig rig, History history, int notices, int acts)
    {
        var (product, random) = (NewProduct(), new Random(history.Order));
        var writer = rig.Services.GetRequiredService<LedgerWriter>();
        foreach (var commit in History.Sent(history.Commits(product, EventTime.ToUs(_time.GetUtcNow()), Today), random))
        {
            await writer.CommitAsync(commit);
            if (random.Next(12) == 0) await LookAsync(rig, product);
        }
        for (var n = 0; n < notices; n++)
        {
            await PostAsync(rig, "recalls", new RecallDraft($"notice-{product}-{n}", $"FSN {n}", product) { Lots = n == 0 ? ["A1"] : n == 1 ? ["B1", "B2"] : [] });
            await LookAsync(rig, product);
        }
        for (var n = 0; n < acts; n++) await ActAsync(rig, product, n, random);
        await LookAsync(rig, product);
        // Over the site's midnight: what expires today is expired tomorrow, and nobody tells it.
        _time.Advance(TimeSpan.FromMinutes(random.Next(30, 200)));
        await LookAsync(rig, product);
        if (notices > 0) await PostAsync(rig, $"recalls/notice-{product}-0/close", new RecallClosing("done", random.Next(2) == 0));
        await LookAsync(rig, product);
        _time.Advance(TimeSpan.FromHours(random.Next(20, 40)));
        await LookAsync(rig, product);
    }

    /// <summary>Asks everything that says what may be used, now and then over the address itself, and the folded states.</summary>
    async Task LookAsync(ApiRig rig, string product)
    {
        var forbidden = new RawBooks(rig.Ledger.Path).Forbidden(product, Today);
        _forbidden += forbidden.Count;
        var (stock, views, overHttp) = (rig.Services.GetRequiredService<StockQuery>(), rig.Services.GetRequiredService<StockViews>(), _looks++ % 8 == 0);
        foreach (var place in rig.Services.GetRequiredService<SiteModel>().Locations.Select(place => place.Id).Prepend(null))
        {
            var page = overHttp ? (await rig.Http.GetFromJsonAsync<StockPage>($"/api/v1/stock?product={product}{(place is null ? "" : $"&place={place}")}", ApiJson.Options))! : stock.Stock(place, product);
            foreach (var group in page.Groups)
            {
                foreach (var thing in group.Things) Judge($"stock in {place ?? "all places"}", thing, forbidden);
                Assert.Equal(group.Things.Where(thing => thing.Available).Sum(thing => thing.Pieces), group.Available);
                Assert.True(group.Available <= group.Pieces);
            }
            // What is only counted is read from other columns: it comes to the same, row by row.
            Assert.Equal(page.Groups.Select(Counts), stock.Stock(place, product, things: false).Groups.Select(Counts));
            var first = overHttp ? (await rig.Http.GetFromJsonAsync<List<StockView>>($"/api/v1/stock/first-expired?product={product}{(place is null ? "" : $"&place={place}")}", ApiJson.Options))! : stock.FirstExpired(product, place, 20);
            foreach (var thing in first) Judge("first-expired", thing, forbidden);
        }
        for (var n = 0; n < History.Things; n++)
        {
            var key = History.Key(product, n);
            if (stock.Story(key, null) is { } story) Judge("story", story.Thing, forbidden);
            if (forbidden.TryGetValue(key, out var why) && rig.Ledger.StockItem(key) is { } row) Assert.True(views.Against(row).Count > 0, $"the folded {key} is {why}");
        }
    }

    static string Counts(StockGroup group) => $"{group with { Things = [] }}";

    void Judge(string address, StockView thing, Dictionary<string, string> forbidden)
    {
        Assert.Equal(thing.Against.Count == 0, thing.Available);
        if (!thing.Available) return;
        _available++;
        Assert.False(forbidden.TryGetValue(thing.Key, out var why), $"{address} says that {thing.Key} is available, and it is {why}");
    }

    /// <summary>Something a person does, over the real address, now and then sent twice.</summary>
    async Task ActAsync(ApiRig rig, string product, int n, Random random)
    {
        var kind = s_actKinds[random.Next(s_actKinds.Length)];
        var thing = random.Next(History.Things);
        var expiry = Today.AddDays(random.Next(-1, 3)).ToString("yyMMdd", CultureInfo.InvariantCulture);
        var line = History.IsLot(thing) ? new StockLine($"(01){product}(10)A1", random.Next(4), "store-1") : new StockLine($"(01){product}(17){expiry}(10)A1(21){thing}");
        var act = new StockAct($"act-{product}-{n}-http", kind, [line with { HoldReason = "damaged", Hold = $"event-{product}-{random.Next(30)}" }])
        {
            Place = random.Next(3) == 0 ? "store-2" : "store-1", Case = "case-1", Reason = "for the test", Destination = "store-2", At = _time.GetUtcNow().AddMinutes(-random.Next(300)),
        };
        for (var times = random.Next(1, 3); times > 0; times--) await PostAsync(rig, "stock/acts", act);
        await LookAsync(rig, product);
    }

    static async Task PostAsync(ApiRig rig, string path, object body)
    {
        using var answer = await rig.Http.PostAsJsonAsync($"/api/v1/{path}", body, ApiJson.Options);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(_time.GetUtcNow(), s_london).DateTime);

    string NewProduct()
    {
        var digits = (1061414000000 + _products++).ToString(CultureInfo.InvariantCulture);
        var sum = digits.Select((digit, at) => (digit - '0') * (at % 2 == 0 ? 3 : 1)).Sum();
        return digits + (10 - sum % 10) % 10;
    }

    /// <summary>A clock that is moved by days while the rig's timers go on in real time: a FakeTimeProvider would ring each of them a million times.</summary>
    sealed class MovedClock(DateTimeOffset start) : TimeProvider
    {
        TimeSpan _moved = start - System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _moved;

        public void Advance(TimeSpan by) => _moved += by;
    }
}
