using EdgeTrace.Identity;

namespace EdgeTrace.Tests.Identity;

/// <summary>Several codes of one label become one item; what does not belong together is never merged.</summary>
public class LabelSessionTests
{
    const int Year = 2026;
    const string Hip = "]d20105412345000013";
    const string Pi = "]d21729033110LOT-7";
    const string Cup = "]d20109506000134352";

    static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    // Codes, each after so many seconds; what the last one did, what the label is then, what is said.
    [Theory]
    [InlineData("product then lot and expiry", "0 " + Hip + "|2 " + Pi, LabelOutcome.Complete, "05412345000013 LOT-7  2029-03-31", "The label is complete.")]
    [InlineData("lot and expiry first", "0 " + Pi + "|2 " + Hip, LabelOutcome.Complete, "05412345000013 LOT-7  2029-03-31", "The label is complete.")]
    [InlineData("all in one", "0 ]d20105412345000013172903312142", LabelOutcome.Complete, "05412345000013  42 2029-03-31", "The label is complete.")]
    [InlineData("product alone", "0 " + Hip, LabelOutcome.Opened, "05412345000013   ", "Now scan the code with lot or serial and expiry.")]
    [InlineData("lot alone", "0 ]C110LOT-7", LabelOutcome.Opened, " LOT-7  ", "Now scan the code with the product and expiry.")]
    [InlineData("the same code twice", "0 " + Hip + "|1 " + Hip, LabelOutcome.Repeated, "05412345000013   ", "Now scan the code with lot or serial and expiry.")]
    [InlineData("a plain GTIN beside it", "0 " + Hip + "|1 ]E05412345000013", LabelOutcome.Added, "05412345000013   ", "Now scan the code with lot or serial and expiry.")]
    [InlineData("a GTIN after it is complete", "0 " + Hip + "|1 " + Pi + "|2 ]E05412345000013", LabelOutcome.Complete, "05412345000013 LOT-7  2029-03-31", "The label is complete.")]
    [InlineData("another product", "0 " + Hip + "|1 " + Cup, LabelOutcome.OtherProduct, "05412345000013   ", "another product (09506000134352, not 05412345000013)")]
    [InlineData("another product, insisted on", "0 " + Hip + "|1 " + Cup + "|2 " + Cup, LabelOutcome.Opened, "09506000134352   ", "Now scan the code with lot or serial and expiry.")]
    [InlineData("another product after it is complete", "0 " + Hip + "|1 " + Pi + "|2 " + Cup, LabelOutcome.Opened, "09506000134352   ", "Now scan the code with lot or serial and expiry.")]
    [InlineData("another lot of the same product", "0 ]d2010541234500001310A|1 ]d2010541234500001310B", LabelOutcome.OtherItem, "05412345000013 A  ", "This code has lot B, the label A.")]
    [InlineData("another date", "0 ]d2010541234500001317290331|1 ]d20105412345000013172904301042", LabelOutcome.OtherItem, "05412345000013   2029-03-31", "use-by date 2029-04-30, the label 2029-03-31")]
    [InlineData("a noise code", "0 " + Hip + "|1 REF-12345", LabelOutcome.Noise, "05412345000013   ", "This code says nothing about the item. Now scan")]
    [InlineData("a code that cannot be read", "0 " + Hip + "|1 ]d20105412345000014", LabelOutcome.Unreadable, "05412345000013   ", "check digit 4 should be 3")]
    [InlineData("five seconds are still in time", "0 " + Hip + "|5 " + Pi, LabelOutcome.Complete, "05412345000013 LOT-7  2029-03-31", "The label is complete.")]
    [InlineData("six seconds are too late", "0 " + Hip + "|6 " + Pi, LabelOutcome.Opened, " LOT-7  2029-03-31", "Now scan the code with the product.")]
    [InlineData("each code gives five more", "0 " + Hip + "|4 ]C110LOT-7|8 ]C117290331", LabelOutcome.Complete, "05412345000013 LOT-7  2029-03-31", "The label is complete.")]
    [InlineData("HIBC in two symbols", "0 +A123BJC5D6E71G|1 +$$52901510X3GM", LabelOutcome.Complete, "A123BJC5D6E71 10X3  2029-01-15", "The label is complete.")]
    [InlineData("a HIBC secondary of another label", "0 +A999123413|1 +$$52901510X3GM", LabelOutcome.OtherItem, "A99912341   ", "link character")]
    [InlineData("a tray is whole by itself", "0 ]d2800300614141123452A-7", LabelOutcome.Complete, "   ", "The label is complete.")]
    [InlineData("a tray on a product's label", "0 " + Hip + "|1 ]d2800300614141123452A-7", LabelOutcome.OtherItem, "05412345000013   ", "another thing")]
    [InlineData("a bag of blood", "0 =G12341765432170|1 =<E0150V00|2 =>029045", LabelOutcome.Complete, "   2029-02-14", "The label is complete.")]
    [InlineData("another donation", "0 =G12341765432170|1 =<E0150V00|2 =G12341765432200", LabelOutcome.OtherItem, "   ", "donation G123417654322")]
    public void A_label_is_told_from_its_codes(string why, string codes, LabelOutcome outcome, string label, string say)
    {
        var session = new LabelSession(noise: ["REF-"]);
        LabelAnswer? answer = null;
        foreach (var code in codes.Split('|'))
        {
            var space = code.IndexOf(' ');
            answer = session.Scan(Identification.Of(code[(space + 1)..], Year), Noon.AddSeconds(int.Parse(code[..space])));
        }
        Assert.NotNull(answer);
        var open = answer.Label;
        Assert.True((outcome, label) == (answer.Outcome, $"{open?.Product?.Number} {open?.Lot} {open?.Serial} {open?.Expiry:yyyy-MM-dd}"), $"{why}: {answer.Outcome} '{open?.Product?.Number} {open?.Lot} {open?.Serial} {open?.Expiry:yyyy-MM-dd}' {answer.Say}");
        Assert.Contains(say, answer.Say);
        Assert.Same(open, session.Open);
    }

    [Fact]
    public void A_label_that_was_left_is_told_when_the_next_begins_or_time_is_asked()
    {
        var session = new LabelSession();
        session.Scan(Identification.Of(Hip, Year), Noon);
        Assert.Null(session.Close(Noon.AddSeconds(5)));
        var answer = session.Scan(Identification.Of(Cup, Year), Noon.AddSeconds(6));
        Assert.Equal("05412345000013", answer.Closed!.Product!.Value.Number);
        Assert.Equal(LabelNeeds.LotOrSerial | LabelNeeds.Expiry, answer.Closed.Missing);
        Assert.Equal("09506000134352", session.Close(Noon.AddSeconds(12))!.Product!.Value.Number);
        Assert.Null(session.Open);
    }

    [Fact]
    public void The_catalogue_says_what_a_product_needs()
    {
        var session = new LabelSession(product => product.Number == "05412345000013" ? LabelNeeds.Serial | LabelNeeds.Expiry : LabelNeeds.Nothing);
        Assert.Equal("Now scan the code with serial and expiry.", session.Scan(Identification.Of(Hip, Year), Noon).Say);
        Assert.Equal(LabelOutcome.Added, session.Scan(Identification.Of(Pi, Year), Noon).Outcome);
        var answer = session.Scan(Identification.Of("]C121S-1", Year), Noon);
        Assert.Equal(LabelOutcome.Complete, answer.Outcome);
        Assert.Equal("https://id.gs1.org/01/05412345000013/21/S-1", answer.Label!.ItemKey.ToString());
        Assert.Equal("https://id.gs1.org/01/05412345000013/10/LOT-7", answer.Label.LotKey.ToString());
        Assert.Equal(LabelOutcome.Complete, session.Scan(Identification.Of(Cup, Year), Noon.AddSeconds(1)).Outcome);
    }

    [Fact]
    public void Every_code_of_a_label_is_kept_as_it_came()
    {
        var session = new LabelSession();
        session.Scan(Identification.Of(Hip, Year), Noon);
        var label = session.Scan(Identification.Of(Pi, Year), Noon).Label!;
        Assert.Equal([Hip, Pi], label.Codes.Select(code => code.Input));
    }
}
