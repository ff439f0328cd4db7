using CsCheck;
using EdgeTrace.Identity;
using EdgeTrace.Tests.Identity.Scoring;

namespace EdgeTrace.Tests.Identity;

public class TagContentTests(ITestOutputHelper output)
{
    const int Year = 2026;

    [Fact]
    public void Any_tag_of_any_scheme_comes_back_from_its_bits_and_spellings()
    {
        var trip = RoundTrip.Run(tags: 40_000, seed: 20261125);
        output.WriteLine(trip.ToString());
        Assert.Empty(trip.Failures);
        Assert.Equal(RoundTrip.Schemes, trip.SchemesSeen);
    }

    [Fact]
    public void Any_bits_are_read_and_written_back_or_refused_in_words() => Gen.Select(Gen.Byte.Array[0, Epc.BytesMax], Gen.Byte).Sample((bytes, header) =>
    {
        if (bytes.Length > 0) bytes[0] = header;
        var epc = Epc.From(bytes);
        if (!TagContent.TryDecode(epc, out var content, out var error)) Assert.NotEmpty(error);
        else if (!content.ToEpc().ToString().TrimEnd('0').Equals(epc.ToString().TrimEnd('0'), StringComparison.Ordinal)) Assert.True(Gs1Tag.TryDecode(epc, out var tag) && tag.HasReservedBits || content.Identity is null, epc.ToString());
        Assert.NotEmpty(epc.ToUri());
        Assert.NotNull(Identification.Of(epc, Year));
    }, iter: 200_000);

    [Fact]
    public void Lot_and_expiry_are_read_at_the_door_with_no_look_up()
    {
        Gs1Element[] elements = [new("01", "09506000134352"), new("21", "HIP-0001"), new("10", "LOT-7"), new("17", "290331")];
        Assert.True(TagContent.TryCreate(EpcScheme.SgtinPlus, elements, 1, null, out var tag, out var error), error);
        Assert.True(TagContent.TryCreate(EpcScheme.DsgtinPlus, elements, 1, null, out var dated, out error), error);
        foreach (var content in new[] { tag, dated })
        {
            var said = Identification.Of(content.ToEpc(), Year);
            Assert.Equal(("LOT-7", "HIP-0001", new DateOnly(2029, 3, 31), null), (said.Lot, said.Serial, said.Expiry, said.Error));
            Assert.Equal("https://id.gs1.org/01/09506000134352/21/HIP-0001", said.ItemKey.ToString());
            Assert.Equal("https://id.gs1.org/01/09506000134352/10/LOT-7", said.LotKey.ToString());
            Assert.Equal("https://id.gs1.org/01/09506000134352/10/LOT-7/21/HIP-0001?17=290331", said.DigitalLink);
        }
    }

    [Theory]
    [InlineData("3666C4409047E159B2C2BF100000000000000000000000000000", "]d2010950600013435221" + "32a/b")]
    [InlineData("3066C4409047E140075BCD15", "]d2010950600013435221123456789")]
    [InlineData("F71095060001343528566CB0AFC40000", "]d2010950600013435221" + "32a/b")]
    [InlineData("FD3795211411234538566CB0AFC525065F1876F0D996D800", "]d2017952114112345321" + "32a/b")]
    [InlineData("2E74257BF4499602D2000000", "]d28017061414112345678902")]
    [InlineData("4014F4E4E40C0E40820000000F54", "]d28006040123451234560102\u001D21981")]
    [InlineData("3C76451FD400C0E680003039", "]d28010952114198765\u001D801112345")]
    [InlineData("3F76451FD612640000019907", "]d2255952114167890904711")]
    public void A_label_and_a_tag_of_one_thing_have_one_key(string hex, string scan)
    {
        Assert.True(ItemKey.TryFrom(Epc.Parse(hex), out var read));
        Assert.True(ItemKey.TryFrom(ScanCode.Parse(scan, Year), out var scanned, out var error), error);
        Assert.Equal(scanned, read);
    }

    [Theory]
    [InlineData("F9009520123456789123592832F8C3B786CCB6C0", "bits are left over")]     // the standard's own misprint: SSCC++ under the header of SSCC+
    [InlineData("F71095060001343528566C", "ends inside")]
    [InlineData("F71095060A01343528566CB0AFC4", "(01) is none")]
    [InlineData("FB1732C109506000134352671C83F4D34D40", "date type 7 is reserved")]
    [InlineData("FD1095060001343520101234567890", "URN Code 40")]
    [InlineData("3666C4409047E140B2C2BF100000000000000000000000000000", "none of the standard's 82")]
    [InlineData("3666C4409047E159B2C2BF100000000000000000000000000001", "left over")]
    [InlineData("3A28499602D210000000000000000000", "does not begin with the 1 that guards it")]
    [InlineData("2F320434121455900000162E", "no CAGE code")]
    [InlineData("4014F4E4E40C0E7F820000000F54", "two digits")]
    public void Bits_that_say_nothing_are_refused_naming_why(string hex, string reason)
    {
        Assert.False(TagContent.TryDecode(Epc.Parse(hex), out _, out var error), hex);
        Assert.Contains(reason, error);
        Assert.Contains(reason, Identification.Of(hex, Year).Error);
    }

    [Theory]
    [InlineData(EpcScheme.SgtinPlus, "(01)09506000134352", null, "(21) is needed")]
    [InlineData(EpcScheme.DsgtinPlus, "(01)09506000134352(21)A", null, "a date is needed")]
    [InlineData(EpcScheme.SgtinPlus, "(01)09506000134352(21)A", "example.com", "no place for a host name")]
    [InlineData(EpcScheme.SgtinPlusPlus, "(01)09506000134352(21)A", null, "a host name is needed")]
    [InlineData(EpcScheme.SgtinPlus, "(01)09506000134353(21)A", null, "check digit 3 should be 2")]
    [InlineData(EpcScheme.SgtinPlus, "(01)09506000134352(21)A(8040)123456789012345", null, "(8040) is an identifier no tag can carry")]
    [InlineData(EpcScheme.Sgtin198, "(01)09506000134352(21)A", null, "no scheme of TDS 2.x")]
    public void Elements_a_tag_cannot_hold_are_refused_in_words(EpcScheme scheme, string elements, string? host, string reason)
    {
        Assert.False(TagContent.TryCreate(scheme, ScanCode.Parse(elements, Year).Elements, 0, host, out _, out var error));
        Assert.Contains(reason, error);
    }

    [Theory]
    [InlineData("urn:epc:tag:sgtin-198:9.95060001343.05.32a%2Fb", "filter 9 is not 0 to 7")]
    [InlineData("urn:epc:tag:sgtin-198:3.95060001343.05.32a/b", "no EPC URI may have")]
    [InlineData("urn:epc:tag:sgtin-200:3.95060001343.05.1", "no scheme of the Tag Data Standard")]
    [InlineData("urn:epc:id:sgtin:95060001343.5.1", "must have 2 digits")]
    [InlineData("urn:epc:id:sgtin:95060001343.05", "3 fields")]
    [InlineData("urn:epc:id:sgtin:95060001343.05.ABCDEFGHIJKLMNOPQRSTU", "1 to 20 characters")]
    [InlineData("urn:epc:id:usdod:CAGE.5678", "CAGE code")]
    [InlineData("urn:epc:idpat:sgtin:0614141.812345.1", "a pattern ends in *")]
    [InlineData("urn:isbn:123", "begins with none of")]
    public void A_URI_no_tag_can_hold_is_refused_naming_the_field(string uri, string reason)
    {
        Assert.False(TagContent.TryParse(uri, out _, out var error));
        Assert.Contains(reason, error);
        Assert.Contains(reason, Identification.Of(uri, Year).Error ?? "");
    }
}
