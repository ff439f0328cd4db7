namespace EdgeTrace.EndToEnd;

public class PlaceholderTests
{
    [Fact]
    public void Runs() => Assert.Equal("edgetrace/v1", "edgetrace/" + "v1");
}
