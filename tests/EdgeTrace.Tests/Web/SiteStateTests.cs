using EdgeTrace.Api;
using EdgeTrace.Web.Live;

namespace EdgeTrace.Tests.Web;

public class SiteStateTests
{
    static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    readonly SiteState _state = new(new NowView(new("t", "s", "Site", "Europe/London"), At, 10, [], [], [Movement("m1", 0)], [Point("fridge-1", 4)], [], []));

    [Fact]
    public void An_event_already_folded_in_is_dropped()
    {
        Assert.False(_state.Apply(new(10, "movement", At, Movement: Movement("m1", 0))));
        Assert.Single(_state.Movements);
    }

    [Fact]
    public void A_late_movement_takes_its_place_in_time()
    {
        _state.Apply(new(11, "movement", At, Movement: Movement("m2", 10)));
        _state.Apply(new(12, "movement", At, Movement: Movement("m3", -10)));
        Assert.Equal(["m2", "m1", "m3"], _state.Movements.Select(movement => movement.Id));
        Assert.Equal(12, _state.Cursor);
    }

    [Fact]
    public void A_pulse_replaces_a_point_and_moves_no_cursor()
    {
        _state.Apply(new(0, "pulse", At, Pulse: new(At.AddSeconds(1), [Point("fridge-1", 5), Point("fridge-2", 6)], [])));
        Assert.Equal([5, 6], _state.Points.Select(point => point.Celsius));
        Assert.Equal(10, _state.Cursor);
    }

    [Fact]
    public void An_alarm_leaves_only_when_it_is_over_and_answered()
    {
        var alarm = new AlarmView("a", "excursion", Severity.Alarm, "fridge-1", "Fridge 1", "Warm.", "Look.", At, null, 9, false, null);
        _state.Apply(new(11, "alarm", At, Alarm: alarm));
        _state.Apply(new(12, "alarm", At, Alarm: alarm with { Ended = At.AddMinutes(5) }));
        Assert.Single(_state.Alarms);
        _state.Apply(new(13, "alarm", At, Alarm: alarm with { Ended = At.AddMinutes(5), Acknowledged = true, AcknowledgedBy = "A. Nurse" }));
        Assert.Empty(_state.Alarms);
    }

    [Fact]
    public void A_silent_gateway_is_an_alarm_as_long_as_the_faults_say_so()
    {
        var alarm = new AlarmView("gateway-offline.gw-1.1", "gateway-offline", Severity.Alarm, "gw-1/gateway/gw-1", "Gateway gw-1", "Not heard.", "Look.", At, null, null, false, null);
        var fault = new FaultView("gw-1/gateway/gw-1", Severity.Alarm, "gateway", "offline", "Gateway gw-1", "gw-1", null, null, null, null, "", At, "has not been heard", "", "", "", "", [], "", [], null, alarm);
        _state.Apply(new(0, "pulse", At, Pulse: new(At, [], [], new(2, 0, [fault], [], [], []))));
        Assert.Equal(alarm, Assert.Single(_state.Alarms));
        _state.Apply(new(0, "pulse", At, Pulse: new(At, [], [])));
        Assert.Single(_state.Alarms);
        _state.Apply(new(0, "pulse", At, Pulse: new(At, [], [], new(2, 2, [], [], [], []))));
        Assert.Empty(_state.Alarms);
        Assert.Equal(2, _state.Faults.Fine);
    }

    [Fact]
    public void Movements_are_bounded()
    {
        for (var n = 0; n < 500; n++)
            _state.Apply(new(11 + n, "movement", At, Movement: Movement($"n{n}", n)));
        Assert.Equal(200, _state.Movements.Count);
        Assert.Equal("n499", _state.Movements[0].Id);
    }

    static MovementView Movement(string id, int second) =>
        new(id, At.AddSeconds(second), new("30", "Hip stem", ""), "store-3-door", "Store 3 door", "in", null, null, "store-3", "Store 3", 0.99, 40, -50, 200);

    static PointView Point(string id, double celsius) => new(id, id, null, "Fridge", 2, 8, celsius, At, 10, Severity.Fine, "", []);
}
