using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;

namespace EdgeTrace.Tests.Stock;

/// <summary>A replay of all input changes nothing, also of what people said.</summary>
public sealed class ReplayTests
{
    const string Label = "(01)10614141123459(17)290131(10)A1(21)1003";
    const string Other = "(01)10614141123459(17)290131(10)A1(21)1004";

    [Fact]
    public async Task A_ledger_made_anew_from_the_log_and_from_what_people_said_says_the_same()
    {
        await using var rig = await ApiRig.StartAsync();
        await DoAsync(rig, "received", "goods-in", new StockLine(Label), new StockLine(Other), new StockLine("(01)10614141123459(10)B2", 40));
        await DoAsync(rig, "stored", "store-2", new StockLine(Other), new StockLine("(01)10614141123459(10)B2", 12, From: "goods-in"));
        await DoAsync(rig, "missed", null, new StockLine(Other));
        await rig.WalkInAsync(1, tag: 3, EventTime.ToUs(TimeProvider.System.GetUtcNow()) + 1_000_000);
        await ApiRig.UntilAsync(() => rig.Ledger.Totals()["movements"] == 1, "the movement is there");

        // A person says that the door was wrong, and that one of the scans was, and where the things are.
        var movement = rig.Ledger.NewestFeed("movement", 1)[0].Fact;
        await PostAsync(rig, $"stock/movements/{movement}/declare-wrong", new WrongNotice("nobody went in", "store-2"));
        var stored = rig.Ledger.StockEventsAfter(0, 100).First(row => row.Event is { Kind: EdgeTrace.Stock.EventKind.Stored, Detail.Quantity: null }).Event.Id;
        await PostAsync(rig, $"stock/events/{stored}/declare-wrong", new WrongNotice("another box", "pharmacy"));
        await PostAsync(rig, "recalls", new RecallDraft("recall-1", "FSN 1", "10614141123459") { Lots = ["A1"] });
        await PostAsync(rig, "recalls/recall-1/answers", new RecallAnswerGiven("store-2", 1));
        await PostAsync(rig, "recalls/recall-1/release", new RecallReleased("act-r", rig.Ledger.StockHeld(9)[0].Item.Key, "not of the lot"));
        await PostAsync(rig, "recalls/recall-1/close", new RecallClosing("done", false));

        var live = CanonicalDump.Lines(rig.Ledger);
        foreach (var kind in (string[])["visit", "movement", "stockEvent", "stockItem", "stockLot", "stockPieces", "declaredWrong", "recallNotice", "recallAnswer", "recallClosed"])
            Assert.Contains(live, line => line.StartsWith($"{{\"kind\":\"{kind}\"", StringComparison.Ordinal));
        Assert.Equal("pharmacy", rig.Ledger.WhereIs("https://id.gs1.org/01/10614141123459/21/1004")!.Location);
        Assert.Equal(live, await ReplayedAsync(rig));
    }

    static async Task<IReadOnlyList<string>> ReplayedAsync(ApiRig rig)
    {
        var folder = Directory.CreateTempSubdirectory("edgetrace-replay-");
        try
        {
            var path = Path.Combine(folder.FullName, "ledger.db");
            using var log = BatchLogReader.Open(rig.Folder);
            var promised = rig.Ledger.Zones().Where(z => z.Position.ThroughUs > long.MinValue).ToDictionary(z => z.Zone, z => z.Position.ThroughUs);
            await LedgerReplay.RunAsync(log.Read, log.Gaps(), path, SmallHospital.Site, SmallHospital.Names, promised, TimeProvider.System);
            await LedgerReplay.AddPeopleAsync(rig.Ledger, path, TimeProvider.System);
            return CanonicalDump.Lines(new(path));
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    static async Task DoAsync(ApiRig rig, string kind, string? place, params StockLine[] lines)
    {
        var answer = await rig.Http.PostAsJsonAsync("/api/v1/stock/acts", new StockAct(Guid.NewGuid().ToString(), kind, lines) { Place = place, Terminal = "desk-3" }, ApiJson.Options);
        Assert.All((await answer.Content.ReadFromJsonAsync<ActOutcome>(ApiJson.Options))!.Lines, line => Assert.Equal("done", line.Outcome));
    }

    static async Task PostAsync(ApiRig rig, string path, object body)
    {
        var answer = await rig.Http.PostAsJsonAsync($"/api/v1/{path}", body, ApiJson.Options);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
