using EdgeTrace.Stock;
using EdgeTrace.Stock.Exits;

namespace EdgeTrace.Tests.Exits;

/// <summary>Every row of an exit's decision table, and every way out of it.</summary>
public class ExitRuleTests
{
    const long Second = 1_000_000, Minute = 60 * Second;

    static readonly ExitEvidence Carried = new(24, 12, 12, -5500, 0.97);

    static readonly ExitTicket Loan = new("t-1", TicketKind.Loan, "bay", 10 * Minute, 20 * Minute, "Ann Fox (ann)", "Loan set back to its maker", [new("hip")]);

    static ExitFacts Facts(
        bool known = true, ItemStatus status = ItemStatus.InStock, bool controlled = true, ExitTicket? ticket = null, bool near = false, ExitEvidence? evidence = null, string? caseId = null) =>
        new(known, new ItemState("hip") { Status = status, Case = caseId }, controlled, ticket, near, evidence ?? Carried);

    public static TheoryData<string, string> Rows => new()
    {
        { "a visitor's coat", "Unknown: neither the books nor the catalogue know it" },
        { "lies near, heard no more clearly", "Stray: it lies near the door and was heard no more clearly than before" },
        { "lies near, and was carried out", "Unticketed: no ticket covers it" },
        { "one antenna alone", "Faint: it was heard on one side of the door alone" },
        { "three reads", "Faint: it was read 3 times, and a passage takes 4" },
        { "weak", "Faint: its strongest read was -66 dBm, and a passage takes -65" },
        { "unsure", "Faint: its direction is not sure enough" },
        { "with a ticket", "Ticketed: loan ticket of Ann Fox (ann): Loan set back to its maker" },
        { "with a ticket, and needs none", "Ticketed: loan ticket of Ann Fox (ann): Loan set back to its maker" },
        { "an empty pack", "WrittenOff: by the books it was implanted: its pack or tag left" },
        { "gauze", "Uncontrolled: its product needs no ticket" },
        { "kept for a case", "Reserved: it is kept for case C-9, and no ticket covers it" },
        { "no ticket", "Unticketed: no ticket covers it" },
        { "came back, not looked at, goes out again", "Unticketed: no ticket covers it" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_decides_as_it_says(string row, string expected)
    {
        var decision = ExitRule.Judge(row switch
        {
            "a visitor's coat" => Facts(known: false, controlled: false),
            "lies near, heard no more clearly" => Facts(near: true, evidence: Carried with { Confidence = 0.79 }),
            "lies near, and was carried out" => Facts(near: true),
            "one antenna alone" => Facts(evidence: Carried with { ReadsOutside = 0 }),
            "three reads" => Facts(evidence: new(3, 1, 2, -5500, 0.9)),
            "weak" => Facts(evidence: Carried with { PeakCentiDbm = -6600 }),
            "unsure" => Facts(evidence: Carried with { Confidence = 0.49 }),
            "with a ticket" => Facts(ticket: Loan),
            "with a ticket, and needs none" => Facts(ticket: Loan, controlled: false),
            "an empty pack" => Facts(status: ItemStatus.Implanted),
            "gauze" => Facts(controlled: false),
            "kept for a case" => Facts(status: ItemStatus.Reserved, caseId: "C-9"),
            "no ticket" => Facts(),
            _ => Facts(status: ItemStatus.Returned),
        });
        Assert.Equal(expected, $"{decision.Outcome}: {decision.Says}");
        Assert.Equal(decision.Outcome is ExitOutcome.Reserved or ExitOutcome.Unticketed, decision.Outcome.Asks());
    }

    [Theory]
    [InlineData("hip", null, "bay", 10 * Minute, true)]
    [InlineData("hip", null, "bay", 20 * Minute, true)]
    [InlineData("hip", null, "bay", 20 * Minute + 1, false)]
    [InlineData("hip", null, "bay", 10 * Minute - 1, false)]
    [InlineData("hip", null, "front", 15 * Minute, false)]
    [InlineData("knee", null, "bay", 15 * Minute, false)]
    [InlineData("knee", "hip", "bay", 15 * Minute, true)]
    public void A_ticket_covers_its_things_its_door_and_its_time(string item, string? container, string portal, long atUs, bool covers) =>
        Assert.Equal(covers, Loan.For(item, container, portal, atUs) is not null);

    [Fact]
    public void A_ticket_for_any_exit_names_no_door_and_one_that_was_taken_back_covers_nothing_more()
    {
        Assert.NotNull((Loan with { Portal = null }).For("hip", null, "front", 15 * Minute));
        Assert.NotNull((Loan with { EndedUs = 14 * Minute }).For("hip", null, "bay", 14 * Minute));
        Assert.Null((Loan with { EndedUs = 14 * Minute }).For("hip", null, "bay", 15 * Minute));
    }

    [Fact]
    public void A_thing_uses_its_ticket_up_but_for_ten_minutes_in_which_somebody_may_turn_back()
    {
        var used = Loan with { UntilUs = 60 * Minute, Things = [new("hip", LeftUs: 12 * Minute)] };
        Assert.NotNull(used.For("hip", null, "bay", 22 * Minute));
        Assert.Null(used.For("hip", null, "bay", 22 * Minute + 1));
        Assert.Equal(TicketState.Used, used.StateAt(30 * Minute));
    }

    [Theory]
    [InlineData(9, TicketState.Ahead)]
    [InlineData(15, TicketState.Open)]
    [InlineData(21, TicketState.Expired)]
    public void A_ticket_says_how_it_stands(int minute, TicketState state)
    {
        Assert.Equal(state, Loan.StateAt(minute * Minute));
        Assert.Equal(TicketState.Ended, (Loan with { EndedUs = 11 * Minute }).StateAt(minute * Minute));
    }

    [Fact]
    public void Ten_minutes_or_five_stays_at_a_door_in_a_day_are_lying_near_it()
    {
        Assert.False(StrayRule.LiesNear([]));
        Assert.False(StrayRule.LiesNear([new(0, 4 * Minute), new(5 * Minute, 10 * Minute)]));
        Assert.True(StrayRule.LiesNear([new(0, 4 * Minute), new(5 * Minute, 11 * Minute)]));
        Assert.True(StrayRule.LiesNear([.. Enumerable.Range(0, 5).Select(n => new NearVisit(n * Minute, n * Minute + Second))]));
    }
}
