using EdgeTrace.Stock;

namespace EdgeTrace.Tests.Recalls;

public class RecallNoticeTests
{
    const string Gtin = "10614141123459";

    static readonly RecallNotice s_lots = new("n", "FSN-1", Gtin, ["A1", "A2"]);
    static readonly RecallNotice s_serials = new("n", "FSN-1", Gtin, []) { SerialFrom = "0099", SerialTo = "120" };
    static readonly RecallNotice s_letters = new("n", "FSN-1", Gtin, []) { SerialFrom = "SN-B", SerialTo = "SN-D" };
    static readonly RecallNotice s_expiry = new("n", "FSN-1", Gtin, []) { ExpiryFrom = new(2029, 1, 1), ExpiryTo = new(2029, 6, 30) };
    static readonly RecallNotice s_made = new("n", "FSN-1", Gtin, []) { MadeTo = new(2024, 12, 31) };
    static readonly RecallNotice s_hibc = new("n", "FSN-1", "+A123BJC5D6", ["L7"]);

    [Theory]
    [InlineData("lots", Gtin, "A1", "7", null, null, true)]
    [InlineData("lots", Gtin, "a1", "7", null, null, false)]   // a lot is its whole number, as written
    [InlineData("lots", Gtin, "A11", "7", null, null, false)]
    [InlineData("lots", Gtin, null, "7", null, null, true)]    // nobody knows its lot: it may be meant
    [InlineData("lots", "00614141999996", "A1", "7", null, null, false)]
    [InlineData("lots", null, "A1", "7", null, null, false)]
    [InlineData("serials", Gtin, null, "99", null, null, true)]   // zeros before a number are not part of it
    [InlineData("serials", Gtin, null, "120", null, null, true)]
    [InlineData("serials", Gtin, null, "121", null, null, false)]
    [InlineData("serials", Gtin, null, "98", null, null, false)]
    [InlineData("serials", Gtin, null, null, null, null, true)]
    [InlineData("letters", Gtin, null, "SN-C", null, null, true)]
    [InlineData("letters", Gtin, null, "SN-E", null, null, false)]
    [InlineData("expiry", Gtin, null, "7", "2029-01-01", null, true)]
    [InlineData("expiry", Gtin, null, "7", "2029-06-30", null, true)]
    [InlineData("expiry", Gtin, null, "7", "2029-07-01", null, false)]
    [InlineData("expiry", Gtin, null, "7", null, null, true)]
    [InlineData("made", Gtin, null, "7", null, "2024-12-31", true)]
    [InlineData("made", Gtin, null, "7", null, "2025-01-01", false)]
    [InlineData("hibc", "+A123BJC5D6", "L7", null, null, null, true)]
    [InlineData("hibc", "+A123BJC5D61", "L7", null, null, null, true)]  // a box of them
    [InlineData("hibc", "+A123BJC5D6XX", "L7", null, null, null, false)]
    [InlineData("hibc", "+A123BJC5D7", "L7", null, null, null, false)]
    public void It_names_what_it_says_and_what_may_be_meant(string notice, string? product, string? lot, string? serial, string? expiry, string? made, bool names) =>
        Assert.Equal(names, Of(notice).Names(product, lot, serial, Day(expiry), Day(made)));

    [Theory]
    [InlineData("lots", "A1", null, null, null, true)]
    [InlineData("lots", null, "7", "2029-01-01", "2024-01-01", false)]
    [InlineData("serials", "A1", null, null, null, false)]
    [InlineData("serials", null, "7", null, null, true)]
    [InlineData("expiry", "A1", "7", null, null, false)]
    [InlineData("made", "A1", "7", "2029-01-01", null, false)]
    [InlineData("made", null, null, null, "2024-01-01", true)]
    public void It_is_sure_only_of_what_is_known_in_everything_it_asks_about(string notice, string? lot, string? serial, string? expiry, string? made, bool sure) =>
        Assert.Equal(sure, Of(notice).IsSure(lot, serial, Day(expiry), Day(made)));

    static RecallNotice Of(string name) => name switch { "lots" => s_lots, "serials" => s_serials, "letters" => s_letters, "expiry" => s_expiry, "made" => s_made, _ => s_hibc };

    static DateOnly? Day(string? text) => text is null ? null : DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
