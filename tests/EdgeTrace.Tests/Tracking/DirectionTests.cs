using EdgeTrace.Tracking;
using static EdgeTrace.Tests.Tracking.DoorTraces;

namespace EdgeTrace.Tests.Tracking;

public class DirectionTests(ITestOutputHelper output)
{
    [Fact]
    public void Walks_through_a_simulated_door_get_the_right_direction()
    {
        var told = new Dictionary<(Walk Walk, string Verdict), int>();
        for (var seed = 1; seed <= 10; seed++)
        {
            var traces = new DoorTraces(seed);
            var nextTag = 0;
            var second = 0.0;
            foreach (var walk in Enumerable.Range(0, 40).SelectMany(_ => Enum.GetValues<Walk>()))
                foreach (var trace in traces.Carry(walk, second += 30, ref nextTag))
                {
                    var key = (walk, VerdictOf(Doors.VisitsOf(Doors.Door, trace.Reads)));
                    told[key] = told.GetValueOrDefault(key) + 1;
                }
        }
        foreach (var walk in Enum.GetValues<Walk>())
            output.WriteLine($"{walk,-18}" +
                string.Join("  ", told.Where(t => t.Key.Walk == walk).OrderByDescending(t => t.Value).Select(t => $"{t.Key.Verdict} {t.Value}")));

        var through = told.Where(t => t.Key.Walk is Walk.In or Walk.Out).ToList();
        var right = through.Where(t => t.Key.Verdict == t.Key.Walk.ToString()).Sum(t => t.Value) / (double)through.Sum(t => t.Value);
        var others = told.Where(t => t.Key.Walk is not (Walk.In or Walk.Out)).ToList();
        var ghosts = others.Where(t =>
            t.Key.Verdict.Contains("In", StringComparison.Ordinal) || t.Key.Verdict.Contains("Out", StringComparison.Ordinal)).Sum(t => t.Value);
        output.WriteLine($"right {right:P2} of {through.Sum(t => t.Value)} passages; {ghosts} ghosts in {others.Sum(t => t.Value)} other stays");
        Assert.True(right >= 0.97, $"right {right:P2}");
        Assert.True(ghosts <= 0.01 * others.Sum(t => t.Value), $"ghosts {ghosts}");
    }

    /// <summary>Only the movements count: a tag heard again two seconds later is a second visit, and that is fine.</summary>
    static string VerdictOf(List<Visit> visits)
    {
        if (visits.Count == 0) return "unheard";
        var moved = visits.Where(v => v.Direction is Direction.In or Direction.Out).Select(v => v.Direction.ToString()).ToList();
        return moved.Count > 0 ? string.Join('+', moved) : "still";
    }

    [Fact]
    public void Weak_strays_of_parked_stock_are_no_movement_however_they_are_ordered()
    {
        var strays = Enumerable.Range(0, 40).Select(i => Doors.Read(1, i * 0.9, i < 20 ? 1 : 3, -72 - i % 4));
        Assert.All(Doors.VisitsOf(Doors.Door, strays), v =>
        {
            Assert.DoesNotContain(v.Direction, new[] { Direction.In, Direction.Out });
            Assert.InRange(v.Confidence, 0, 0.5);
        });
    }

    [Fact]
    public void One_faint_read_on_one_side_passed_and_little_is_claimed_of_it()
    {
        var visit = Assert.Single(Doors.VisitsOf(Doors.Door, [Doors.Read(1, 1, 1, -73)]));
        Assert.Equal(Direction.Past, visit.Direction);
        Assert.InRange(visit.Confidence, 0, 0.2);
    }

    [Fact]
    public void The_far_antenna_hearing_a_back_lobe_makes_no_passage()
    {
        var reads = Enumerable.Range(0, 60).SelectMany(i => new[] { Doors.Read(1, i * 0.05, 1, -48), Doors.Read(1, i * 0.05 + 0.01, 3, i < 40 ? -75 : -70) });
        var visit = Assert.Single(Doors.VisitsOf(Doors.Door, reads));
        Assert.Equal((Direction.Past, Side.Outside), (visit.Direction, visit.Side));
    }

    [Fact]
    public void Carried_in_and_left_beside_the_door_is_in()
    {
        var walk = Enumerable.Range(0, 40).Select(i => Doors.Read(1, i * 0.05, i < 20 ? 1 : 3, -50));
        var rest = Enumerable.Range(0, 600).Select(i => Doors.Read(1, 2 + i, 3, -64));
        var visit = Assert.Single(Doors.VisitsOf(Doors.Door, walk.Concat(rest)));
        Assert.Equal((Direction.In, Side.Inside), (visit.Direction, visit.Side));
        Assert.InRange(visit.Confidence, 0.8, 1);
    }

    [Fact]
    public void Two_reports_that_add_up_a_whole_passage_still_say_which_way()
    {
        var visit = Assert.Single(Doors.VisitsOf(Doors.Door,
            Doors.Read(1, 0, 1, -50, count: 20, lasts: 1.4), Doors.Read(1, 1.2, 3, -49, count: 25, lasts: 1.6), Doors.Read(1, 2.9, 4, -60)));
        Assert.Equal(Direction.In, visit.Direction);
    }
}
