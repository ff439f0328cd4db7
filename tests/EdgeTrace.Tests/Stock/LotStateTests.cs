using EdgeTrace.Stock;

namespace EdgeTrace.Tests.Stock;

public class LotStateTests
{
    const string Key = "https://id.gs1.org/01/10614141123459/10/A1";

    static LotState Story(params StockEvent[] events) => LotState.Of(Key, events);
    static StockEvent At(int hour, EventKind kind, string? place, int pieces, string? from = null) => Told.At(hour, kind, place, new() { Quantity = pieces, From = from }, Key);

    [Fact]
    public void Pieces_go_from_place_to_place_and_are_used_up()
    {
        var lot = Story(At(0, EventKind.Received, "goods-in", 100), At(1, EventKind.Stored, "store", 80, "goods-in"), At(2, EventKind.Used, null, 5, "store"), At(3, EventKind.Wasted, null, 20, "goods-in"));
        Assert.Equal([("store", 75)], lot.Pieces.Select(p => (p.Key, p.Value)));
        Assert.Empty(lot.Findings);
    }

    [Fact]
    public void A_count_says_how_many_there_are_and_what_comes_late_before_it_changes_nothing_after_it()
    {
        var counted = At(5, EventKind.Counted, "store", 12);
        Assert.Equal(12, Story(At(0, EventKind.Opening, "store", 10), counted).Pieces["store"]);
        Assert.Equal(12, Story(At(0, EventKind.Opening, "store", 10), counted, At(4, EventKind.Used, null, 3, "store")).Pieces["store"]);
        Assert.Equal(9, Story(counted, At(6, EventKind.Used, null, 3, "store")).Pieces["store"]);
    }

    [Fact]
    public void More_taken_than_there_was_is_said_and_is_never_a_negative_stock()
    {
        var lot = Story(At(0, EventKind.Opening, "store", 2), At(1, EventKind.Used, null, 5, "store"));
        Assert.Empty(lot.Pieces);
        Assert.Contains("3 more were taken", Assert.Single(lot.Findings), StringComparison.Ordinal);
    }
}
