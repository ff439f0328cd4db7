using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using EdgeTrace.Api;
using EdgeTrace.Cloud;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Doctor;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Contract;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings.Lines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static EdgeTrace.Tests.Readings.ScriptedStore;

namespace EdgeTrace.Tests.Readings;

/// <summary>Stores elsewhere beside the real projections and the real API: what is away delays nothing, and says so.</summary>
public sealed class ReadingsElsewhereTests
{
    [Fact]
    public async Task A_store_that_is_away_grows_a_lag_and_delays_nothing_and_gets_everything_once_it_is_there()
    {
        var port = FreePort();
        await using var rig = await StartAsync(port);
        for (var i = 0; i < 4; i++) await rig.WalkInAsync((ulong)i + 1, i, SmallHospital.StartUs + i * 70_000_000L);
        await ApiRig.UntilAsync(() => rig.Ledger.Totals()["movements"] == 4, "four movements with the store away");
        await ApiRig.UntilAsync(() => Of(rig, "readings").State == "current" && rig.Services.GetRequiredService<EdgeTrace.Store.Readings.ReadingsStore>().Totals()["visitsStored"] == 4, "the embedded store has them");
        await ApiRig.UntilAsync(() => Of(rig, "readings/influxdb") is { State: "away" }, "it says that the store is away");
        var away = Of(rig, "readings/influxdb");
        Assert.Equal((0, 4), (away.Position, away.Lag));
        Assert.StartsWith($"InfluxDb at http://127.0.0.1:{port} does not answer: Connection refused", away.Reason, StringComparison.Ordinal);
        Assert.True(away.Remedy.Length > 0 && away.Since is not null && !away.IsMoving());
        Assert.Equal(4, rig.Services.GetRequiredService<StatusQuery>().Status().Applied);

        var fault = Assert.Single((await rig.Http.GetFromJsonAsync<FaultsView>("/api/v1/faults", ApiJson.Options, TestContext.Current.CancellationToken))!.Faults, fault => fault.Name == "Readings store influxdb");
        Assert.Equal(("readings", "away", Severity.Warning, away.Reason), (fault.Kind, fault.State, fault.Severity, fault.Said));

        var doctor = await new ProcessCheck(new() { Url = rig.Http.BaseAddress!.ToString() }, EdgeTrace.Cloud.Accounts.SetUp.LocalKey(rig.Folder), "127.0.0.1", port).LookAsync(TestContext.Current.CancellationToken);
        var finding = Assert.Single(doctor, finding => finding.Name == "projection readings/influxdb");
        Assert.Equal((Verdict.Warning, away.Remedy), (finding.Verdict, finding.Do));
        Assert.EndsWith(", 4 behind.", finding.Says, StringComparison.Ordinal);
        Assert.StartsWith($"It has not answered since {away.Since:yyyy-MM-dd HH:mm}Z: InfluxDb at", finding.Says, StringComparison.Ordinal);

        await using var store = await ScriptedStore.StartAsync(port);
        await ApiRig.UntilAsync(() => Of(rig, "readings/influxdb") is { State: "current", Reason: "" }, "it has caught up");
        await ApiRig.UntilAsync(() => store.Taken.Count(line => line.StartsWith("visit,", StringComparison.Ordinal)) == 4, "the visits are there");
        Assert.Equal(48, store.Taken.Distinct().Where(line => line.StartsWith("portal_reads,", StringComparison.Ordinal)).Sum(line => int.Parse(line.Split("count=")[1].Split('i')[0], null)));
        Assert.Equal(4, store.Taken.Where(line => line.StartsWith("visit,", StringComparison.Ordinal)).Select(line => line.Split(' ')[^1]).Distinct().Count());
    }

    [Fact]
    public async Task What_the_log_let_go_while_a_store_was_away_is_counted_and_the_rest_is_copied()
    {
        await using var store = await ScriptedStore.StartAsync();
        store.Otherwise = Say(503);
        await using var rig = await StartAsync(store.Url.Port);
        for (var i = 1ul; i <= 2; i++) await rig.AppendAsync(Samples(i));
        await ApiRig.UntilAsync(() => store.Requests.Any(request => request.Lines.Length > 0), "the store has been asked");
        for (var i = 3ul; i <= 10; i++) await rig.AppendAsync(Samples(i));
        var sent = store.Requests.Last().Lines.Length;
        // What retention does, at once and without waiting for anybody.
        Assert.Equal(7, await rig.Services.GetRequiredService<BatchLog>().TrimAsync(upto: 7, beforeUs: long.MaxValue, TestContext.Current.CancellationToken));
        store.Otherwise = Say(204);
        await ApiRig.UntilAsync(() => Of(rig, "readings/influxdb") is { Position: 10, State: ProjectionView.Incomplete }, "it goes on, and owns up");
        var view = Of(rig, "readings/influxdb");
        Assert.Contains($"does not have {7 - sent} batches that the log let go while it was away", view.Reason, StringComparison.Ordinal);
        Assert.True(view.IsMoving());
        Assert.Contains(("influxdb", "batches-missed", 7L - sent), rig.Services.GetRequiredService<ReadingsElsewhere>().Missed());
        Assert.Equal(sent + 3, store.Taken.Distinct().Count());
    }

    [Fact]
    public async Task A_damaged_file_of_cursors_is_set_aside_and_the_store_is_written_again()
    {
        await using var store = await ScriptedStore.StartAsync();
        await using var rig = await StartAsync(store.Url.Port, folder => File.WriteAllText(Path.Combine(folder, "stores.db"), new string('x', 9000)));
        await rig.AppendAsync(Samples(1));
        await ApiRig.UntilAsync(() => store.Taken.Count == 1, "the sample is there");
        Assert.Single(Directory.GetFiles(rig.Folder, "stores.db.damaged-*"));
    }

    [Fact]
    public async Task Visits_that_begin_together_have_times_of_their_own_whatever_page_they_come_in()
    {
        await using var rig = await ApiRig.StartAsync();
        var reads = Enumerable.Range(0, 5).SelectMany(tag => Enumerable.Range(0, 12).Select(i => (SmallHospital.StartUs + i * 60_000, (ushort)(i < 6 ? 1 : 2), SmallHospital.Tag(tag))));
        await rig.AppendAsync(SmallHospital.Reads("door-1", 1, [.. reads]));
        rig.Promises.Say(new(SmallHospital.Gateway, "reads/door-1", 7, 2, SmallHospital.StartUs + 60_000_000));
        await ApiRig.UntilAsync(() => rig.Ledger.Totals()["visits"] == 5, "five visits");
        var pages = rig.Services.GetRequiredService<ReadingsPages>();
        var whole = pages.Read(default, EdgeTrace.Store.Readings.ReadDetail.Counts)!;
        Assert.Equal(Enumerable.Range(0, 5).Select(i => SmallHospital.StartUs * 1000 + i), whole.Visits.Select(visit => visit.Ns).Order());
        var rest = pages.Read(new(1, 3), EdgeTrace.Store.Readings.ReadDetail.Counts)!;
        Assert.Equal(whole.Visits.Skip(3), rest.Visits);
        Assert.Equal(60, whole.Counts.Sum(count => count.Reads));
        Assert.Equal(5, whole.Counts.Max(count => count.Tags));
        Assert.Null(pages.Read(whole.To, EdgeTrace.Store.Readings.ReadDetail.Counts));
    }

    [Fact]
    public async Task Reads_are_counted_by_the_minute_and_kept_singly_where_asked()
    {
        await using var rig = await ApiRig.StartAsync();
        var minute = SmallHospital.StartUs / 60_000_000 * 60_000_000;
        await rig.AppendAsync(SmallHospital.Reads("door-1", 1, [.. new[] { 10L, 10, 59_999_999, 60_000_000, 60_000_001 }.Select((us, i) => (minute + us, (ushort)1, SmallHospital.Tag(i % 2)))]));
        var page = rig.Services.GetRequiredService<ReadingsPages>().Read(default, EdgeTrace.Store.Readings.ReadDetail.Reads)!;
        Assert.Equal([("door-1", (minute + 10) * 1000 + 1, 3, 2), ("door-1", (minute + 60_000_000) * 1000 + 1, 2, 2)], page.Counts.Select(c => (c.Portal, c.Ns, c.Reads, c.Tags)));
        Assert.Equal([(minute + 10) * 1000, (minute + 10) * 1000 + 1, (minute + 59_999_999) * 1000, (minute + 60_000_000) * 1000, (minute + 60_000_001) * 1000], page.Reads.Select(read => read.Ns));
        Assert.Equal([SmallHospital.Tag(0), SmallHospital.Tag(1), SmallHospital.Tag(0), SmallHospital.Tag(1), SmallHospital.Tag(0)], page.Reads.Select(read => read.Epc));
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(503, "31536000", 900)]   // a year is not believed
    [InlineData(500, null, 0)]
    public async Task A_store_is_asked_again_when_it_said_and_not_sooner(int status, string? retryAfter, int seconds)
    {
        await using var rig = await ApiRig.StartAsync();
        await rig.AppendAsync(Samples(1));
        await using var server = await ScriptedStore.StartAsync();
        server.Then(Say(status, "", retryAfter));
        var time = new FakeTimeProvider();
        using var file = StoresFile.Open(Path.Combine(rig.Folder, "stores.db"));
        using var store = new LineStore(new("influxdb", LineKind.InfluxDb, server.Url, "d", "", "", false, () => null), file, default, time);
        using var projection = new ReadingsProjection(store, rig.Services.GetRequiredService<ReadingsPages>(), time, NullLogger<ReadingsProjection>.Instance);
        await projection.StartAsync(TestContext.Current.CancellationToken);
        await ApiRig.UntilAsync(() => !projection.Now.State.IsFine, "it has been told");
        var waited = 0;
        await ApiRig.UntilAsync(() =>
        {
            if (server.Requests.Count > 1) return true;
            time.Advance(TimeSpan.FromSeconds(10));
            waited += 10;
            return false;
        }, "it is asked again");
        Assert.InRange(waited, seconds, seconds + 300);   // the request itself takes real time, in which the other clock goes on
        await projection.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <param name="before">Done to the data folder before anything is opened.</param>
    static Task<ApiRig> StartAsync(int port, Action<string>? before = null) => ApiRig.StartAsync(more: services =>
    {
        before?.Invoke(services.Select(service => service.ImplementationInstance).OfType<ConfigurationFile>().Single().Folder);
        services.Configure<ReadingsStoresOptions>(options => options.Stores.Add(new() { Kind = "InfluxDb", Url = $"http://127.0.0.1:{port}", Database = "edgetrace" }));
    });

    static ProjectionView Of(ApiRig rig, string name) => rig.Services.GetRequiredService<StatusQuery>().Status().Projections.Single(projection => projection.Name == name);

    static Batch Samples(ulong sequence) => new()
    {
        Header = new() { Gateway = SmallHospital.Gateway, Stream = "samples/fridge-1", Epoch = 7, Sequence = sequence, Readings = 1, TimeQuality = TimeQuality.Ntp },
        Samples = new() { Samples = { new Sample { TimeUs = SmallHospital.StartUs + (long)sequence * 1_000_000, MilliCelsius = 5000 } } },
    };

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
