using EdgeTrace.ColdChain;

namespace EdgeTrace.Tests.ColdChain;

public class MeanKineticTemperatureTests
{
    public static TheoryData<string, double, double> Table => new()
    {
        { "10@5", 5.0, 5.0 },
        { "4@4 1@16", 6.4, 8.1089 },
        { "1@2 1@8", 5.0, 5.5364 },
        { "1@2 1@3 1@4 1@5 1@6 1@7 1@8", 5.0, 5.2423 },
        { "23@5 1@15", 5.4167, 5.7635 },
        { "20@5 4@14", 6.5, 7.3276 },
        { "18@5 6@14", 7.25, 8.2852 },
        { "23@5 1@16", 5.4583, 5.8930 },
        { "1@20 1@25 1@30", 25.0, 25.8582 },
        { "696@22 24@38", 22.5333, 23.2759 },
        { "480@24 240@29", 25.6667, 25.9721 },
    };

    [Theory, MemberData(nameof(Table))]
    public void The_published_values_come_out_to_four_decimals(string hours, double mean, double mkt)
    {
        var result = MeanKineticTemperature.Evaluate(Hours(hours), 1, StorageClass.Ambient);
        Assert.Equal(mean, result.Mean, 4);
        Assert.Equal(mkt, result.Celsius!.Value, 4);
        Assert.True(result.Celsius >= result.Mean - 1e-9);
    }

    [Theory]
    [InlineData("23@5 1@15", "")]
    [InlineData("20@5 4@14", "")]
    [InlineData("18@5 6@14", "MKT")]
    [InlineData("23@5 1@16", "peak")]
    public void Controlled_cold_is_excused_only_within_mean_and_peak(string hours, string fails) => AssertFails(MktRule.ControlledCold, hours, fails);

    [Theory]
    [InlineData("1@20 1@25 1@30", "MKT")]
    [InlineData("696@22 24@38", "")]
    [InlineData("695@22 25@38", "25 h above 30")]
    [InlineData("480@24 240@29", "MKT")]
    public void Controlled_room_is_excused_only_within_mean_peak_and_a_day(string hours, string fails) => AssertFails(MktRule.ControlledRoom, hours, fails);

    [Theory]
    [InlineData(Interpolation.StepHold, 8.5332)]
    [InlineData(Interpolation.Midpoint, 7.0)]
    public void The_interpolation_decides_and_is_named(Interpolation interpolation, double mkt)
    {
        var (temperatures, coverage) = MeanKineticTemperature.Weigh([(0, 5), (600_000_000, 9), (4_200_000_000, 5)], interpolation, TimeSpan.FromHours(2));
        Assert.Equal(mkt, MeanKineticTemperature.Of(temperatures), 4);
        Assert.Equal(1, coverage);
    }

    [Fact]
    public void A_gap_is_not_guessed_over_but_lowers_the_coverage()
    {
        var (temperatures, coverage) = MeanKineticTemperature.Weigh([(0, 5), (600_000_000, 9), (4_200_000_000, 5)], Interpolation.StepHold, TimeSpan.FromMinutes(10));
        Assert.Single(temperatures);
        Assert.Equal(1 / 7.0, coverage, 9);
    }

    [Fact]
    public void It_is_refused_with_the_reason_where_it_must_not_be_used()
    {
        (double?, MktRefusal) Of(string hours, double coverage, StorageClass storage)
        {
            var result = MeanKineticTemperature.Evaluate(Hours(hours), coverage, storage);
            return (result.Celsius, result.Refusal);
        }
        Assert.Equal((null, MktRefusal.FrozenClass), Of("1@-20", 1, StorageClass.Freezer));
        Assert.Equal((null, MktRefusal.CoverageTooLow), Of("1@5", 0.899, StorageClass.Fridge));
        Assert.Equal((null, MktRefusal.CoverageTooLow), Of("1@5", double.NaN, StorageClass.Fridge));
        Assert.Equal((null, MktRefusal.TooCold), Of("9@5 1@1.9", 1, StorageClass.Fridge));
        Assert.Equal((null, MktRefusal.NoSamples), Of("", 1, StorageClass.Fridge));
        Assert.Equal(MktRefusal.None, Of("9@5 1@2", 0.9, StorageClass.Fridge).Item2);
    }

    static void AssertFails(MktRule rule, string hours, string fails)
    {
        var failures = rule.Failures(Hours(hours));
        if (fails.Length == 0) Assert.Empty(failures);
        else Assert.Contains(fails, Assert.Single(failures), StringComparison.Ordinal);
    }

    static WeightedTemperature[] Hours(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('@'))
            .Select(part => new WeightedTemperature(Number(part[1]), Number(part[0])))];

    static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
