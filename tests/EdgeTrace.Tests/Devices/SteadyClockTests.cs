using EdgeTrace.Contract;
using EdgeTrace.Gateway.Health;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Devices;

/// <summary>The gateway's time: monotonic, slewed towards the box's clock, and never stepped while the gateway runs.</summary>
public class SteadyClockTests
{
    /// <summary>A box whose wall clock can be set while its monotonic clock goes on.</summary>
    sealed class Box : TimeProvider
    {
        readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));

        public TimeSpan Set { get; set; }

        public override DateTimeOffset GetUtcNow() => _time.GetUtcNow() + Set;
        public override long GetTimestamp() => _time.GetTimestamp();
        public override long TimestampFrequency => _time.TimestampFrequency;

        public void Pass(TimeSpan span) => _time.Advance(span);
    }

    static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    static void Run(Box box, SteadyClock clock, int seconds, TimeQuality kernel = TimeQuality.Ntp)
    {
        var before = clock.GetUtcNow();
        for (var i = 0; i < seconds; i++)
        {
            box.Pass(s_second);
            clock.Compare(kernel);
            Assert.True(clock.GetUtcNow() > before, "went back");
            before = clock.GetUtcNow();
        }
    }

    [Theory]
    [InlineData(7200)]
    [InlineData(-7200)]
    public void A_step_that_is_taken_back_within_a_minute_moves_no_reading(int seconds)
    {
        var box = new Box();
        var clock = new SteadyClock(box);
        Run(box, clock, 10);
        box.Set = TimeSpan.FromSeconds(seconds);
        Run(box, clock, 50);
        Assert.Equal((TimeSpan.FromSeconds(seconds), TimeQuality.Holdover), clock.Compare(TimeQuality.Ntp));
        box.Set = default;
        Run(box, clock, 100);
        Assert.False(clock.MustFollow);
        Assert.Equal((default, TimeQuality.Ntp), clock.Compare(TimeQuality.Ntp));
        Assert.Equal(box.GetUtcNow(), clock.GetUtcNow());
    }

    [Fact]
    public void A_step_that_stands_for_a_minute_is_followed()
    {
        var box = new Box();
        var clock = new SteadyClock(box);
        Run(box, clock, 10);
        box.Set = TimeSpan.FromHours(2);
        Run(box, clock, 60);
        Assert.False(clock.MustFollow);
        Run(box, clock, 1);
        Assert.True(clock.MustFollow);
    }

    [Fact]
    public void A_second_step_begins_the_minute_anew()
    {
        var box = new Box();
        var clock = new SteadyClock(box);
        Run(box, clock, 10);
        box.Set = TimeSpan.FromHours(2);
        Run(box, clock, 50);
        box.Set = TimeSpan.FromHours(3);
        Run(box, clock, 50);
        Assert.False(clock.MustFollow);
    }

    [Fact]
    public void The_first_synchronisation_of_a_box_without_a_battery_clock_is_followed_at_once()
    {
        var box = new Box { Set = TimeSpan.FromDays(-40) };
        var clock = new SteadyClock(box);
        Run(box, clock, 20, TimeQuality.Rtc);
        box.Set = default;
        Run(box, clock, 1);
        Assert.True(clock.MustFollow);
        Assert.Equal(TimeQuality.Rtc, clock.Compare(TimeQuality.Ntp).Quality);   // what is read meanwhile is not called synchronised
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(-0.4)]
    public void Less_than_a_second_is_slewed_by_at_most_500_us_a_second(double seconds)
    {
        var box = new Box();
        var clock = new SteadyClock(box);
        Run(box, clock, 5);
        box.Set = TimeSpan.FromSeconds(seconds);
        Run(box, clock, 101);
        var left = (box.GetUtcNow() - clock.GetUtcNow()).TotalSeconds;
        Assert.Equal(seconds - Math.Sign(seconds) * 0.050, left, 3);
        Run(box, clock, 1000);
        Assert.Equal(0, (box.GetUtcNow() - clock.GetUtcNow()).TotalSeconds, 3);
    }
}
