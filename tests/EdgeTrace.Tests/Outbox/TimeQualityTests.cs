using EdgeTrace.Contract;

namespace EdgeTrace.Tests.Outbox;

public class TimeQualityTests
{
    [Fact]
    public void Each_batch_says_the_quality_its_readings_were_placed_with()
    {
        using var fixture = new OutboxFixture().Open();
        fixture.Reads("door", 1);
        fixture.Sealer.SetTimeQuality(TimeQuality.Ntp);   // NTP arrives between two reads
        fixture.Reads("door", 1, first: 1);
        fixture.Sealer.Scans("desk").Add(OutboxFixture.Scan(5_000_000));
        Assert.True(fixture.Sealer.SealAll());
        Assert.Equal([TimeQuality.Rtc, TimeQuality.Ntp], fixture.Drain("reads/door").Select(batch => batch.Header.TimeQuality));
        Assert.Equal([TimeQuality.Ntp], fixture.Drain("scans/desk").Select(batch => batch.Header.TimeQuality));
    }
}
