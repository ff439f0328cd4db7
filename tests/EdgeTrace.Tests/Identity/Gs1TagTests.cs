using CsCheck;
using EdgeTrace.Identity;

namespace EdgeTrace.Tests.Identity;

public class Gs1TagTests(ITestOutputHelper output)
{
    const int Year = 2026;

    static readonly Gen<EpcScheme> AnyScheme = Gen.OneOf(Gen.Int[(int)EpcScheme.Sgtin96, (int)EpcScheme.Giai96], Gen.Int[(int)EpcScheme.Gdti96, (int)EpcScheme.Gsrnp96]).Select(header => (EpcScheme)header);

    // Boundaries are drawn as often as the middle: 0, 1 and the greatest value are where layouts break.
    static Gen<ulong> UpTo(ulong max) => Gen.Frequency((1, Gen.Const(0UL)), (1, Gen.Const(Math.Min(1, max))), (1, Gen.Const(max)), (5, Gen.ULong[0, max]));

    static readonly Gen<Gs1Tag> AnyTag =
        from scheme in AnyScheme
        from filter in Gen.Int[0, 7]
        from length in Gen.Int[CompanyPrefix.LengthMin, CompanyPrefix.LengthMax]
        from prefix in UpTo(PowerOfTen.Of(length) - 1)
        from reference in UpTo(Gs1TagLayout.Of(scheme).ReferenceMax(length))
        from serial in UpTo(Gs1TagLayout.Of(scheme).HasSerial ? Gs1TagLayout.Of(scheme).SerialMax : 0)
        select Create(scheme, filter, CompanyPrefix.Parse(DigitText.Of(prefix, length)), reference, serial);

    static Gs1Tag Create(EpcScheme scheme, int filter, CompanyPrefix prefix, ulong reference, ulong serial) =>
        Gs1Tag.TryCreate(scheme, filter, prefix, reference, serial, out var tag, out var error) ? tag : throw new InvalidOperationException(error);

    [Fact]
    public void Any_tag_comes_back_from_bits_and_from_every_spelling() => AnyTag.Sample(tag =>
    {
        var epc = tag.ToEpc();
        Assert.True(Gs1Tag.TryDecode(epc, out var decoded) && decoded == tag);
        Assert.True(Gs1Tag.TryParse(tag.ToTagUri(), out var fromTagUri, out _) && fromTagUri == tag);
        Assert.True(Gs1Tag.TryParse(tag.ToPureUri(), out var fromPureUri, out _, tag.Filter) && fromPureUri == tag);
        Assert.True(DigitalLink.TryParse(tag.ToDigitalLink(), Year, out var elements, out _));
        Assert.True(Gs1Tag.TryCreateFrom(elements, tag.CompanyPrefix.Length, out var fromLink, out _, tag.Filter) && fromLink == tag);
        var scan = ScanCode.Parse("]d2" + ElementString.ToRaw(tag.ToElements()), Year);
        Assert.True(scan.Error is null && ItemKey.TryFrom(scan, out var key, out _) && key == ItemKey.From(tag), scan.Error);
    }, iter: 200_000);

    [Fact]
    public void Any_bits_are_either_read_and_written_back_or_refused_in_words() => Gen.Select(Gen.Byte.Array[12], Gen.Byte[0x2F, 0x35]).Sample((bytes, header) =>
    {
        bytes[0] = header;
        var epc = Epc.From(bytes);
        if (Gs1Tag.TryDecode(epc, out var tag, out var error)) Assert.Equal(epc, tag.ToEpc());
        else Assert.NotEmpty(error);
        Assert.NotEmpty(epc.ToUri());
        Assert.True(EpcUris.TryParse(epc.ToUri(), out var back, out error) || tag.HasReservedBits, error);
        if (!tag.HasReservedBits) Assert.Equal(epc, back);
    }, iter: 200_000);

    [Fact]
    public void Any_length_and_header_is_answered_without_throwing() => Gen.Byte.Array[0, Epc.BytesMax].Sample(bytes =>
    {
        var epc = Epc.From(bytes);
        if (!Gs1Tag.TryDecode(epc, out _, out var error)) Assert.NotEmpty(error);
        Assert.NotEmpty(epc.ToUri());
    }, iter: 100_000);

    [Theory]
    [InlineData("", "the tag has no EPC")]
    [InlineData("000000000000000000000000", "unprogrammed")]
    [InlineData("E20000000000000000000000", "TID")]
    [InlineData("424242424242424242424242", "header 42 belongs to no scheme")]
    [InlineData("3666C4409047E159B2C2BF100000000000000000000000000000", "SGTIN-198 is no plain 96-bit scheme")]
    [InlineData("303C83F1B7DD441678901234", "SGTIN-96: partition 7 is reserved")]
    [InlineData("3074257BF7194E4000001A", "SGTIN-96 has 96 bits; this EPC has 88")]
    [InlineData("3074257BF7194E4000001A8500000000", "SGTIN-96 has 96 bits; this EPC has 128")]
    [InlineData("3077FFFFFF194E4000001A85", "SGTIN-96: company prefix 16777215 has more than the 7 digits")]
    [InlineData("3074257BF7FFFE4000001A85", "SGTIN-96: item reference 1048569 does not fit")]
    [InlineData("3200393243FF760000000000", "SGLN-96: location reference 1 does not fit")]
    public void A_tag_that_cannot_be_read_is_refused_naming_the_field(string hex, string reason)
    {
        Assert.False(Gs1Tag.TryDecode(Epc.Parse(hex), out _, out var error));
        Assert.Contains(reason, error);
    }

    [Fact]
    public void An_unknown_tag_still_has_a_name()
    {
        var epc = Epc.Parse("AABBCCDDEEFF001122334455");
        Assert.Equal("urn:epc:raw:96.xAABBCCDDEEFF001122334455", epc.ToUri());
        Assert.True(EpcUris.TryParse(epc.ToUri(), out var back, out _));
        Assert.Equal(epc, back);
        Assert.False(EpcUris.TryParse("urn:epc:raw:64.xAABBCCDDEEFF001122334455", out _, out _));
    }

    [Fact]
    public void Reserved_bits_of_an_SSCC_are_read_flagged_and_kept()
    {
        var epc = Epc.Parse("3174257BF4499602D2000001");
        Assert.True(Gs1Tag.TryDecode(epc, out var tag));
        Assert.True(tag.HasReservedBits);
        Assert.Equal("urn:epc:tag:sscc-96:3.0614141.1234567890", tag.ToTagUri());
        Assert.Equal(0UL, tag.Serial);
        Assert.Equal(epc, tag.ToEpc());
    }

    [Theory]
    [InlineData("urn:epc:tag:sgtin-96:8.0614141.812345.6789", "filter '8'")]
    [InlineData("urn:epc:tag:sgtin-96:.0614141.812345.6789", "filter ''")]
    [InlineData("urn:epc:tag:sgtin-96:3.06141.812345.6789", "company prefix '06141'")]
    [InlineData("urn:epc:tag:sgtin-96:3.0614141.81234.6789", "item reference '81234' must have 6 digits")]
    [InlineData("urn:epc:tag:sgtin-96:3.0614141.812345.06789", "serial '06789'")]
    [InlineData("urn:epc:tag:sgtin-96:3.0614141.812345.274877906944", "serial 274877906944 is greater than 274877906943")]
    [InlineData("urn:epc:tag:sgtin-96:3.0614141.812345.99999999999999999999", "serial '99999999999999999999'")]
    [InlineData("urn:epc:id:sgtin:0614141.812345.32a%2Fb", "serial '32a%2Fb' is not a plain number")]
    [InlineData("urn:epc:id:sgtin:0614141.81234A.1", "item reference '81234A'")]
    [InlineData("urn:epc:id:sgtin:0614141.812345", "separated by dots")]
    [InlineData("urn:epc:id:sscc:0614141.1234567890.1", "separated by dots")]
    [InlineData("urn:epc:id:giai:0614141.05678", "individual asset reference '05678'")]
    [InlineData("urn:epc:id:giai:061414113245.4398046511104", "greater than 4398046511103")]
    [InlineData("urn:epc:id:grai:061414113245.0.0", "asset type '0' must have 0 digits")]
    [InlineData("urn:epc:tag:sgtin-198:3.0614141.812345.6789", "'sgtin-198'")]
    [InlineData("urn:epc:id:gid:1.2.3", "'gid'")]
    [InlineData("https://example.com", "begins with neither")]
    [InlineData(null, "begins with neither")]
    public void A_URI_that_is_no_96_bit_tag_is_refused_naming_the_field(string? uri, string reason)
    {
        Assert.False(Gs1Tag.TryParse(uri, out _, out var error));
        Assert.Contains(reason, error);
    }

    [Theory]
    [InlineData("(01)80614141123459(21)6789", 7, "(01) '80614141123459' is not a GTIN")]
    [InlineData("(01)80614141123458", 7, "the serial (21) is missing")]
    [InlineData("(01)80614141123458(21)00123", 7, "serial '00123'")]
    [InlineData("(01)80614141123458(21)ABC", 7, "serial 'ABC'")]
    [InlineData("(01)80614141123458(21)274877906944", 7, "greater than 274877906943")]
    [InlineData("(01)80614141123458(21)1", 5, "6 to 12 digits, not 5")]
    [InlineData("(00)106141412345678909", 7, "(00) '106141412345678909'")]
    [InlineData("(414)0614141123453", 7, "(414) '0614141123453'")]
    [InlineData("(8003)00614141123452", 7, "its serial is missing")]
    [InlineData("(8003)106141411234525678", 7, "(8003)")]
    [InlineData("(8004)061414132a", 7, "needs GIAI-202")]
    [InlineData("(10)LOT", 7, "no element here names a thing")]
    public void Elements_a_96_bit_tag_cannot_hold_are_refused_in_words(string elements, int prefixLength, string reason)
    {
        Assert.False(Gs1Tag.TryCreateFrom(ScanCode.Parse(elements, Year).Elements, prefixLength, out _, out var error));
        Assert.Contains(reason, error);
    }

    [Fact]
    public void Decoding_allocates_nothing_foreign_tags_included()
    {
        Epc[] epcs = [Epc.Parse("3074257BF7194E4000001A85"), Epc.Parse("E20000000000000000000000"), Epc.Parse("303C83F1B7DD441678901234")];
        const int Rounds = 1_000_000;
        Decode(epcs, 100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        var read = Decode(epcs, Rounds);
        var elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(start);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(Rounds, read);
        output.WriteLine($"{elapsed.TotalNanoseconds / (Rounds * epcs.Length):F0} ns a tag in this build");
    }

    static int Decode(Epc[] epcs, int rounds)
    {
        var read = 0;
        for (var round = 0; round < rounds; round++)
        {
            foreach (var epc in epcs) read += Gs1Tag.TryDecode(epc, out _) ? 1 : 0;
        }
        return read;
    }

    [Fact]
    public void A_label_and_a_tag_of_one_item_have_one_key()
    {
        Assert.True(Gs1Tag.TryCreateSgtin(Gtin.Parse("80614141123458"), 7, 6789, out var tag, out _));
        Assert.Equal(1, tag.Filter);
        var scan = ScanCode.Parse("]d2018061414112345817290331" + "10LOT-7\x1D" + "216789", Year);
        Assert.Null(scan.Error);
        Assert.True(ItemKey.TryFrom(scan, out var scanned, out _));
        Assert.True(ItemKey.TryFrom(tag.ToEpc(), out var read));
        Assert.Equal(scanned, read);
        Assert.Equal(ItemKey.From(Gtin.Parse("80614141123458"), "6789"), read);
        Assert.Equal("https://id.gs1.org/01/80614141123458/21/6789", read.ToString());
    }

    [Theory]
    [InlineData("(01)80614141123458(21)06789")]   // the label's zero counts
    [InlineData("(01)80614141123458(21)678")]
    public void Another_serial_is_another_item(string label)
    {
        Assert.True(ItemKey.TryFrom(Epc.Parse("3074257BF7194E4000001A85"), out var read));
        Assert.True(ItemKey.TryFrom(ScanCode.Parse(label, Year), out var scanned, out _));
        Assert.NotEqual(read, scanned);
    }

    [Theory]
    [InlineData("(01)80614141123458(10)LOT", "the serial (21) is missing")]
    [InlineData("(01)80614141123459(21)1", "check digit")]
    [InlineData("(8003)00614141123452", "no element of this code names one thing")]
    [InlineData("ABC", "symbology identifier")]
    public void What_names_no_single_item_has_no_key(string label, string reason)
    {
        Assert.False(ItemKey.TryFrom(ScanCode.Parse(label, Year), out _, out var error));
        Assert.Contains(reason, error);
        Assert.False(ItemKey.TryFrom(Epc.Parse("E20000000000000000000000"), out _));
    }
}
