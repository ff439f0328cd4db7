using EdgeTrace.Stock;

namespace EdgeTrace.Tests.Excursions;

public class StayTests
{
    [Theory]
    [InlineData("0 fridge", "10-20")]
    [InlineData("15 fridge", "15-20")]
    [InlineData("20 fridge", "")]
    [InlineData("0 fridge, 10 shelf", "")]
    [InlineData("0 fridge, 11 shelf", "10-11")]
    [InlineData("0 fridge, 12 bin, 14 shelf, 16 bin", "10-14, 16-20")]
    [InlineData("0 fridge, 12 -", "10-12")]
    [InlineData("0 shelf", "")]
    public void A_thing_is_where_it_was_last_placed_until_it_is_placed_again(string placed, string stays) => Assert.Equal(
        stays, string.Join(", ", Stay.In([.. placed.Split(", ").Select(each => each.Split(' ')).Select(each => (long.Parse(each[0], System.Globalization.CultureInfo.InvariantCulture), each[1] == "-" ? null : each[1]))], ["fridge", "bin"], 10, 20)
            .Select(stay => $"{stay.FromUs}-{stay.UntilUs}")));
}
