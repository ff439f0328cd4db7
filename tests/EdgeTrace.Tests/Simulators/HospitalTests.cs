using EdgeTrace.Identity;
using EdgeTrace.Simulators.Hospital;
using EdgeTrace.Tracking;

namespace EdgeTrace.Tests.Simulators;

public class HospitalTests
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    static List<Walk> Walks(int seed) => [.. new HospitalPlan(seed, Length).Walks()];

    static string Text(Walk walk) => $"{walk.Kind} {string.Join(' ', walk.Path)} {string.Join(' ', walk.Tags.Select(tag => tag.Hex))}";

    static List<(Walk Walk, CarriedTag Tag, Crossing Crossing)> Passages(int seed) =>
        [.. from walk in Walks(seed) from crossing in Crossing.Of(walk) from tag in walk.Tags where tag.Kind == TagKind.Stock select (walk, tag, crossing)];

    [Fact]
    public void The_same_seed_is_the_same_plan_and_another_seed_another()
    {
        Assert.Equal(Walks(7).Select(Text), Walks(7).Select(Text));
        Assert.NotEqual(Walks(7).Select(Text), Walks(8).Select(Text));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8), InlineData(9), InlineData(10)]
    public void Half_a_minute_holds_enough_of_every_kind_and_ends_with_nobody_in_a_door(int seed)
    {
        var walks = Walks(seed);
        var passages = Passages(seed);
        Assert.InRange(passages.Count, 60, 300);
        foreach (var direction in new[] { "in", "out", "past" }) Assert.InRange(passages.Count(passage => passage.Crossing.Direction == direction), 10, 200);
        foreach (var kind in new[] { WalkKind.Past, WalkKind.Delivery }) Assert.Contains(walks, walk => walk.Kind == kind);
        Assert.Contains(walks, walk => walk.Kind is WalkKind.UTurnInside or WalkKind.UTurnOutside);
        Assert.All(walks.Where(walk => !walk.IsParked), walk => Assert.InRange(walk.EndUs, 2_000_000, 29_000_000));
    }

    [Fact]
    public void Passages_of_an_item_at_a_door_lie_more_than_four_seconds_apart()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            foreach (var item in Passages(seed).GroupBy(passage => (passage.Tag.Hex, passage.Crossing.Door.Portal)))
            {
                var times = item.Select(passage => passage.Crossing).OrderBy(crossing => crossing.FromUs).ToList();
                for (var n = 1; n < times.Count; n++) Assert.True(times[n].FromUs - times[n - 1].ToUs > 4_000_000, $"seed {seed}, {item.Key}");
            }
        }
    }

    [Fact]
    public void One_label_of_the_day_is_printed_twice_and_every_other_EPC_has_one_chip()
    {
        var chips = Walks(7).SelectMany(walk => walk.Tags).GroupBy(tag => tag.Hex, tag => Convert.ToHexString(tag.Tid)).ToDictionary(tag => tag.Key, tag => tag.Distinct().Count());
        Assert.Equal([(Convert.ToHexString(Reprint.Thing.Epc!), 2)], chips.Where(tag => tag.Value != 1).Select(tag => (tag.Key, tag.Value)));
        Assert.All(Walks(7).SelectMany(walk => walk.Tags), tag => Assert.True(Tid.IsOne(tag.Tid)));
    }

    [Fact]
    public void Products_have_valid_numbers_and_tags_say_the_same()
    {
        foreach (var product in Catalogue.Products)
        {
            var sum = product.Gtin.Select((digit, n) => (digit - '0') * (n % 2 == 0 ? 3 : 1)).Sum();
            Assert.Equal((14, 0), (product.Gtin.Length, sum % 10));
        }
        Assert.True(Gs1Tag.TryDecode(Epc.From(TagEncoding.Sgtin96(Catalogue.Products[0], 4711)), out var tag));
        Assert.Equal("urn:epc:tag:sgtin-96:1.5098101.010011.4711", tag.ToTagUri());
        Assert.True(Gs1Tag.TryDecode(Epc.From(TagEncoding.Sscc96(Catalogue.Own, 3_000_000_007)), out tag));
        Assert.Equal("urn:epc:tag:sscc-96:2.5098505.3000000007", tag.ToTagUri());
        Assert.True(Gs1Tag.TryDecode(Epc.From(TagEncoding.Giai96(Catalogue.Own, 40_001)), out tag));
        Assert.Equal("urn:epc:tag:giai-96:0.5098505.40001", tag.ToTagUri());
        Assert.StartsWith(Catalogue.BadgePrefix, Convert.ToHexString(Catalogue.Badge(39)), StringComparison.Ordinal);
        var stock = Walks(1).SelectMany(walk => walk.Tags).Where(carried => carried.Kind == TagKind.Stock);
        Assert.DoesNotContain(stock, carried => carried.Hex.StartsWith(Catalogue.BadgePrefix, StringComparison.Ordinal));
    }

    /// <summary>A field nobody could track would test nothing. Parked stock and whoever stops short of a door may be heard, but has not moved.</summary>
    [Fact]
    public void A_plain_tracker_gets_nearly_all_passages_right()
    {
        var (right, missed, all, ghosts, heard) = (0, 0, 0, 0, 0);
        for (var seed = 1; seed <= 10; seed++)
        {
            var visits = Track(seed);
            var passages = Passages(seed);
            all += passages.Count;
            right += passages.Count(passage => visits.Any(visit => Matches(visit, passage.Crossing, passage.Tag)));
            missed += passages.Count(passage => !visits.Any(visit => Overlaps(visit, passage.Crossing, passage.Tag)));
            var others = visits.Where(visit => !passages.Any(passage => Overlaps(visit, passage.Crossing, passage.Tag))).ToList();
            ghosts += others.Count(visit => visit.Direction is Direction.In or Direction.Out);
            heard += others.Count(visit => visit.Direction is Direction.Past);
        }
        var figures = $"{right} right and {missed} unheard of {all} passages, {ghosts} ghost movements, {heard} heard that were at no door";
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(right >= 0.95 * all && ghosts <= 0.01 * all, figures);
    }

    static bool Overlaps(Visit visit, Crossing crossing, CarriedTag tag) =>
        visit.Portal == crossing.Door.Portal && visit.Epc == Epc.From(tag.Epc) && visit.FirstUs < crossing.ToUs + 2_000_000 && visit.LastUs > crossing.FromUs - 2_000_000;

    static bool Matches(Visit visit, Crossing crossing, CarriedTag tag) =>
        Overlaps(visit, crossing, tag) && visit.Direction == crossing.Direction switch { "in" => Direction.In, "out" => Direction.Out, _ => Direction.Past };

    static List<Visit> Track(int seed)
    {
        var walks = Walks(seed);
        var visits = new List<Visit>();
        var number = 0;
        foreach (var reader in Building.Readers)
        {
            var doors = Building.Doors.Where(door => door.Reader == reader).ToList();
            var field = new RadioField(doors, seed * 101 + number++);
            var heard = new List<Heard>();
            field.Advance(30_000_000, walks, heard);
            foreach (var door in doors)
            {
                var sides = door.Antennas.ToDictionary(antenna => antenna.Port, antenna => antenna.Inside ? Side.Inside : Side.Outside);
                var tracker = new ZoneTracker([new PortalModel { Portal = door.Portal, Sides = sides, Gap = TimeSpan.FromSeconds(2) }]);
                var reads = heard.Where(read => read.Door == door && read.Tag.Kind == TagKind.Stock)
                    .Select(read => new TagRead(Epc.From(read.Tag.Epc), read.AtUs, (ushort)read.Port, (short)(read.RssiCentiDbm / 100 * 100), 1, read.AtUs)).ToArray();
                tracker.Apply(reads, visits);
                tracker.Advance(long.MaxValue, visits);
            }
        }
        return visits;
    }
}
