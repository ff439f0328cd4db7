using EdgeTrace.Cloud.Accounts;

namespace EdgeTrace.Tests.Accounts;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("a long walk by the sea", null)]
    [InlineData("plum-kettle-orbit", null)]
    [InlineData("éàüöäßøåñçěř", null)]
    [InlineData("kettle-plum", "12 letters")]
    [InlineData("", "12 letters")]
    [InlineData("aaaaaaaaaaaaaaaa", "different")]
    [InlineData("121212121212", "different")]
    [InlineData("Password1234", "Everybody")]
    [InlineData("PASSWORD!!!!2026", "Everybody")]
    [InlineData("123456789012", "Everybody")]
    [InlineData("correcthorsebatterystaple", "Everybody")]
    [InlineData("Summer2026!!", "Everybody")]
    [InlineData("a.smith and the sea", "own name")]
    [InlineData("ANN SMITH by the sea", "own name")]
    public void A_password_is_long_and_not_everybodys(string password, string? wrong)
    {
        var said = PasswordRules.Wrong(password, "a.smith", "Ann Smith");
        if (wrong is null) Assert.Null(said);
        else Assert.Contains(wrong, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("402617", null)]
    [InlineData("40261", "6 to 12")]
    [InlineData("40261a", "6 to 12")]
    [InlineData("٤٠٢٦١٧", "6 to 12")]
    [InlineData("121212", "three different")]
    [InlineData("345678", "in a row")]
    [InlineData("987654", "in a row")]
    public void A_pin_is_six_digits_that_are_not_tried_first(string pin, string? wrong)
    {
        var said = PasswordRules.WrongPin(pin);
        if (wrong is null) Assert.Null(said);
        else Assert.Contains(wrong, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(8017)050123456789012345", "050123456789012345")]
    [InlineData("]d28017050123456789012345", "050123456789012345")]
    [InlineData("8017050123456789012345", "050123456789012345")]
    [InlineData(" st-0042 ", "ST-0042")]
    [InlineData("", null)]
    [InlineData("a\u001db", null)]
    public void A_badge_says_whose_it_is(string scanned, string? badge) => Assert.Equal(badge, Badge.Of(scanned));
}
