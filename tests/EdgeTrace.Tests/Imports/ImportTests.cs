using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;

namespace EdgeTrace.Tests.Imports;

/// <summary>Spreadsheets of products, par levels and an opening balance, sent to the real address.</summary>
public class ImportTests
{
    const string Cup = "05412345000013";

    [Fact]
    public async Task A_catalogue_is_looked_at_then_taken_and_things_have_names_from_then_on()
    {
        await using var rig = await ApiRig.StartAsync();
        const string csv = "gtin,name,manufacturer,category,price,life_days_min\n05412345000013,Acetabular cup 52 mm,Acme,implants,431.50,90\n10614141123459,\"Hip stem, 44 mm\",Acme,implants,1200,\n";
        var seen = await SendAsync(rig, "catalogue", csv, check: true);
        Assert.Equal((false, 2, 1, 1, 0), (seen.Done, seen.Lines, seen.New, seen.Changed, seen.Same));
        Assert.Equal(1, (await Get<CatalogueView>(rig, "/api/v1/catalogue")).Count);

        Assert.True((await SendAsync(rig, "catalogue", csv)).Done);
        Assert.Equal((0, 2), await SendAsync(rig, "catalogue", csv) switch { var again => (again.New + again.Changed, again.Same) });
        var found = Assert.Single((await Get<CatalogueView>(rig, "/api/v1/catalogue?q=acetabular")).Products);
        Assert.Equal((Cup, 43_150L, 90), (found.Key, found.Pence, found.LifeDaysMin));
        Assert.Contains(rig.Ledger.Audit(new(null, null, null, "import-catalogue", null, null), 10), row => row.Detail == "2 products");
        // What has come in is named and judged by it: ninety days of life at receipt.
        var soon = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(30);
        var line = (await ActAsync(rig, new("a1", "received", [new($"(01){Cup}(17){soon:yyMMdd}(10)C1(21)7")]) { Place = "goods-in" })).Lines[0];
        Assert.Equal(("done", "Acetabular cup 52 mm", "short-dated"), (line.Outcome, line.Name!.Name, Assert.Single(line.Says).Code));
    }

    [Fact]
    public async Task Nothing_is_taken_while_a_line_is_wrong_and_each_wrong_line_is_named()
    {
        await using var rig = await ApiRig.StartAsync();
        var seen = await SendAsync(rig, "catalogue", "gtin,name,side,price\n05412345000013,Cup,,\n123,Short,,\n08714729123450,Knee,middle,\n05012345678900,Dear,,much\n");
        Assert.False(seen.Done);
        Assert.Equal(["line 3", "line 4", "line 5"], seen.Errors.Select(error => error.Split(':')[0]));
        Assert.Equal(1, (await Get<CatalogueView>(rig, "/api/v1/catalogue")).Count);
        Assert.Contains("column \"name\" is missing", Assert.Single((await SendAsync(rig, "catalogue", "gtin\n05412345000013\n")).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_imported_is_there_after_a_restart_and_no_replay_says_it()
    {
        await using var rig = await ApiRig.StartAsync();
        await SendAsync(rig, "catalogue", $"gtin,name\n{Cup},Acetabular cup 52 mm\n");
        Assert.Equal("Acetabular cup 52 mm", Assert.Single(rig.Ledger.Products()).Name);
        var names = new ItemNames(SmallHospital.Names.Products);
        names.Use(names.Products.With(rig.Ledger.Products()));
        Assert.Equal("Acetabular cup 52 mm", names.Named("k", Cup, null, null).Name);
        Assert.Equal($"GTIN {Cup}", names.AsConfigured.Named("k", Cup, null, null).Name);
        Assert.Equal("Acetabular cup 52 mm", names.Anew(new("k", $"GTIN {Cup}", "lot 1")).Name);
    }

    [Fact]
    public async Task What_is_below_its_par_is_low_and_what_is_held_does_not_count()
    {
        await using var rig = await ApiRig.StartAsync();
        Assert.True((await SendAsync(rig, "pars", "place,product,par\nStore 1,10614141123459,3\nstore-2,10614141123459,1\n")).Done);
        await ActAsync(rig, new("a1", "opening", [new("(01)10614141123459(17)290131(10)A(21)1"), new("(01)10614141123459(17)290131(10)A(21)2"), new("(01)10614141123459(17)290131(10)A(21)3")]) { Place = "store-1" });
        await ActAsync(rig, new("a2", "held", [new("(01)10614141123459(21)3", HoldReason: "damaged")]) { Reason = "wet" });
        var pars = await Get<List<ParView>>(rig, "/api/v1/pars");
        Assert.Equal([("Store 1", 3, 2, 1), ("Store 2", 1, 0, 1)], pars.Select(par => (par.PlaceName, par.Par, par.Available, par.Short)).Order());
        // A place where none is left still stands on the page.
        var groups = (await Get<StockPage>(rig, "/api/v1/stock?things=false")).Groups;
        Assert.Equal([("Store 1", 3, 2, 3), ("Store 2", 0, 0, 1)], groups.Select(group => (group.LocationName, group.Pieces, group.Available, group.Par!.Value)));
        Assert.Equal([1, 1], groups.Select(group => group.Short));
        Assert.All(groups, group => Assert.Empty(group.Things));

        Assert.True((await SendAsync(rig, "pars", "place,product,par\nstore-2,10614141123459,\n")).Done);
        Assert.Single(await Get<List<ParView>>(rig, "/api/v1/pars"));
        Assert.Equal(["line 2", "line 3"], (await SendAsync(rig, "pars", "place,product,par\nnowhere,10614141123459,1\nstore-1,10614141123459,many\n")).Errors.Select(error => error.Split(':')[0]));
    }

    [Fact]
    public async Task An_opening_balance_is_taken_line_by_line_and_never_twice()
    {
        await using var rig = await ApiRig.StartAsync();
        var csv = "place,code,gtin,lot,serial,expiry,quantity\n"
            + "Store 1,(01)10614141123459(17)290131(10)A(21)1,,,,,\n"
            + "store-1,,10614141123459,A,2,2029-01-31,\n"
            + "store-2,,10614141123459,B,,2028-06-30,40\n"
            + "store-2,,10614141123459,B,,2028-06-30,2\n";
        var seen = await SendAsync(rig, "stock/opening", csv, check: true);
        Assert.Equal((false, 4, 3, 0), (seen.Done, seen.Lines, seen.New, seen.Errors.Count));
        Assert.Empty((await Get<StockPage>(rig, "/api/v1/stock")).Groups);

        Assert.Equal((true, 3), await SendAsync(rig, "stock/opening", csv) switch { var done => (done.Done, done.New) });
        // With a line put right and one more: what is there stays, what is new comes.
        Assert.Equal((1, 3), await SendAsync(rig, "stock/opening", csv + "store-1,,10614141123459,A,3,,\n") switch { var again => (again.New, again.Same) });
        Assert.Equal([("Store 1", 3), ("Store 2", 42)], (await Get<StockPage>(rig, "/api/v1/stock")).Groups.Select(group => (group.LocationName, group.Available)));
        Assert.All(rig.Ledger.StockEventsAfter(0, 100), recorded => Assert.Equal(EdgeTrace.Stock.EventKind.Opening, recorded.Event.Kind));
    }

    [Fact]
    public async Task A_tag_in_the_opening_balance_is_the_things_name_at_doors()
    {
        await using var rig = await ApiRig.StartAsync();
        await SendAsync(rig, "stock/opening", $"place,code,epc\nstore-2,(01)10614141123459(17)290131(10)A(21)1003,{SmallHospital.Tag(3)}\n");
        await rig.WalkInAsync(1, tag: 3, EventTime.ToUs(TimeProvider.System.GetUtcNow().AddMinutes(1)));
        await ApiRig.UntilAsync(() => rig.Ledger.FeedHead() > 0, "the movement is in the feed");
        var group = Assert.Single((await Get<StockPage>(rig, "/api/v1/stock")).Groups);
        Assert.Equal(("Store 1", SmallHospital.Tag(3)), (group.LocationName, Assert.Single(group.Things).Key));
        Assert.Contains("line 2: epc", Assert.Single((await SendAsync(rig, "stock/opening", "place,code,epc\nstore-2,(01)10614141123459(21)9,hello\n")).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_an_opening_balance_that_cannot_be_used_says_why()
    {
        await using var rig = await ApiRig.StartAsync();
        var seen = await SendAsync(rig, "stock/opening", "place,code,gtin,lot,serial,expiry,quantity\n"
            + "store-1,(01)10614141123450(21)1,,,,,\nnowhere,(01)10614141123459(21)1,,,,,\nstore-1,,,A,,,\nstore-1,,10614141123459,A,,31.12.2028,1\nstore-1,,10614141123459,A,,,\nstore-1,,10614141123459,A,9,,3\n");
        Assert.False(seen.Done);
        Assert.Equal(["line 2", "line 3", "line 4", "line 5", "line 6", "line 7"], seen.Errors.Select(error => error.Split(':')[0]));
        Assert.Empty(rig.Ledger.StockEventsAfter(0, 10));
    }

    [Fact]
    public async Task A_file_that_is_not_utf_8_text_is_refused_in_a_sentence()
    {
        await using var rig = await ApiRig.StartAsync();
        Assert.NotEmpty((await SendAsync(rig, "catalogue", "")).Errors);
        Assert.NotEmpty((await SendAsync(rig, "pars", "\0\u0001\u0002")).Errors);
    }

    internal static async Task<ImportView> SendAsync(ApiRig rig, string address, string csv, bool check = false)
    {
        using var answer = await rig.Http.PostAsync($"/api/v1/{address}{(check ? "?check=true" : "")}", new StringContent(csv, Encoding.UTF8, "text/csv"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.Content.Headers.ContentType?.MediaType != "application/x-ndjson") return JsonSerializer.Deserialize<ImportView>(text, ApiJson.Options)!;
        var steps = text.TrimEnd('\n').Split('\n').Select(line => JsonSerializer.Deserialize<ImportProgress>(line, ApiJson.Options)!).ToList();
        Assert.All(steps.SkipLast(1), step => Assert.Null(step.Outcome));
        return steps[^1].Outcome!;
    }

    internal static async Task<ActOutcome> ActAsync(ApiRig rig, StockAct act)
    {
        using var answer = await rig.Http.PostAsJsonAsync("/api/v1/stock/acts", act, ApiJson.Options);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<ActOutcome>(ApiJson.Options))!;
    }

    internal static async Task<T> Get<T>(ApiRig rig, string address) => (await rig.Http.GetFromJsonAsync<T>(address, ApiJson.Options))!;
}
