using EdgeTrace.Cloud.Exits;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Stock.Exits;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Exits;

/// <summary>The follower over a real ledger: what it concludes, that a crash anywhere changes nothing of it, and that it never cries twice.</summary>
public sealed class ExitFollowerTests : IAsyncDisposable
{
    const long Second = 1_000_000, Minute = 60 * Second;

    static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    static CancellationToken Token => TestContext.Current.CancellationToken;

    readonly FakeTimeProvider _time = new(Noon);
    readonly LoadingBay _bay;

    public ExitFollowerTests() => _bay = new(_time);
    public ValueTask DisposeAsync() => _bay.DisposeAsync();

    long NowUs => EventTime.ToUs(_time.GetUtcNow());
    static string Hip(int n) => SmallHospital.Tag(n);

    [Fact]
    public async Task A_morning_at_the_loading_bay_comes_to_what_it_should_however_often_the_follower_dies()
    {
        await MorningAsync(_bay);
        await FollowAsync(_bay, dies: false);
        await using var other = new LoadingBay(_time);
        await MorningAsync(other);
        await FollowAsync(other, dies: true);

        var outcomes = Conclusions(_bay);
        Assert.Equal(
            ["faint 1", "reserved 1", "stray 1", "ticketed 2", "uncontrolled 1", "unticketed 2", "written-off 1"],
            _bay.Rows("SELECT outcome, count(*) FROM exits GROUP BY outcome ORDER BY outcome", 2));
        Assert.Equal(["unknown 2"], _bay.Rows("SELECT outcome, sum(visits) FROM exit_counts WHERE outcome = 'unknown' GROUP BY outcome", 2));
        Assert.Equal(outcomes, Conclusions(other));

        // As if nothing had ever been followed: what is concluded again is there already.
        var feed = _bay.Rows("SELECT count(*) FROM feed", 1);
        _bay.Execute("UPDATE exit_cursor SET seq = 0; DELETE FROM exit_counts;");
        await FollowAsync(_bay, dies: false);
        Assert.Equal(outcomes, Conclusions(_bay));
        Assert.Equal(feed, _bay.Rows("SELECT count(*) FROM feed", 1));
    }

    [Fact]
    public async Task What_nobody_answers_is_amber_then_red_once_and_a_thing_that_comes_back_is_answered_and_found()
    {
        var follower = _bay.Follower();
        await follower.BeginAsync(Token);
        await _bay.VisitAsync("door-1", Hip(1), "out", NowUs);
        await follower.FollowAsync(Token);
        Assert.Equal(["amber"], Phases());
        Assert.Equal("left", Status(1));
        await follower.TurnRedAsync(Token);
        Assert.Equal(["amber"], Phases());

        _time.Advance(TimeSpan.FromSeconds(30));
        await follower.TurnRedAsync(Token);
        await follower.TurnRedAsync(Token);
        Assert.Equal(["amber", "red"], Phases());
        Assert.Equal(EdgeTrace.Api.Severity.Alarm, _bay.Views.Alarm(_bay.Ledger.OpenExits(1)[0]).Severity);

        _time.Advance(TimeSpan.FromMinutes(2));
        await _bay.VisitAsync("door-2", Hip(1), "in", NowUs);
        await follower.FollowAsync(Token);
        Assert.Equal(["amber", "red", "answered"], Phases());
        Assert.Empty(_bay.Ledger.OpenExits(10));
        var answer = _bay.Ledger.ExitsOf(LoadingBay.KeyOf(Hip(1)), 1)[0].Answer!;
        Assert.Equal(("returned", "It came back through Store 1 door.", ExitJudge.CameBack), (answer.Answer, answer.Reason, answer.Actor));
        // Found again, and not stock before somebody has looked at it.
        Assert.Equal("returned", Status(1));
        await _bay.VisitAsync("door-2", Hip(1), "in", NowUs + Minute);
        await follower.FollowAsync(Token);
        Assert.Single(_bay.Ledger.StockEventsOf(LoadingBay.KeyOf(Hip(1)), long.MaxValue, 10), e => e.Event.Kind == EventKind.Found);
    }

    [Fact]
    public async Task A_door_that_is_far_away_asks_for_longer()
    {
        await using var bay = new LoadingBay(_time, LoadingBay.Json.Replace("\"id\":\"door-1\",", "\"id\":\"door-1\",\"redAfter\":\"00:02:00\",\"lateAfter\":\"00:10:00\",", StringComparison.Ordinal));
        var follower = bay.Follower();
        await follower.BeginAsync(Token);
        // Five minutes under way, which is not late here.
        await bay.VisitAsync("door-1", Hip(1), "out", NowUs - 5 * Minute);
        await follower.FollowAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(119));
        await follower.TurnRedAsync(Token);
        Assert.Equal(["amber"], bay.Rows("SELECT phase FROM feed WHERE kind = 'exit' ORDER BY cursor", 1));
        _time.Advance(TimeSpan.FromSeconds(1));
        await follower.TurnRedAsync(Token);
        Assert.Equal(["amber", "red"], bay.Rows("SELECT phase FROM feed WHERE kind = 'exit' ORDER BY cursor", 1));
    }

    [Fact]
    public async Task A_backlog_says_that_it_is_late_and_lights_nothing()
    {
        var follower = _bay.Follower();
        await follower.BeginAsync(Token);
        await _bay.VisitAsync("door-1", Hip(1), "out", NowUs - 2 * 60 * Minute);
        await follower.FollowAsync(Token);
        Assert.Equal(["late"], Phases());
        var alarm = _bay.Views.Alarm(_bay.Ledger.OpenExits(1)[0]);
        Assert.Equal(
            "Hip stem 44 mm (serial 1001) went out through Loading bay door: no ticket covers it. It was read while the gateway could not reach the server, so no beacon was lit.", alarm.Sentence);
        _time.Advance(TimeSpan.FromMinutes(5));
        await follower.TurnRedAsync(Token);
        Assert.Equal(["late"], Phases());
    }

    [Fact]
    public async Task What_left_before_anybody_watched_raises_no_alarm_and_two_owners_cannot_both_win()
    {
        await _bay.VisitAsync("door-1", Hip(1), "out", NowUs);
        var follower = _bay.Follower();
        await follower.BeginAsync(Token);
        await follower.FollowAsync(Token);
        Assert.Empty(Phases());

        var rival = _bay.Follower();
        await rival.BeginAsync(Token);
        await _bay.VisitAsync("door-1", Hip(2), "out", NowUs);
        await rival.FollowAsync(Token);
        await Assert.ThrowsAsync<EdgeTrace.Store.Ledger.ZoneTakenException>(() => follower.FollowAsync(Token));
        Assert.Equal(["amber"], Phases());
    }

    [Fact]
    public async Task It_follows_by_itself_a_passage_is_told_within_the_second_and_what_waits_survives_a_restart()
    {
        using (var follower = _bay.Follower())
        {
            await follower.StartAsync(Token);
            await EdgeTrace.Tests.Ingest.Patience.Until(() => _bay.Ledger.ExitCursor() is not null, "it has begun");
            await _bay.VisitAsync("door-1", Hip(1), "out", NowUs);
            await EdgeTrace.Tests.Ingest.Patience.Until(
                () =>
                {
                    _time.Advance(TimeSpan.FromMilliseconds(10));
                    return Phases() is ["amber", ..];
                }, "it is amber");
            await follower.StopAsync(CancellationToken.None);
        }
        using var after = _bay.Follower();
        await after.BeginAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(31));
        await after.TurnRedAsync(Token);
        Assert.Equal(["amber", "red"], Phases());
    }

    /// <summary>One thing for each row of the table.</summary>
    async Task MorningAsync(LoadingBay bay)
    {
        var at = NowUs - 20 * Second;
        await bay.Writer.CommitAsync(new("Ann Fox")
        {
            Exits = { Tickets = { new("ticket-1", TicketKind.Loan, "door-1", at - Minute, at + 60 * Minute, "Ann Fox", "Loan set", [new(LoadingBay.KeyOf(Hip(1))), new(LoadingBay.KeyOf(Hip(2)))]) } },
        });
        await bay.TellAsync(Hip(1), EventKind.Received, at - 100 * Minute);
        await bay.TellAsync(Hip(3), EventKind.Reserved, at - 90 * Minute, detail: new() { Case = "C-9" });
        await bay.TellAsync(Hip(4), EventKind.Used, at - 80 * Minute);
        for (var n = 0; n < 6; n++) await bay.VisitAsync("door-1", Hip(5), "past", at - (60 - n) * Minute);
        await bay.VisitAsync("door-1", Hip(1), "out", at);
        await bay.VisitAsync("door-1", Hip(1), "in", at + 5 * Second);
        await bay.VisitAsync("door-1", Hip(1), "out", at + 9 * Second);   // turned back for a forgotten paper
        await bay.VisitAsync("door-1", Hip(3), "out", at + 1 * Second);
        await bay.VisitAsync("door-1", Hip(4), "out", at + 2 * Second);
        await bay.VisitAsync("door-1", Hip(5), "out", at + 3 * Second, confidence: 0.6);
        await bay.VisitAsync("door-1", Hip(6), "out", at + 4 * Second);
        await bay.VisitAsync("door-1", Hip(5), "out", at + 10 * Second);   // and then somebody carried it out
        await bay.VisitAsync("door-1", Hip(7), "out", at + 5 * Second, reads: 3);
        await bay.VisitAsync("door-1", LoadingBay.GauzeTag(1), "out", at + 6 * Second);
        await bay.VisitAsync("door-1", "E28011700000020A1B2C3D4E", "out", at + 7 * Second);
        await bay.VisitAsync("door-1", "E28011700000020A1B2C3D4E", "past", at + 8 * Second);
        await bay.VisitAsync("door-2", Hip(8), "out", at + 8 * Second);   // into the corridor: none of an exit's business
    }

    /// <param name="dies">A new process for every visit, its memory lost each time.</param>
    static async Task FollowAsync(LoadingBay bay, bool dies)
    {
        var visits = bay.Ledger.NewestVisit();
        if (!dies)
        {
            var follower = bay.Follower();
            await follower.BeginAsync(Token, from: 0);
            await follower.FollowAsync(Token);
            return;
        }
        // Hide the later visits from each life, and give it every one before a second time.
        bay.Execute("ALTER TABLE visits RENAME TO all_visits; CREATE TABLE visits AS SELECT * FROM all_visits WHERE 0;");
        for (var seq = 1; seq <= visits; seq++)
        {
            bay.Execute($"INSERT INTO visits SELECT * FROM all_visits WHERE seq = {seq};");
            var follower = bay.Follower();
            await follower.BeginAsync(Token, from: 0);
            await follower.FollowAsync(Token);
        }
    }

    static List<string> Conclusions(LoadingBay bay) =>
    [
        .. bay.Rows("SELECT id, item, at_us, outcome, says, coalesce(ticket, ''), reads, confidence FROM exits ORDER BY id", 8),
        .. bay.Rows("SELECT id, subject, kind, at_us, detail FROM stock_events ORDER BY id", 5),
        .. bay.Rows("SELECT key, status FROM stock_items ORDER BY key", 2),
        .. bay.Rows("SELECT portal, day, outcome, visits FROM exit_counts ORDER BY portal, day, outcome", 4),
        .. bay.Rows("SELECT portal, item, since_us, last_us FROM exit_strays ORDER BY item", 4),
        .. bay.Rows("SELECT kind, fact, phase, event_us FROM feed WHERE kind = 'exit' ORDER BY fact, phase", 4),
    ];

    List<string> Phases() => _bay.Rows("SELECT phase FROM feed WHERE kind = 'exit' ORDER BY cursor", 1);

    string Status(int hip) => _bay.Rows($"SELECT status FROM stock_items WHERE key = '{LoadingBay.KeyOf(Hip(hip))}'", 1).Single();
}
