using System.Reflection;
using EdgeTrace.Cloud.Broker;
using EdgeTrace.Cloud.Faults;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Tests.Faults;

public class FaultWordsTests
{
    static readonly string[] s_gatewayKinds = ["gateway", "reader", "antenna", "beacon", "scanner", "probe", "link", "outbox"];

    /// <summary>The table "States" of edge/README.md, as (kind, state).</summary>
    static List<(string Kind, string State)> Listed() =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "edge/README.md")).SkipWhile(line => line != "## States").TakeWhile(line => line != "## What dies, and what does not")
            .Select(line => line.Split('|')).Where(cells => cells.Length >= 5 && cells[1].Contains('`', StringComparison.Ordinal))
            .SelectMany(cells => cells[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(state => cells[2].Split(',', StringSplitOptions.TrimEntries).Select(kind => (kind, state.Trim('`'))))),
    ];

    [Fact]
    public void Every_state_that_edge_README_lists_has_its_words_for_every_kind_it_applies_to()
    {
        var listed = Listed();
        Assert.True(listed.Count > 20, $"only {listed.Count} rows were found in edge/README.md");
        Assert.All(listed.Where(one => one.State != "fine"), one => Assert.True(FaultWords.Devices.ContainsKey(one), $"{one} has no words"));
    }

    [Fact]
    public void Every_state_a_gateway_can_say_is_in_edge_README()
    {
        var said = typeof(DeviceCondition).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!).ToList();
        Assert.All(said, state => Assert.Contains(Listed(), one => one.State == state));
        var ofTheCloud = new[] { EquipmentBoard.OfflineState, FaultWords.NeverHeard, FaultWords.NotDeclared, FaultWords.NotInSiteModel, FaultWords.OfAnotherGateway };
        Assert.All(FaultWords.Devices.Keys.Where(key => s_gatewayKinds.Contains(key.Kind) && !ofTheCloud.Contains(key.State)), key => Assert.Contains(key, Listed()));
    }

    [Fact]
    public void Every_state_of_the_clouds_own_parts_has_its_words()
    {
        foreach (var state in Enum.GetValues<ZoneState>().Where(state => state != ZoneState.Current)) Assert.True(FaultWords.Own.ContainsKey(("projection", state.Word())), $"{state} has no words");
        foreach (var log in new[] { LogState.DiskFull(""), LogState.Corrupt("", ""), LogState.CannotWrite("", "") }) Assert.True(FaultWords.Own.ContainsKey(("batch-log", log.Name)), $"{log.Name} has no words");
        foreach (var link in new[] { BrokerState.Connecting.Name, "disconnected", "refused" }) Assert.True(FaultWords.Own.ContainsKey(("broker", link)), $"{link} has no words");
        foreach (var store in new[] { "waiting", "away", "busy", "failing", "refused", EdgeTrace.Api.ProjectionView.Incomplete }) Assert.True(FaultWords.Own.ContainsKey(("readings", store)), $"{store} has no words");
        foreach (var kind in new[] { "wrong-password", "other-client-id", "denied-subscription", "denied-publication", "second-session", "identity-mismatch", "identity-reused" })
            Assert.True(FaultWords.Own.ContainsKey(("security", kind)), $"{kind} has no words");
        Assert.True(FaultWords.Own.ContainsKey(("disk", ServerLimits.Disk(1, 1L << 40, null))) && FaultWords.Own.ContainsKey(("disk", ServerLimits.Disk(50L << 30, 1L << 40, null))));
        Assert.Equal((FaultWords.Fine, "filling up", "nearly full"), (ServerLimits.Disk(500L << 30, 1L << 40, 31), ServerLimits.Disk(500L << 30, 1L << 40, 29), ServerLimits.Disk(500L << 30, 1L << 40, 3)));
        foreach (var backup in new[] { ServerLimits.Backup(null, null), ServerLimits.Backup("b", null), ServerLimits.Backup("b", TimeSpan.FromHours(3)) }) Assert.True(FaultWords.Own.ContainsKey(("backup", backup)), $"{backup} has no words");
        Assert.Equal(FaultWords.Fine, ServerLimits.Backup("b", TimeSpan.FromHours(1)));
    }

    [Fact]
    public void No_two_faults_read_the_same()
    {
        var all = FaultWords.Devices.Concat(FaultWords.Own).ToList();
        Assert.All(all.GroupBy(one => $"{one.Key.Kind} {one.Value.What}"), same => Assert.True(same.Count() == 1, $"{string.Join(" and ", same.Select(one => one.Key))} say the same: {same.Key}"));
        Assert.All(all.GroupBy(one => $"{one.Value.What}. {one.Value.Means} {one.Value.Do}"), same => Assert.True(same.Count() == 1, $"{string.Join(" and ", same.Select(one => one.Key))} say the same: {same.Key}"));
    }

    [Fact]
    public void Every_fault_says_what_is_so_what_it_means_and_what_to_do()
    {
        Assert.All(FaultWords.Devices.Concat(FaultWords.Own), one =>
        {
            var (what, means, todo) = (one.Value.What, one.Value.Means, one.Value.Do);
            Assert.True(char.IsLower(what[0]) && !what.EndsWith('.'), $"{one.Key}: \"{what}\" does not go before \"since 14:02.\"");
            Assert.True(means.EndsWith('.') && (char.IsUpper(means[0]) || means[0] == '{'), $"{one.Key}: \"{means}\" is no sentence");
            Assert.True(todo.EndsWith('.') && !todo.Contains('{', StringComparison.Ordinal), $"{one.Key}: \"{todo}\" is no sentence");
            Assert.DoesNotContain("error", $"{what} {means} {todo}", StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public void A_state_of_a_newer_gateway_is_said_as_it_came() => Assert.Equal("has said it is molten", FaultWords.Of("reader", "molten").What);
}
