using EdgeTrace.Tests.Api;
using Google.Protobuf;

namespace EdgeTrace.Tests.Projections;

/// <summary>What goes wrong in one zone has a name and stays there.</summary>
public class ZoneFaultTests
{
    [Fact]
    public async Task A_batch_that_makes_a_tracker_throw_is_quarantined_and_its_zone_and_all_others_go_on()
    {
        await using var rig = await ApiRig.StartAsync();
        // A tag walks in: outside in batch 1, inside in batch 3; batch 2 is rubbish that only the tracker finds.
        var at = SmallHospital.StartUs;
        await rig.AppendAsync(SmallHospital.Reads("door-1", 1, [.. Enumerable.Range(0, 6).Select(i => (at + i * 60_000L, (ushort)1, SmallHospital.Tag(1)))]));
        var rubbish = SmallHospital.Reads("door-1", 2, (at + 400_000, 1, SmallHospital.Tag(1)));
        rubbish.Reads.Columns = ByteString.CopyFrom(1, 200, 200, 200);
        rubbish.Header.ThroughUs = 0;
        await rig.AppendAsync(rubbish);
        await rig.AppendAsync(SmallHospital.Reads("door-1", 3, [.. Enumerable.Range(8, 6).Select(i => (at + i * 60_000L, (ushort)2, SmallHospital.Tag(1)))]));
        await rig.AppendAsync(SmallHospital.Reads("door-2", 1, (at, 1, SmallHospital.Tag(2))));
        rig.Promises.Say(new(SmallHospital.Gateway, "reads/door-1", 7, 4, at + 60_000_000));
        rig.Promises.Say(new(SmallHospital.Gateway, "reads/door-2", 7, 2, at + 60_000_000));
        await ApiRig.UntilAsync(() => rig.Ledger.Totals()["visits"] == 2, "both doors have told their visits");

        Assert.Equal("in", Assert.Single(rig.Ledger.VisitsOf(SmallHospital.Tag(1), long.MaxValue, 10)).Visit.Direction);
        var quarantined = Assert.Single(rig.Ledger.Quarantined(new("portal", "door-1")));
        Assert.Contains("ColumnFormatException", quarantined.Cause, StringComparison.Ordinal);
        Assert.Contains("sequence 2", quarantined.Batch, StringComparison.Ordinal);
        Assert.Contains(rig.Pump.Faults, f => f.Zone == new Store.Ledger.ZoneId("portal", "door-1"));
    }

    [Fact]
    public async Task A_portal_nobody_knows_is_a_named_fault_and_its_reads_stay_in_the_log()
    {
        await using var rig = await ApiRig.StartAsync();
        await rig.AppendAsync(SmallHospital.Reads("back-door", 1, (SmallHospital.StartUs, 1, SmallHospital.Tag(1))));
        await ApiRig.UntilAsync(() => rig.Ledger.FeedHead() > 0, "the fault is told");
        var fault = Assert.Single(rig.Ledger.Equipment());
        Assert.Equal(("portal", "back-door", "not in the site model"), (fault.Kind, fault.Name, fault.State));
        Assert.NotEmpty(fault.Remedy);
        Assert.Equal(0, rig.Ledger.Totals()["visits"]);
    }

    [Fact]
    public async Task A_promise_counts_only_once_every_batch_it_speaks_of_is_applied()
    {
        await using var rig = await ApiRig.StartAsync();
        // The promise is of batches up to 2; only 1 is here.
        rig.Promises.Say(new(SmallHospital.Gateway, "reads/door-1", 7, 3, SmallHospital.StartUs + 60_000_000));
        await rig.AppendAsync(SmallHospital.Reads("door-1", 1, [.. Enumerable.Range(0, 6).Select(i => (SmallHospital.StartUs + i * 60_000L, (ushort)1, SmallHospital.Tag(1)))]));
        await ApiRig.UntilAsync(() => rig.Pump.Applied == 1 && rig.Pump.OpenVisits == 1, "the batch is applied");
        await rig.AppendAsync(SmallHospital.Reads("door-1", 2, [.. Enumerable.Range(6, 6).Select(i => (SmallHospital.StartUs + i * 60_000L, (ushort)2, SmallHospital.Tag(1)))]));
        await ApiRig.UntilAsync(() => rig.Ledger.FeedHead() > 0, "the visit is told");
        Assert.Equal(12, Assert.Single(rig.Ledger.VisitsOf(SmallHospital.Tag(1), long.MaxValue, 10)).Visit.Reads);
    }
}
