using EdgeTrace.Stock;
using EdgeTrace.Stock.Theatre;

namespace EdgeTrace.Tests.Theatre;

/// <summary>The nine checks, each way each of them can end.</summary>
public class ImplantChecksTests
{
    static readonly DateOnly s_today = new(2026, 11, 25);

    static readonly Product s_stem = Part("stem", "Alpha", taper: "12/14");
    static readonly Product s_head = Part("head", "Alpha", taper: "12/14", size: 32);
    static readonly Product s_liner = Part("liner", "Alpha", size: 32);
    static readonly CheckOutcome s_rightPatient = new(Check.Patient, "right-patient", Colour.Green, "");
    static readonly TheatreCase s_hip = new("1", "T-12", "pseudonym", "9434765919", "left", "Total hip replacement", "W37.1", "Mr A", "theatre-1") { Wristband = s_rightPatient };
    static readonly ComponentFacts s_fine = new() { Key = "k", ProductKey = "1", Product = s_head, Lot = "L", Serial = "S", Expiry = s_today.AddDays(90), Status = ItemStatus.InStock };

    public static TheoryData<string, string> Endings => new(Table.Select(row => (row.What, row.Says)));

    /// <summary>What is so, and what the checks say of it: every outcome that is not as good as it can be.</summary>
    static IReadOnlyList<(string What, string Says, TheatreCase Case, ComponentFacts Facts)> Table =>
    [
        ("all is well", "seal-not-asked:NotMade", s_hip, s_fine),
        ("no wristband yet: scans in the wrong order", "wristband-first:Red seal-not-asked:NotMade", s_hip with { Wristband = null }, s_fine),
        ("another patient's wristband", "wrong-patient:Red seal-not-asked:NotMade", s_hip with { Wristband = ImplantChecks.Patient(s_hip, "9434765870") }, s_fine),
        ("a wristband nobody can read", "wristband-unreadable:Red seal-not-asked:NotMade", s_hip with { Wristband = ImplantChecks.Patient(s_hip, null) }, s_fine),
        ("a patient without an NHS number", "no-nhs-number:Amber seal-not-asked:NotMade", s_hip with { Wristband = ImplantChecks.Patient(s_hip with { NhsNumber = null }, "9434765919") }, s_fine),
        ("HSIB: a left component in the right knee", "wrong-side:Red seal-not-asked:NotMade", s_hip with { Side = "right" }, s_fine with { Product = Part("femoral", "Gamma", side: "left") }),
        ("a component for one side, a consent for none", "no-side-of-consent:Amber seal-not-asked:NotMade", s_hip with { Side = null }, s_fine with { Product = Part("femoral", "Gamma", side: "left") }),
        ("HSIB: a stem of brand A and a head of brand B", "two-brands:Red seal-not-asked:NotMade", With(s_stem), s_fine with { Product = s_head with { Brand = "Beta" } }),
        ("the other way round: the head was first", "two-brands:Red seal-not-asked:NotMade", With(s_head with { Brand = "Beta" }), s_fine with { Product = s_stem }),
        ("another taper", "taper-differs:Red seal-not-asked:NotMade", With(s_stem), s_fine with { Product = s_head with { Taper = "V40" } }),
        ("a head larger than its liner", "size-differs:Red seal-not-asked:NotMade", With(s_liner), s_fine with { Product = s_head with { SizeMm = 36 } }),
        ("a size nobody has entered", "fit-not-known:NotMade seal-not-asked:NotMade", With(s_liner), s_fine with { Product = s_head with { SizeMm = null } }),
        ("a cup with a liner in it has no inner size", "seal-not-asked:NotMade", With(Part("cup", "Alpha")), s_fine),
        ("a second head", "second-of-kind:Amber seal-not-asked:NotMade", With(s_head, Step.Opened), s_fine),
        ("a wasted stem of another brand does not count", "seal-not-asked:NotMade", With(s_stem with { Brand = "Beta" }, Step.Wasted), s_fine),
        ("expired yesterday", "expired:Red seal-not-asked:NotMade", s_hip, s_fine with { Expiry = s_today.AddDays(-1) }),
        ("expires today", "expires-today:Amber seal-not-asked:NotMade", s_hip, s_fine with { Expiry = s_today }),
        ("no date on the codes", "no-expiry:NotMade seal-not-asked:NotMade", s_hip, s_fine with { Expiry = null }),
        ("recalled", "recalled:Red seal-not-asked:NotMade", s_hip, s_fine with { Against = [Unavailable.Recalled] }),
        ("on hold after a warm night", "on-hold:Red seal-not-asked:NotMade", s_hip, s_fine with { Against = [Unavailable.Held], Holds = [new("h", HoldReason.ColdChain, "rule:cold", 0)] }),
        ("never booked in", "never-booked-in:Amber seal-not-asked:NotMade", s_hip, s_fine with { Against = [Unavailable.Unbooked], Status = ItemStatus.Unbooked }),
        ("found again after it was missing", "was-missing:Amber seal-not-asked:NotMade", s_hip, s_fine with { Against = [Unavailable.Missing], Status = ItemStatus.Missing }),
        ("came back and was not looked at", "not-inspected:Amber seal-not-asked:NotMade", s_hip, s_fine with { Against = [Unavailable.Returned], Status = ItemStatus.Returned }),
        ("kept for another case", "kept-for-another:Amber seal-not-asked:NotMade", s_hip, s_fine with { Status = ItemStatus.Reserved, InCase = "T-13" }),
        ("kept for this case", "seal-not-asked:NotMade", s_hip, s_fine with { Status = ItemStatus.Reserved, InCase = "T-12", Against = [Unavailable.Reserved] }),
        ("seal whole", "", s_hip, s_fine with { SealWhole = true }),
        ("seal broken", "seal-broken:Red", s_hip, s_fine with { SealWhole = false }),
        ("a number that is in somebody already", "seal-not-asked:NotMade used-before:Red", s_hip, s_fine with { Status = ItemStatus.Implanted, InCase = "T-3", Against = [Unavailable.Implanted] }),
        ("opened in another case", "seal-not-asked:NotMade used-before:Red", s_hip, s_fine with { Status = ItemStatus.Opened, InCase = "T-3" }),
        ("opened in this case", "seal-not-asked:NotMade", s_hip, s_fine with { Status = ItemStatus.Opened, InCase = "T-12" }),
        ("last seen in a store", "seal-not-asked:NotMade seen-elsewhere:Amber", s_hip, s_fine with { SeenIn = "Store 1" }),
        ("unknown product", "side-not-known:NotMade fit-not-known:NotMade seal-not-asked:NotMade unknown-product:Red", s_hip, s_fine with { Product = null }),
        ("a label nobody can read", "side-not-known:NotMade fit-not-known:NotMade no-expiry:NotMade seal-not-asked:NotMade unreadable:Red no-lot-no-serial:Amber", s_hip, new() { Unreadable = "This code cannot be used.", Status = ItemStatus.InStock }),
        ("the books have another product under this number", "seal-not-asked:NotMade two-products:Red", s_hip, s_fine with { BookedAs = "2" }),
        ("no serial on the codes of a product that has one", "seal-not-asked:NotMade no-serial:Amber", s_hip, s_fine with { Serial = null, Product = s_head with { Serialised = true }, Status = null }),
        ("somebody looked: no serial on the label", "seal-not-asked:NotMade no-serial-said:Amber", s_hip, s_fine with { Serial = null, NoSerialSaid = true, Product = s_head with { Serialised = true }, Status = null }),
        ("screws have a lot only", "seal-not-asked:NotMade", s_hip, s_fine with { Serial = null, Status = null, Product = Part("screw", "Alpha") }),
        ("a serial and no lot", "seal-not-asked:NotMade no-lot:Amber", s_hip, s_fine with { Lot = null }),
        ("label and tag differ", "seal-not-asked:NotMade label-differs:Amber", s_hip, s_fine with { Findings = ["One carrier says lot A, another lot B."] }),
    ];

    [Theory, MemberData(nameof(Endings))]
    public void Each_check_says_what_is_so(string what, string says)
    {
        var row = Table.Single(each => each.What == what);
        var outcomes = ImplantChecks.Judge(row.Case, row.Facts, s_today);
        Assert.Equal(says, string.Join(' ', outcomes.Where(o => o.Colour != Colour.Green).Select(o => $"{o.Code}:{o.Colour}")));
        Assert.Equal(Enum.GetValues<Check>()[1..], outcomes.Select(o => o.Check).Distinct());
        Assert.Equal(outcomes.Select(o => o.Check).Order(), outcomes.Select(o => o.Check));
        Assert.All(outcomes, o => Assert.False(string.IsNullOrWhiteSpace(o.Says) && o != s_rightPatient));
    }

    [Fact]
    public void No_sentence_names_a_patient() =>
        Assert.All(Table.SelectMany(row => ImplantChecks.Judge(row.Case, row.Facts, s_today)), o => Assert.DoesNotContain("9434765", o.Says, StringComparison.Ordinal));

    [Fact]
    public void Red_outdoes_amber_and_what_was_not_checked_is_never_green()
    {
        CheckOutcome One(Colour colour, string code = "x") => new(Check.Fit, code, colour, "");
        Assert.Equal(Colour.Red, new[] { One(Colour.Amber), One(Colour.Red) }.Worst());
        Assert.Equal(Colour.Amber, new[] { One(Colour.Green), One(Colour.NotMade) }.Worst());
        Assert.Equal(Colour.Green, new[] { One(Colour.Green), One(Colour.NotMade, ImplantChecks.SealNotAsked) }.Worst());
        Assert.All(Enum.GetValues<Colour>(), colour => Assert.Equal(colour, Colours.Read(colour.Word())));
    }

    [Theory]
    [InlineData(-1, null), InlineData(1, null), InlineData(3, "clock-ahead"), InlineData(-7 * 24 * 60 - 1, "clock-behind")]
    public void A_time_that_cannot_be_is_kept_as_of_now_and_said(int minutes, string? code)
    {
        var now = new DateTimeOffset(2026, 11, 25, 14, 0, 0, TimeSpan.Zero);
        var (at, says) = ScanRules.Time(now.AddMinutes(minutes), now);
        Assert.Equal((code is null ? now.AddMinutes(minutes) : now, code), (at, says?.Code));
    }

    [Theory]
    [InlineData(Step.Scanned, Step.Opened, null), InlineData(Step.Opened, Step.Implanted, null), InlineData(Step.Opened, Step.Wasted, null), InlineData(Step.Implanted, Step.Explanted, null), InlineData(Step.Explanted, Step.Wasted, null)]
    [InlineData(Step.Wasted, Step.Implanted, "wasted-already"), InlineData(Step.Implanted, Step.Wasted, "implanted-already"), InlineData(Step.Implanted, Step.Opened, "implanted-already"), InlineData(Step.Explanted, Step.Implanted, "explanted-already")]
    public void What_may_follow_what(Step before, Step next, string? code) => Assert.Equal(code, ScanRules.Order(before, next)?.Code);

    [Theory]
    [InlineData(ItemStatus.Implanted, "pseudonym", "was-in-this-patient"), InlineData(ItemStatus.Implanted, "another", "in-another-patient"), InlineData(ItemStatus.Unbooked, null, "not-in-the-books")]
    public void An_explant_is_compared_with_the_books(ItemStatus status, string? patient, string code) => Assert.Equal(code, ScanRules.Explant(s_hip, status, patient).Code);

    static TheatreCase With(Product product, Step step = Step.Scanned) => s_hip with { Components = [new("other", product, step)] };

    static Product Part(string component, string brand, string? taper = null, double? size = null, string? side = null) =>
        new(component, component, brand) { Component = component, Brand = brand, Taper = taper, SizeMm = size, Side = side, Implant = true };
}
