namespace EdgeTrace.EndToEnd;

public class KillTests(ITestOutputHelper output)
{
    /// <summary>Ten times at random moments under load, with no warning, now the gateway, now the cloud: nothing outboxed is lost, nothing is there twice.</summary>
    [Fact]
    public async Task Ten_kills_lose_nothing_and_repeat_nothing()
    {
        const int Kills = 10;
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var chain = await Chain.StartAsync(7, TimeSpan.FromSeconds(50));
        for (var i = 0; i < Kills; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 3500)), TimeProvider.System, TestContext.Current.CancellationToken);
            if (i % 2 == 0)
            {
                await Chain.KillAsync(chain.Gateway);
                await chain.StartGatewayAsync(wait: false);
            }
            else
            {
                await Chain.KillAsync(chain.Cloud);
                await chain.StartCloudAsync();
            }
        }
        var comparison = await chain.CompareAsync(await chain.DrainAsync());
        output.WriteLine(comparison.ToJson());
        Assert.True(comparison.ReadsOutboxed > 1000, $"{comparison.ReadsOutboxed} reads were outboxed: too few to mean anything");
        Assert.Equal((0L, 0L), (comparison.ReadsLost, comparison.ReadsTwice));
        Assert.Equal(await chain.DumpAsync(replay: true), await chain.DumpAsync(replay: false));
    }
}
