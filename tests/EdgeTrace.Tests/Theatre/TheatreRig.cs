using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Theatre;

/// <summary>A theatre with two makers' hips and both sides of a knee on its shelf, over the real addresses and a real ledger.</summary>
sealed class TheatreRig(ApiRig rig) : IAsyncDisposable
{
    public const string Stem = "05098101100113", Head = "05098101101363", OtherHead = "05098707101323", LeftKnee = "05098101201032", Screw = "05098101300995";
    public const string Badge = "NMC 12A3456";
    public const string NhsNumber = "9434765919", OtherNhsNumber = "9434765870";

    const string Site = """
        { "trust":{"id":"t","name":"Trust"}, "site":{"id":"s","name":"St Elsewhere","timeZone":"Europe/London"},
          "locations":[{"id":"theatre-1","name":"Theatre 1","kind":"theatre"},{"id":"store-1","name":"Store 1","kind":"store"},{"id":"corridor","name":"Corridor","kind":"corridor"}],
          "portals":[], "scanners":[{"id":"theatre-desk","name":"Theatre 1 desk","location":"theatre-1","gateway":"gw-1"}], "points":[] }
        """;

    public ApiRig Rig { get; } = rig;

    public static async Task<TheatreRig> StartAsync(TimeProvider? time = null)
    {
        static Product Part(string gtin, string name, string component, string brand, string? side = null, string? taper = null, double? size = null, bool serialised = true) =>
            new(gtin, name, brand, "Implants") { Implant = true, Component = component, Brand = brand, Side = side, Taper = taper, SizeMm = size, Serialised = serialised, Pence = 62_000 };
        var products = new ProductCatalogue([
            Part(Stem, "Hip stem, size 11", "stem", "Harrow", taper: "12/14"), Part(Head, "Femoral head, 36 mm", "head", "Harrow", taper: "12/14", size: 36),
            Part(OtherHead, "Femoral head, 32 mm", "head", "Beckett", taper: "12/14", size: 32), Part(LeftKnee, "Knee femoral, left", "femoral", "Harrow", side: "left"), Part(Screw, "Bone screw", "screw", "Harrow", serialised: false)]);
        var rig = await ApiRig.StartAsync(time, Site, services => services.AddSingleton(new ItemNames(products)));
        await rig.Services.GetRequiredService<AccountDesk>().AddAsync("test", "ann.fox", "Ann Fox", Badge, [StaffRole.Theatre]);
        await rig.Services.GetRequiredService<AccountDesk>().AddAsync("test", "joe.bell", "Joe Bell", "EST 1", [StaffRole.Estates]);
        return new(rig);
    }

    public static string Label(string gtin, int serial, string expiry = "300131", string lot = "A1") => $"(01){gtin}(17){expiry}(10){lot}(21){serial}";

    public Task<CaseView> EnterAsync(string number = "T-12", string? side = "left", string nhsNumber = NhsNumber, string? id = null) => PostAsync<CaseNotice, CaseView>("cases", Notice(number, side, nhsNumber, id));

    public static CaseNotice Notice(string number, string? side, string nhsNumber, string? id = null) => new(
        id ?? Guid.NewGuid().ToString(), number, "theatre-1", TimeProvider.System.GetUtcNow(), side, "Total hip replacement", "W37.1", "GMC 1234567", nhsNumber, "Okafor", "Grace", new(1951, 3, 14), "LS1 4AP");

    public async Task StockAsync(params string[] labels)
    {
        var answer = await Rig.Http.PostAsJsonAsync("/api/v1/stock/acts", new StockAct(Guid.NewGuid().ToString(), "opening", [.. labels.Select(label => new StockLine(label, label.Contains("(21)", StringComparison.Ordinal) ? null : 20))]) { Place = "theatre-1" }, ApiJson.Options);
        answer.EnsureSuccessStatusCode();
    }

    public Task<TheatreAnswer> ScanAsync(string code, string? id = null, string? after = null, DateTimeOffset? at = null, bool noSerial = false, bool offline = false, string? of = null) =>
        PostAsync<TheatreScan, TheatreAnswer>("scans", new(id ?? Guid.NewGuid().ToString(), "theatre-1", code, null, of, after, at, noSerial, offline));

    public Task<TheatreAnswer> ActAsync(string kind, string scan, string? reason = null, string? second = null, bool? seal = true, bool offline = false, string? id = null) =>
        PostAsync<TheatreAct, TheatreAnswer>("acts", new(id ?? Guid.NewGuid().ToString(), kind, null, scan, kind == "opened" ? seal : null, reason, second, null, offline));

    public async Task<TAnswer> PostAsync<T, TAnswer>(string what, T body)
    {
        var answer = await Rig.Http.PostAsJsonAsync($"/api/v1/theatre/{what}", body, ApiJson.Options);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<TAnswer>(ApiJson.Options))!;
    }

    public ValueTask DisposeAsync() => Rig.DisposeAsync();
}
