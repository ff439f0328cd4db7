using System.Net;
using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Faults;

/// <summary>Faults as the API tells them: real projections, ledger and Kestrel; the gateway's word is put into the log by hand.</summary>
public class FaultsApiTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    static readonly string Model = SmallHospital.Json.TrimEnd().TrimEnd('}') + """
        , "equipment":[{"gateway":"gw-1","name":"Level 2","asset":"1204","room":"comms cupboard"},
                       {"gateway":"gw-1","kind":"reader","id":"store-1-reader","asset":"1187","room":"ceiling void by bay 4","port":"switch 2 port 14"}] }
        """;

    [Fact]
    public async Task A_fault_is_one_sentence_of_five_parts()
    {
        var time = new FakeTimeProvider(Noon);
        await using var rig = await ApiRig.StartAsync(time, Model);
        await HeardAsync(rig, time, ("reader", "store-1-reader", "unreachable"), ("antenna", "store-1-reader-2", "unplugged"), ("scanner", "desk", "fine"));
        var faults = await FaultsAsync(rig);
        var fault = Assert.Single(faults.Faults, fault => fault.Kind == "reader");
        Assert.Equal(
            "Reader Store 1 door (Store 1, asset 1187, ceiling void by bay 4, switch 2 port 14) has not answered since 12:00. Movements through Store 1 door are not being seen. Check its power, its network cable and the address.",
            fault.Sentence);
        Assert.Equal(("Store 1", "1187", "ceiling void by bay 4", "switch 2 port 14", "unreachable"), (fault.Place, fault.Asset, fault.Room, fault.Port, fault.State));
        // Its antenna is silent only because it is: one row, and neither is counted as fine.
        Assert.Equal("Antenna 2 of Store 1 door", Assert.Single(fault.Children).Name);
        Assert.DoesNotContain(faults.Faults, other => other.Kind == "antenna");
        Assert.Equal((3, 1), (faults.Devices, faults.Fine));
        Assert.DoesNotContain("unknown", fault.Where, StringComparison.Ordinal);
        var now = (await rig.Http.GetFromJsonAsync<NowView>("/api/v1/now", ApiJson.Options))!;
        Assert.Equal(faults.Faults.Select(each => each.Sentence), now.Faults!.Faults.Select(each => each.Sentence));
    }

    [Fact]
    public async Task A_gateway_that_is_down_is_one_row_with_its_devices_below()
    {
        var time = new FakeTimeProvider(Noon);
        await using var rig = await ApiRig.StartAsync(time, Model);
        await HeardAsync(rig, time, ("reader", "store-1-reader", "unreachable"), ("scanner", "desk", "fine"), ("probe", "fridge-1", "fine"));
        rig.Services.GetRequiredService<EquipmentBoard>().Silence("gw-1", EventTime.ToUs(Noon.AddMinutes(1)));
        time.Advance(TimeSpan.FromMinutes(1));
        var faults = await FaultsAsync(rig);
        var fault = Assert.Single(faults.Faults, fault => fault.Gateway == "gw-1");
        Assert.StartsWith("Gateway Level 2 (asset 1204, comms cupboard) has not been heard since 12:01.", fault.Sentence, StringComparison.Ordinal);
        Assert.Equal(Severity.Alarm, fault.Severity);
        Assert.Equal(3, fault.Children.Count);
        Assert.Equal(0, faults.Fine);
    }

    [Fact]
    public async Task What_a_birth_and_the_site_model_contradict_each_other_in_is_named()
    {
        var time = new FakeTimeProvider(Noon);
        await using var rig = await ApiRig.StartAsync(time, Model);
        Assert.Contains(await Sentences(rig), sentence => sentence.StartsWith("Gateway Level 2 (asset 1204, comms cupboard) has never been heard.", StringComparison.Ordinal));
        var birth = Birth(time);
        birth.Portals.Remove("door-2");
        birth.Portals.Add("back-door");
        rig.Gateways.Take(new("demo-trust", "st-elsewhere", "gw-1"), birth, EventTime.ToUs(Noon));
        var sentences = await Sentences(rig);
        Assert.Contains("Portal Store 2 door has been missing from its gateway's configuration since 12:00. Movements through Store 2 door are not being seen. Add the portal to a reader in the gateway's configuration, or correct the site model.", sentences);
        Assert.Contains(sentences, sentence => sentence.StartsWith("Portal Back door has been read without being in the site model", StringComparison.Ordinal));
        Assert.DoesNotContain(sentences, sentence => sentence.Contains("never been heard", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_refused_and_what_nobody_could_read_is_told_for_a_day()
    {
        var time = new FakeTimeProvider(Noon);
        await using var rig = await ApiRig.StartAsync(time, Model);
        for (var n = 0; n < 3; n++) await await rig.Log.RecordAsync(new("wrong-password", $"stranger-{n}", "client", "from 10.9.9.9", EventTime.ToUs(Noon), EventTime.ToUs(Noon)));
        await await rig.Log.RecordAsync(new("second-session", "gw-1", "gw-1", "taken over", EventTime.ToUs(Noon), EventTime.ToUs(Noon)));
        await await rig.Log.QuarantineAsync("edgetrace/v1/x", "no envelope", new byte[] { 1, 2 });
        time.Advance(TimeSpan.FromSeconds(10));
        var faults = (await FaultsAsync(rig)).Faults;
        Assert.Single(faults, fault => (fault.Kind, fault.State) == ("security", "wrong-password"));
        Assert.Equal("Gateway Level 2", Assert.Single(faults, fault => fault.State == "second-session").Name);
        Assert.Single(faults, fault => fault.Kind == "quarantine");
        Later(time, TimeSpan.FromHours(25));
        Assert.DoesNotContain((await FaultsAsync(rig)).Faults, fault => fault.Kind is "security" or "quarantine");
    }

    [Fact]
    public async Task Planned_work_moves_a_fault_aside_says_who_and_why_and_is_over_by_itself()
    {
        var time = new FakeTimeProvider(Noon);
        await using var rig = await ApiRig.StartAsync(time, Model);
        await HeardAsync(rig, time, ("reader", "store-1-reader", "unreachable"), ("scanner", "desk", "fine"));
        var subject = Assert.Single((await FaultsAsync(rig)).Faults, fault => fault.Kind == "reader").Subjects[0].Id;
        Assert.Equal("gw-1/reader/store-1-reader", subject);
        foreach (var wrong in new object[]
        {
            new { subject, reason = " ", until = Noon.AddHours(1) },
            new { subject, reason = "New cable", until = Noon.AddHours(-1) }, new { subject, reason = "New cable", until = Noon.AddDays(8) },
        })
            Assert.Equal(HttpStatusCode.BadRequest, (await rig.Http.PostAsJsonAsync("/api/v1/planned-work", wrong)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Http.PostAsJsonAsync("/api/v1/planned-work", new { subject = "gw-1/reader/none", reason = "New cable", until = Noon.AddHours(1) })).StatusCode);

        await PlanAsync(rig, subject, Noon.AddHours(2));
        var during = await FaultsAsync(rig);
        Assert.DoesNotContain(during.Faults, fault => fault.Kind == "reader");
        var aside = Assert.Single(during.Planned);
        Assert.Equal(("machine:rig", "New cable", Noon.AddHours(2)), (aside.Planned!.By, aside.Planned.Reason, aside.Planned.Until));

        Later(time, TimeSpan.FromHours(2));
        var after = await FaultsAsync(rig);
        Assert.Single(after.Faults, fault => fault.Kind == "reader");
        Assert.Empty(after.Planned);
        Assert.Empty(after.Work);
    }

    [Fact]
    public async Task Planned_work_ends_early_by_a_row_of_its_own_with_its_audit()
    {
        var time = new FakeTimeProvider(Noon);
        await using var rig = await ApiRig.StartAsync(time, Model);
        await HeardAsync(rig, time, ("reader", "store-1-reader", "unreachable"));
        var work = await PlanAsync(rig, "gw-1/gateway/gw-1", Noon.AddHours(2));
        Assert.Equal("Gateway Level 2 and all below it", work.Name);
        Assert.Single((await FaultsAsync(rig)).Planned);
        var address = $"/api/v1/planned-work/{work.Id}/end";
        Assert.Equal(HttpStatusCode.BadRequest, (await rig.Http.PostAsJsonAsync(address, new { reason = new string('x', 2001) })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await rig.Http.PostAsJsonAsync(address, new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Http.PostAsJsonAsync(address, new { })).StatusCode);
        Assert.Empty((await FaultsAsync(rig)).Planned);
        Assert.Equal(["plan-work gw-1/gateway/gw-1 machine:rig", $"end-planned-work {work.Id} machine:rig"], rig.Ledger.Ask(c => EdgeTrace.Store.SqliteFile.Rows(c, "SELECT action || ' ' || subject || ' ' || actor FROM audit WHERE action LIKE '%work' ORDER BY seq", r => r.GetString(0))));
    }

    [Fact]
    public async Task Work_on_a_door_covers_its_reader_only_when_all_doors_of_that_reader_are_covered()
    {
        var time = new FakeTimeProvider(Noon);
        await using var rig = await ApiRig.StartAsync(time, Model);
        await HeardAsync(rig, time, ("reader", "store-1-reader", "unreachable"));
        var both = Birth(time);
        both.Connection = 2;
        both.Wiring.Add(new Wiring { Reader = "store-1-reader", Portal = "door-2", Antennas = { 3, 4 } });
        rig.Gateways.Take(new("demo-trust", "st-elsewhere", "gw-1"), both, EventTime.ToUs(Noon));
        await PlanAsync(rig, "portal/door-1", Noon.AddHours(2));
        Assert.Empty((await FaultsAsync(rig)).Planned);
        await PlanAsync(rig, "portal/door-2", Noon.AddHours(2));
        Assert.Equal("Reader Store 1 door and Store 2 door", Assert.Single((await FaultsAsync(rig)).Planned).Name);
    }

    [Fact]
    public async Task A_temperature_alarm_is_labelled_by_planned_work_and_never_silenced()
    {
        var time = new FakeTimeProvider(Noon);
        await using var rig = await ApiRig.StartAsync(time, Model);
        await HeardAsync(rig, time, ("probe", "fridge-1", "unplugged"));
        foreach (var logged in SmallHospital.Log(new Random(1)).Where(b => b.Id.Stream == "alarms/fridge-1")) await rig.AppendAsync(Batch.Parser.ParseFrom(logged.Body.Span));
        await ApiRig.UntilAsync(() => rig.Ledger.OpenAlarms(1).Count > 0, "the alarm is in the ledger");
        await PlanAsync(rig, "gw-1/gateway/gw-1", Noon.AddHours(2));
        var now = (await rig.Http.GetFromJsonAsync<NowView>("/api/v1/now", ApiJson.Options))!;
        var alarm = Assert.Single(now.Alarms);
        Assert.Equal((Severity.Alarm, "machine:rig"), (alarm.Severity, alarm.Planned!.By));
        Assert.Contains(now.Faults!.Planned, fault => fault.Kind == "probe");
    }

    [Fact]
    public async Task What_came_and_went_is_told_for_a_day()
    {
        var time = new FakeTimeProvider(Noon);
        await using var rig = await ApiRig.StartAsync(time, Model);
        await HeardAsync(rig, time, ("reader", "store-1-reader", "unreachable"));
        time.Advance(TimeSpan.FromMinutes(10));
        await HeardAsync(rig, time, ("reader", "store-1-reader", "silent"));
        time.Advance(TimeSpan.FromMinutes(10));
        await HeardAsync(rig, time, ("reader", "store-1-reader", "fine"));
        var mended = Assert.Single((await FaultsAsync(rig)).Mended);
        Assert.Equal(("Reader Store 1 door", "silent", Noon, Noon.AddMinutes(20)), (mended.Name, mended.State, mended.From, mended.To));
        Later(time, TimeSpan.FromHours(24));
        Assert.Empty((await FaultsAsync(rig)).Mended);
    }

    /// <summary>Long after, without a beat for every second between.</summary>
    static void Later(FakeTimeProvider time, TimeSpan later)
    {
        time.AdjustTime(time.GetUtcNow() + later);
        time.Advance(TimeSpan.FromSeconds(10));
    }

    static Birth Birth(FakeTimeProvider time) => new()
    {
        Gateway = "gw-1", Boot = "b", Connection = 1, SentUs = EventTime.ToUs(time.GetUtcNow()), Portals = { "door-1", "door-2" }, Scanners = { "desk" }, Points = { "fridge-1" },
        Wiring = { new Wiring { Reader = "store-1-reader", Portal = "door-1", Antennas = { 1, 2 } } },
    };

    /// <summary>The gateway says how its devices are, and the board has heard it.</summary>
    static async Task HeardAsync(ApiRig rig, FakeTimeProvider time, params (string Kind, string Name, string State)[] devices)
    {
        var nowUs = EventTime.ToUs(time.GetUtcNow());
        if (rig.Gateways.Find("gw-1") is null) rig.Gateways.Take(new("demo-trust", "st-elsewhere", "gw-1"), Birth(time), nowUs);
        var sequence = (ulong)rig.Log.Head + 1;
        var batch = new Batch { Header = new() { Gateway = "gw-1", Stream = "health", Epoch = 7, Sequence = sequence, FirstUs = nowUs, LastUs = nowUs, Readings = (uint)devices.Length }, Health = new() };
        foreach (var (kind, name, state) in devices) batch.Health.States.Add(new DeviceState { Kind = kind, Name = name, State = state, SinceUs = nowUs });
        await rig.AppendAsync(batch);
        var board = rig.Services.GetRequiredService<EquipmentBoard>();
        await ApiRig.UntilAsync(() => devices.All(device => board.Told($"gw-1/{device.Kind}/{device.Name}")?.State == device.State), "the board has heard it");
        await ApiRig.UntilAsync(() => rig.Pump.Applied >= (long)sequence, "it is in the ledger");
    }

    static async Task<PlannedWorkView> PlanAsync(ApiRig rig, string subject, DateTimeOffset until)
    {
        var answer = await rig.Http.PostAsJsonAsync("/api/v1/planned-work", new { subject, reason = "New cable", until });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<PlannedWorkView>(ApiJson.Options))!;
    }

    static async Task<FaultsView> FaultsAsync(ApiRig rig) => (await rig.Http.GetFromJsonAsync<FaultsView>("/api/v1/faults", ApiJson.Options))!;

    static async Task<IReadOnlyList<string>> Sentences(ApiRig rig) => [.. (await FaultsAsync(rig)).Faults.Select(fault => fault.Sentence)];
}
