using EdgeTrace.Gateway.Devices.Llrp;

namespace EdgeTrace.Tests.Devices;

public class ReaderClockTests
{
    const long Second = 1_000_000;
    const long Year2000 = 946_684_800_000_000;
    const long Now = 1_795_000_000_000_000;

    [Fact]
    public void A_clock_that_was_never_set_is_placed_by_how_far_apart_its_moments_are()
    {
        var clock = new ReaderClock(Year2000, Now);
        clock.Observe(Year2000 + 5 * Second, Now + 5 * Second + 2000);
        Assert.Equal(Now + 5 * Second, clock.Place(Year2000 + 5 * Second));
    }

    /// <summary>Seen in the first run of the whole chain: a late greeting, then two reads in one packet, and both were placed at its arrival.</summary>
    [Fact]
    public void Two_reads_that_arrive_in_one_packet_stay_two_moments()
    {
        var clock = new ReaderClock(0, 50_000);   // the greeting came 50 ms late
        clock.Observe(1000, 20_000);
        var first = clock.Place(1000);
        clock.Observe(3000, 20_000);
        Assert.Equal(2000, clock.Place(3000) - first);
    }

    [Fact]
    public void A_better_offset_is_taken_up_within_seconds()
    {
        var clock = new ReaderClock(0, 50_000);
        for (var at = 0L; at < 3 * Second; at += Second / 10) clock.Observe(at, at + 1500);
        Assert.Equal(1500, clock.OffsetUs);
    }

    [Fact]
    public void Drift_is_followed()
    {
        var clock = new ReaderClock(0, 0);
        // 100 ppm slow: after an hour the reader says 0.36 s less than passed.
        for (var at = Second; at < 3600 * Second; at += Second / 2) clock.Observe(at - at / 10_000, at);
        Assert.InRange(clock.OffsetUs, 340_000, 360_000);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void A_step_of_the_readers_clock_anchors_anew(int seconds)
    {
        var clock = new ReaderClock(Now, Now);
        for (var i = 1; i <= 40; i++) clock.Observe(Now + i * Second + seconds * Second, Now + i * Second);
        Assert.Equal(1, clock.Steps);
        Assert.Equal(Now + 41 * Second, clock.Place(Now + 41 * Second + seconds * Second));
    }

    [Fact]
    public void Reports_held_while_we_were_away_keep_their_age()
    {
        var clock = new ReaderClock(Now, Now);
        for (var i = 0; i < 10; i++) clock.Observe(Now - 60 * Second + i, Now + i);
        Assert.Equal(Now - 60 * Second, clock.Place(Now - 60 * Second));
        Assert.Equal(0, clock.Steps);
    }
}
