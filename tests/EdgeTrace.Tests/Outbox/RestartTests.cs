using EdgeTrace.Contract;

namespace EdgeTrace.Tests.Outbox;

/// <summary>While the gateway was not there nobody listened: that is told, once, of every stream that had been.</summary>
public sealed class RestartTests
{
    [Fact]
    public void A_restart_is_a_blind_interval_from_the_last_seal_until_now()
    {
        using var fixture = new OutboxFixture().Open();
        fixture.Reads("door", 10);
        Assert.True(fixture.Sealer.SealAll());
        var sealedUs = Us(fixture);
        fixture.Time.Advance(TimeSpan.FromSeconds(90));
        fixture.Reopen();
        fixture.Outbox.TellRestart();
        fixture.Reads("door", 10, first: 10);
        Assert.True(fixture.Sealer.SealAll());

        var told = Assert.Single(fixture.Drain("reads/door").SelectMany(batch => batch.Header.Losses));
        Assert.Equal((LossCause.Blind, 0ul, sealedUs, Us(fixture)), (told.Cause, told.Readings, told.FromUs, told.ToUs));
        Assert.Contains("restarted", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void It_survives_the_next_crash_before_anything_was_sealed()
    {
        using var fixture = new OutboxFixture().Open();
        fixture.Reads("door", 10);
        Assert.True(fixture.Sealer.SealAll());
        fixture.Time.Advance(TimeSpan.FromSeconds(90));
        fixture.Reopen();
        fixture.Outbox.TellRestart();
        Assert.True(fixture.Outbox.Commit());
        fixture.Reopen();
        fixture.Reads("door", 10, first: 10);
        Assert.True(fixture.Sealer.SealAll());
        Assert.Contains(fixture.Drain("reads/door").SelectMany(batch => batch.Header.Losses), loss => loss.Cause == LossCause.Blind);
    }

    [Fact]
    public void A_box_whose_clock_had_never_been_set_was_not_blind_for_half_a_century()
    {
        using var fixture = new OutboxFixture { Time = new(new(1971, 1, 1, 0, 0, 7, TimeSpan.Zero)) }.Open();
        fixture.Reads("door", 10);
        Assert.True(fixture.Sealer.SealAll());
        fixture.Time.SetUtcNow(new(2026, 11, 25, 3, 0, 0, TimeSpan.Zero));
        fixture.Reopen();
        fixture.Outbox.TellRestart();
        fixture.Reads("door", 10, first: 10);
        Assert.True(fixture.Sealer.SealAll());
        var told = Assert.Single(fixture.Drain("reads/door").SelectMany(batch => batch.Header.Losses), loss => loss.Cause == LossCause.Blind);
        Assert.Equal((Us(fixture), Us(fixture)), (told.FromUs, told.ToUs));
        Assert.Contains("never been set", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_that_has_never_run_was_never_blind()
    {
        using var fixture = new OutboxFixture().Open();
        fixture.Outbox.TellRestart();
        fixture.Reads("door", 10);
        Assert.True(fixture.Sealer.SealAll());
        Assert.Empty(fixture.Drain("reads/door").SelectMany(batch => batch.Header.Losses));
    }

    static long Us(OutboxFixture fixture) => (fixture.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
