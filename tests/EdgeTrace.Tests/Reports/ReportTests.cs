using System.Net.Http.Json;
using System.Net;
using EdgeTrace.Api;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;
using static EdgeTrace.Tests.Imports.ImportTests;

namespace EdgeTrace.Tests.Reports;

/// <summary>Reports over acts whose sum is known.</summary>
public class ReportTests
{
    static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task What_runs_out_soon_is_counted_with_its_cost_and_what_has_run_out_apart()
    {
        await using var rig = await StockedAsync();
        var report = await Get<ReportView>(rig, "/api/v1/reports/expiring?days=30");
        Assert.Equal("11 pieces worth £13\u202f200.00 run out within 30 days, and 1 piece worth £1\u202f200.00 are out of date already.", report.Says);
        Assert.Equal(["-1", "10", "20"], report.Rows.Select(row => row.Cells[1]));
        Assert.StartsWith("expired", report.Rows[0].Cells[5], StringComparison.Ordinal);
        Assert.Equal("yes", report.Rows[1].Cells[5]);
        Assert.Equal(4, (await Get<ReportView>(rig, "/api/v1/reports/expiring?days=60")).Rows.Count);
        var csv = await rig.Http.GetStringAsync("/api/v1/reports/expiring.csv?days=30");
        Assert.Equal("expiry,days_left,product,which,place,state,pieces,pounds", csv.Split("\r\n")[0]);
        Assert.Equal(5, csv.Split("\r\n").Length);
    }

    [Fact]
    public async Task Waste_is_summed_by_reason_at_what_it_cost_when_it_came()
    {
        await using var rig = await StockedAsync();
        await SendAsync(rig, "catalogue", "gtin,name,price\n10614141123459,Hip stem 44 mm,9999\n");
        await ActAsync(rig, new("w1", "wasted", [new("(01)10614141123459(21)1")]) { Reason = "Dropped: in theatre" });
        await ActAsync(rig, new("w2", "wasted", [new("(01)10614141123459(10)L", 4, "store-1")]) { Reason = "Dropped" });
        await ActAsync(rig, new("w3", "wasted", [new("(01)10614141123459(21)2")]) { Reason = "Out of date" });
        var report = await Get<ReportView>(rig, "/api/v1/reports/wasted");
        Assert.Equal("6 pieces worth £7\u202f200.00 were thrown away.", report.Says);
        Assert.Equal([("Dropped", "5", "6000.00"), ("Out of date", "1", "1200.00")], report.Rows.Select(row => (row.Cells[0], row.Cells[2], row.Cells[3])));

        var wrong = rig.Ledger.StockEventsOfAct("w3")[0].Event.Id;
        Assert.Equal(HttpStatusCode.NoContent, (await rig.Http.PostAsJsonAsync($"/api/v1/stock/events/{wrong}/declare-wrong", new WrongNotice("it was another"))).StatusCode);
        Assert.Equal("5 pieces worth £6\u202f000.00 were thrown away.", (await Get<ReportView>(rig, "/api/v1/reports/wasted")).Says);
    }

    [Fact]
    public async Task What_moved_is_counted_by_place_and_day_by_doors_and_by_people()
    {
        await using var rig = await StockedAsync();
        await rig.WalkInAsync(1, tag: 3, SmallHospital.StartUs);
        await ApiRig.UntilAsync(() => rig.Ledger.FeedHead() > 0, "the movement is in the feed");
        await ActAsync(rig, new("s1", "stored", [new("(01)10614141123459(21)1")]) { Place = "store-2" });
        var from = Uri.EscapeDataString(DateTimeOffset.UnixEpoch.AddMicroseconds(SmallHospital.StartUs - 1_000_000).ToString("O"));
        var to = Uri.EscapeDataString(DateTimeOffset.UnixEpoch.AddMicroseconds(SmallHospital.StartUs + 60_000_000).ToString("O"));
        var then = await Get<ReportView>(rig, $"/api/v1/reports/moved?from={from}&to={to}");
        Assert.Equal([("Corridor", "0", "1"), ("Store 1", "1", "0")], then.Rows.Select(row => (row.Cells[1], row.Cells[2], row.Cells[3])));
        var now = await Get<ReportView>(rig, "/api/v1/reports/moved");
        Assert.Equal("1", Assert.Single(now.Rows, row => row.Cells[1] == "Store 2").Cells[5]);
    }

    [Fact]
    public async Task What_is_missing_is_listed_with_where_it_was()
    {
        await using var rig = await StockedAsync();
        await ActAsync(rig, new("m1", "missed", [new("(01)10614141123459(21)1", From: "store-1")]));
        var report = await Get<ReportView>(rig, "/api/v1/reports/missing");
        Assert.Equal("1 thing is missing, worth £1\u202f200.00.", report.Says);
        Assert.Equal(("missing", "Store 1"), (report.Rows[0].Cells[2], report.Rows[0].Cells[4]));
    }

    [Fact]
    public async Task What_cannot_be_asked_says_what_can()
    {
        await using var rig = await ApiRig.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Http.GetAsync("/api/v1/reports/nonsense")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await rig.Http.GetAsync("/api/v1/reports/moved?from=2026-02-01&to=2026-01-01")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await rig.Http.GetAsync("/api/v1/reports/expiring?days=-1")).StatusCode);
        Assert.Equal("Nothing is below its par level.", (await Get<ReportView>(rig, "/api/v1/reports/low")).Says);
    }

    /// <summary>Stems at £1 200: serial 1 for 10 days, 2 out of date since yesterday, 3 for 45 days, and ten pieces of lot L for 20.</summary>
    static async Task<ApiRig> StockedAsync()
    {
        var rig = await ApiRig.StartAsync();
        await SendAsync(rig, "catalogue", "gtin,name,price\n10614141123459,Hip stem 44 mm,1200\n");
        string Label(int days, string rest) => $"(01)10614141123459(17){Today.AddDays(days):yyMMdd}{rest}";
        await ActAsync(rig, new("o1", "opening", [new(Label(10, "(21)1")), new(Label(-1, "(21)2")), new(Label(45, "(21)3")), new(Label(20, "(10)L"), 10)]) { Place = "store-1" });
        return rig;
    }
}
