using EdgeTrace.Cloud.Site;

namespace EdgeTrace.Tests.Projections;

public class SiteModelTests
{
    [Fact]
    public void Five_mistakes_are_five_messages()
    {
        var wrong = SmallHospital.Json
            .Replace("\"kind\":\"pharmacy\"", "\"kind\":\"larder\"", StringComparison.Ordinal)
            .Replace("\"inside\":\"store-2\"", "\"inside\":\"store-9\"", StringComparison.Ordinal)
            .Replace("\"side\":\"inside\"", "\"side\":\"within\"", StringComparison.Ordinal)
            .Replace("\"id\":\"desk\"", "\"id\":\"Desk!\"", StringComparison.Ordinal)
            .Replace("Europe/London", "Mars/Olympus", StringComparison.Ordinal);
        var mistakes = Assert.Throws<SiteModelException>(() => SiteModelFile.Read("site.json", wrong)).Errors;
        foreach (var word in (string[])["larder", "store-9", "within", "Desk!", "Mars/Olympus"]) Assert.Contains(mistakes, m => m.Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public void Mistakes_about_equipment_are_named_like_all_others()
    {
        var wrong = SmallHospital.Json.TrimEnd().TrimEnd('}') + """
            , "equipment":[{"gateway":"gw-1","kind":"toaster","id":"t","asset":"1"}, {"gateway":"gw-1","kind":"reader","asset":"2"}, {"gateway":"gw-1"},
                           {"gateway":"gw-1","kind":"reader","id":"r","asset":"3"}, {"gateway":"gw-1","kind":"reader","id":"r","asset":"4"}, {"gateway":"gw-1","kind":"probe","id":"p","room":""}] }
            """;
        var mistakes = Assert.Throws<SiteModelException>(() => SiteModelFile.Read("site.json", wrong)).Errors;
        foreach (var word in (string[])["toaster", "has no id", "says nothing", "\"r\" of gateway \"gw-1\" is there twice", "room has 0 letters"]) Assert.Contains(mistakes, m => m.Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public void Places_lie_in_places_and_a_wrong_tree_or_number_is_named()
    {
        static string With(string more) => SmallHospital.Json.Replace("\"locations\":[", "\"locations\":[" + more + ",", StringComparison.Ordinal);
        var site = SiteModelFile.Read("site.json", With("""{"id":"bin-1","name":"Bin 1","kind":"store","parent":"store-1","gln":"0614141000036"},{"id":"box-1","kind":"store","parent":"bin-1"}"""));
        Assert.Equal(["store-1", "bin-1", "box-1"], site.Within("store-1"));
        Assert.Equal(["store-2"], site.Within("store-2"));

        var wrong = With("""{"id":"a","kind":"store","parent":"b"},{"id":"b","kind":"store","parent":"a"},{"id":"c","kind":"store","parent":"d"},{"id":"e","kind":"store","gln":"0614141000037"}""");
        var mistakes = Assert.Throws<SiteModelException>(() => SiteModelFile.Read("site.json", wrong)).Errors;
        foreach (var word in (string[])["\"a\" lies in itself", "lies in \"d\"", "0614141000037"]) Assert.Contains(mistakes, m => m.Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public void An_exit_says_how_long_it_asks_and_a_silly_time_is_named()
    {
        static string With(string word, string value) => Exits.LoadingBay.Json.Replace("\"id\":\"door-1\",", $"\"id\":\"door-1\",\"{word}\":\"{value}\",", StringComparison.Ordinal);
        var door = SiteModelFile.Read("site.json", With("redAfter", "00:02:00")).Portal("door-1")!;
        Assert.Equal((TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(60)), (door.RedAfter, door.LateAfter));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5)), SiteModelFile.Read("site.json", With("lateAfter", "00:05:00")).Portal("door-1") is { } late ? (late.RedAfter, late.LateAfter) : default);
        foreach (var (word, value, says) in ((string, string, string)[])[("redAfter", "00:00:01", "5 s to 10 min"), ("redAfter", "01:00:00", "5 s to 10 min"), ("lateAfter", "00:00:02", "10 s to 1 h"), ("lateAfter", "02:00:00", "10 s to 1 h")])
            Assert.Contains(says, Assert.Single(Assert.Throws<SiteModelException>(() => SiteModelFile.Read("site.json", With(word, value))).Errors), StringComparison.Ordinal);
        var inside = Exits.LoadingBay.Json.Replace("\"id\":\"door-2\",", "\"id\":\"door-2\",\"redAfter\":\"00:00:20\",", StringComparison.Ordinal);
        Assert.Contains("no door out of the building", Assert.Single(Assert.Throws<SiteModelException>(() => SiteModelFile.Read("site.json", inside)).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_portal_is_looked_up_by_event_time()
    {
        var json = SmallHospital.Json.Replace("\"portals\":[", """
            "portals":[{"id":"door-1","name":"Store 1 door","gateway":"gw-2","inside":"store-1","outside":"corridor","antennas":[{"antenna":1,"side":"outside"},{"antenna":2,"side":"inside"}],"validFrom":"2026-11-01T00:00:00Z"},
            """, StringComparison.Ordinal);
        var site = SiteModelFile.Read("site.json", json);
        var swap = EventTime.ToUs(new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(("gw-1", "gw-2"), (site.Portal("door-1", swap - 1)!.Gateway, site.Portal("door-1", swap)!.Gateway));
    }

    [Fact]
    public void A_product_list_names_the_lines_it_cannot_use()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "gtin,name,manufacturer,category\n10614141123459,Hip stem,Acme,implants\n12,Bad,,\n05012345678900,,,\n");
        try
        {
            var mistakes = Assert.Throws<SiteModelException>(() => ProductCatalogue.Load(path)).Errors;
            Assert.Equal(2, mistakes.Count);
            Assert.StartsWith("line 3", mistakes[0], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
