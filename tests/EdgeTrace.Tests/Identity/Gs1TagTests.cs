using EdgeTrace.Identity;

namespace EdgeTrace.Tests.Identity;

public class Gs1TagTests
{
    [Fact]
    public void The_worked_example_of_the_standard()
    {
        // TDS 1.13 annex E.3
        var epc = Epc.Parse("3074257BF7194E4000001A85");
        Assert.True(Gs1Tag.TryDecode(epc, out var tag));
        Assert.Equal((EpcScheme.Sgtin96, 3, CompanyPrefix.Parse("0614141"), 812345UL, 6789UL), (tag.Scheme, tag.Filter, tag.CompanyPrefix, tag.Reference, tag.Serial));
        Assert.Equal("80614141123458", tag.Gtin.ToString());
        Assert.Equal(epc, tag.ToEpc());
    }
}
