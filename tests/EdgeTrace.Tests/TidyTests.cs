namespace EdgeTrace.Tests;

public class TidyTests
{
    [Fact]
    public void The_solution_is_found() => Assert.True(File.Exists(Path.Combine(Repository.Root, "EdgeTrace.sln")));
}
