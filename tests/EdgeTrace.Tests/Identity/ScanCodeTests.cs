using System.Text;
using CsCheck;
using EdgeTrace.Identity;

namespace EdgeTrace.Tests.Identity;

public class ScanCodeTests
{
    const int Year = 2026;

    [Fact]
    public void Worked_examples_are_read_and_wrong_ones_say_what_is_wrong()
    {
        foreach (var row in Vectors.Own("scans.csv"))
        {
            var raw = row["raw"].Replace(@"\x1D", "\u001D");
            var scan = ScanCode.Parse(raw, Year);
            Assert.Equal(raw, scan.Raw);
            Assert.True((row["kind"], row["elements"]) == (scan.Kind.ToString(), ElementString.ToBracketed(scan.Elements)), $"{row["raw"]} became {scan.Kind} {ElementString.ToBracketed(scan.Elements)} {scan.Error}");
            if (row["error"].Length == 0) Assert.True(scan.Error is null, $"{row["raw"]}: {scan.Error}");
            else Assert.Contains(row["error"], scan.Error);
        }
    }

    static readonly Gen<Gs1Element> AnyElement = Gen.OneOf(
        Gen.ULong[0, 9_999_999_999_999].Select(first13 => new Gs1Element("01", Gtin.FromFirst13(first13).ToString())),
        Gen.Int[0, 36_000].Select(day => new Gs1Element("17", Gs1Date.Write(new DateOnly(2000, 1, 1).AddDays(day)))),
        Gen.String[Gen.Char["ABCabc019-/%(_"], 1, 20].Select(lot => new Gs1Element("10", lot)),
        Gen.String[Gen.Char["XYZxyz019.*=+"], 1, 20].Select(serial => new Gs1Element("21", serial)),
        Gen.Int[0, 99_999_999].Select(count => new Gs1Element("30", count.ToString())));

    [Fact]
    public void What_is_written_is_read_back() => AnyElement.Array[1, 5].Sample(drawn =>
    {
        var elements = drawn.DistinctBy(element => element.Ai).ToArray();
        var scan = ScanCode.Parse("]d2" + ElementString.ToRaw(elements), Year);
        Assert.Null(scan.Error);
        Assert.Equal(elements, scan.Elements);
        Assert.Null(scan.Rest);
    }, iter: 100_000);

    [Fact]
    public void Rubbish_never_throws_and_is_never_dropped() =>
        Gen.String[Gen.OneOf(Gen.Char["\u001D()]dCQ0123456789"], Gen.Char[' ', '~'], Gen.Char), 0, 60].Sample(raw =>
        {
            var scan = ScanCode.Parse(raw, Year);
            Assert.Equal(raw, scan.Raw);
            if (scan.Elements.IsEmpty) Assert.NotNull(scan.Error);
            if (scan.Kind == ScanKind.Unknown) Assert.NotNull(scan.Error);
        }, iter: 100_000);

    [Fact]
    public void Every_cut_of_a_label_is_answered()
    {
        const string Label = "]d2010541234500001317290331\u001D10LOT-7\u001D21SERIAL\u001D30100";
        for (var length = 0; length <= Label.Length; length++)
        {
            var scan = ScanCode.Parse(Label[..length], Year);
            Assert.True(scan.Error is not null || scan.Elements.Length > 0);
        }
    }

    [Fact]
    public void Longer_than_any_barcode_is_refused_and_kept()
    {
        var raw = new string('1', ScanCode.RawMax + 1);
        var scan = ScanCode.Parse(raw, Year);
        Assert.Equal((raw, ScanKind.Unknown), (scan.Raw, scan.Kind));
        Assert.Contains("more than any barcode", scan.Error);
    }

    [Fact]
    public void The_parts_people_ask_for_have_names()
    {
        var scan = ScanCode.Parse("]d20105412345000013172902001125063010LOT-7\u001D21S1\r\n", Year);
        Assert.Null(scan.Error);
        Assert.Equal("]d2", scan.SymbologyId);
        Assert.False(scan.IsInferred);
        Assert.Equal(("05412345000013", "LOT-7", "S1"), (scan.Gtin.ToString(), scan.Lot, scan.Serial));
        Assert.Equal(new DateOnly(2029, 2, 28), scan.Expiry);
        Assert.Equal(new DateOnly(2025, 6, 30), scan.Produced);
    }

    [Theory]
    [InlineData("↔")]
    [InlineData("␝")]
    [InlineData("{GS}")]
    public void A_separator_in_disguise_is_understood_and_said(string disguise)
    {
        var scan = ScanCode.Parse($"]d2010541234500001310A{disguise}21B", Year);
        Assert.Equal("(01)05412345000013(10)A(21)B", ElementString.ToBracketed(scan.Elements));
        Assert.Contains(scan.Warnings, warning => warning.Contains(disguise));
    }

    [Fact]
    public void A_lost_separator_that_may_be_none_is_suspected_aloud_and_nothing_is_repaired()
    {
        var scan = ScanCode.Parse("]d2010541234500001310ABC12317290331", Year);
        Assert.Equal(("ABC12317290331", null, SeparatorLoss.Suspected), (scan.Lot, scan.Expiry, scan.Separators));
        Assert.Contains(scan.Warnings, warning => warning.Contains("lose the separator"));
    }

    [Theory]
    [InlineData("]d2010541234500001310ABC12345678901729033121S-400500", SeparatorLoss.Repaired, "(01)05412345000013(10)ABC1234567890(17)290331(21)S-400500")]
    [InlineData("]C110LOT-OF-17-SIGNS-X17290331", SeparatorLoss.Repaired, "(10)LOT-OF-17-SIGNS-X(17)290331")]
    [InlineData(@"]d2010541234500001321SERIAL-NUM-7110LOT-7\x1D17290331", SeparatorLoss.None, null)]              // fits its length: nothing shows a loss
    [InlineData(@"]d2010541234500001321SERIAL-NUMBER-7110LOT-7-B\x1D17290331", SeparatorLoss.Repaired, "(01)05412345000013(21)SERIAL-NUMBER-71(10)LOT-7-B(17)290331")]   // (11)0LOT-7 is no date
    [InlineData(@"]d2010541234500001321SERIAL-NUMBER-7110LOT-3012\x1D17290331", SeparatorLoss.Unrepairable, null)]       // lot LOT-3012, or lot LOT- and (30)12
    [InlineData("]d2010541234500001310ABC1234567890123456789Z", SeparatorLoss.Unrepairable, null)]                       // too long, and no identifier inside
    [InlineData("]d2010541234500001310AB1729033110CD17280228EF30", SeparatorLoss.Unrepairable, null)]
    [InlineData(@"]d20105412345000013172903311042\x1D21S-1", SeparatorLoss.None, "(01)05412345000013(17)290331(10)42(21)S-1")]
    public void A_lost_separator_is_put_back_only_where_one_reading_is_possible(string raw, SeparatorLoss separators, string? elements)
    {
        raw = raw.Replace(@"\x1D", "\u001D");
        var scan = ScanCode.Parse(raw, Year);
        Assert.True(separators == scan.Separators, $"{scan.Separators} {ElementString.ToBracketed(scan.Elements)} {scan.Error}");
        if (elements is not null) Assert.Equal((elements, null), (ElementString.ToBracketed(scan.Elements), scan.Error));
        if (separators == SeparatorLoss.Unrepairable) Assert.NotNull(scan.Error);
        if (separators != SeparatorLoss.None) Assert.NotEmpty(scan.Warnings);
        Assert.Equal(raw, scan.Raw);
    }

    [Fact]
    public void A_text_made_to_be_cut_in_endless_ways_is_given_up()
    {
        var scan = ScanCode.Parse("]C191" + string.Concat(Enumerable.Repeat("1021240301110", 500)), Year);
        Assert.Equal(SeparatorLoss.Unrepairable, scan.Separators);
    }

    [Fact]
    public void Lot_and_expiry_alone_are_good_and_say_what_is_missing()
    {
        var scan = ScanCode.Parse("]C11729033110ABC", Year);
        Assert.Null(scan.Error);
        Assert.Contains(scan.Warnings, warning => warning.StartsWith("(10) (17) without (01)", StringComparison.Ordinal));
    }

    [Fact]
    public void GS1_behind_a_plain_symbology_is_read_when_a_check_digit_proves_it()
    {
        var scan = ScanCode.Parse("]d1010541234500001321S1", Year);
        Assert.Equal((ScanKind.Gs1, true, "S1"), (scan.Kind, scan.IsInferred, scan.Serial));
        Assert.NotEmpty(scan.Warnings);
    }

    [Theory]
    [InlineData(2026, 76, 2076)]
    [InlineData(2026, 77, 1977)]
    [InlineData(2026, 26, 2026)]
    [InlineData(2026, 0, 2000)]
    [InlineData(2051, 1, 2101)]
    [InlineData(2051, 2, 2002)]
    [InlineData(2099, 49, 2149)]
    [InlineData(2099, 50, 2050)]
    [InlineData(1998, 48, 2048)]
    public void Two_digits_of_a_year_mean_the_nearest_century(int current, int twoDigits, int year) => Assert.Equal(year, Gs1Date.YearOf(twoDigits, current));

    [Theory]
    [InlineData("280200", "2028-02-29", false)]
    [InlineData("270200", "2027-02-28", false)]
    [InlineData("280229", "2028-02-29", true)]
    [InlineData("270229", null, false)]
    [InlineData("271301", null, false)]
    [InlineData("27130", null, false)]
    [InlineData("27-1-1", null, false)]
    public void Dates_are_those_of_the_calendar(string digits, string? date, bool hadDay)
    {
        Assert.Equal(date is not null, Gs1Date.TryRead(digits, Year, out var read, out var had));
        if (date is not null) Assert.Equal((date, hadDay), (read.ToString("yyyy-MM-dd"), had));
    }

    [Theory]
    [InlineData("95012346", "00000095012346")]
    [InlineData("012345678905", "00012345678905")]
    [InlineData("5412345000013", "05412345000013")]
    [InlineData("80614141123458", "80614141123458")]
    [InlineData("5412345000014", null)]
    [InlineData("541234500001", null)]
    [InlineData("54123450000A3", null)]
    [InlineData("", null)]
    public void A_GTIN_has_fourteen_digits_however_it_came(string digits, string? gtin)
    {
        Assert.Equal(gtin is not null, Gtin.TryParse(digits, out var read));
        if (gtin is not null) Assert.Equal(gtin, read.ToString());
    }

    [Fact]
    public void Any_single_wrong_digit_breaks_the_check_digit() => Gen.Select(Gen.ULong[0, 9_999_999_999_999], Gen.Int[0, 13], Gen.Int[1, 9]).Sample((first13, at, by) =>
    {
        var digits = new StringBuilder(Gtin.FromFirst13(first13).ToString());
        Assert.True(CheckDigit.IsRight(digits.ToString()));
        digits[at] = (char)('0' + (digits[at] - '0' + by) % 10);
        Assert.False(CheckDigit.IsRight(digits.ToString()));
    });
}
