using EdgeTrace.Gateway.Uplink;

namespace EdgeTrace.Tests.Uplink;

/// <summary>A building's gateways must not come back in one second.</summary>
public class RetryDelayTests
{
    static readonly TimeSpan Max = TimeSpan.FromSeconds(60);

    [Fact]
    public void Five_hundred_gateways_come_back_over_a_minute_and_no_second_has_more_than_a_twentieth_of_them()
    {
        var returns = Enumerable.Range(1, 500).Select(seed => ReturnAfter(new(Max, new Random(seed)), outage: TimeSpan.FromMinutes(2))).ToList();
        Assert.True(returns.Max() - returns.Min() > TimeSpan.FromSeconds(30), $"within {(returns.Max() - returns.Min()).TotalSeconds:0.0} s");
        Assert.All(returns, after => Assert.InRange(after, TimeSpan.Zero, Max));
        Assert.All(returns.GroupBy(after => (int)after.TotalSeconds), second => Assert.InRange(second.Count(), 1, 25));
    }

    [Fact]
    public void The_ceiling_doubles_from_a_second_to_its_cap_and_an_acknowledgement_brings_it_back()
    {
        var delays = Enumerable.Range(1, 400).Select(seed => new RetryDelay(Max, new Random(seed))).ToList();
        foreach (var ceiling in (double[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            var longest = delays.Max(delay => delay.Next());
            Assert.InRange(longest.TotalSeconds, ceiling * 0.9, ceiling);
        }
        foreach (var delay in delays) delay.Reset();
        Assert.All(delays, delay => Assert.InRange(delay.Next(), TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(1)));
    }

    /// <summary>From the end of the outage to the attempt that finds the broker.</summary>
    static TimeSpan ReturnAfter(RetryDelay delay, TimeSpan outage)
    {
        var at = TimeSpan.Zero;
        while (at < outage) at += delay.Next();
        return at - outage;
    }
}
