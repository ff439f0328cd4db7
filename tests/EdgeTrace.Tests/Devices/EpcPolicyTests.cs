using EdgeTrace.Gateway.Devices.Policy;

namespace EdgeTrace.Tests.Devices;

public class EpcPolicyTests
{
    readonly EpcPolicy _policy = new(
    [
        new() { Name = "badges", Prefix = "34123", Do = EpcVerdict.Drop },
        new() { Name = "sgtin", Header = "30", Do = EpcVerdict.Keep },
        new() { Name = "visitors", Header = "E2", Do = EpcVerdict.Count },
    ]);

    [Theory]
    [InlineData("3034257BF7194E4000001A85", null)]
    [InlineData("3412357BF7194E4000001A85", EpcPolicy.Unnamed)]
    [InlineData("3412457BF7194E4000001A85", null)]
    [InlineData("E2801160", "visitors")]
    [InlineData("3412", null)]
    [InlineData("", null)]
    [InlineData("AABB", null)]
    public void The_first_rule_that_matches_decides(string epc, string? dropped) => Assert.Equal(dropped, _policy.DroppedAs(Convert.FromHexString(epc)));
}
