using System.Globalization;
using EdgeTrace.Stock;

namespace EdgeTrace.Tests.Stock;

/// <summary>Events of a story in a few words, an hour apart.</summary>
static class Told
{
    public const string Item = "https://id.gs1.org/01/10614141123459/21/1001";
    public const long StartUs = 1_790_000_000_000_000;

    public static StockEvent At(int hour, EventKind kind, string? place = null, EventDetail? detail = null, string subject = Item) => new(
        string.Create(CultureInfo.InvariantCulture, $"{subject[^4..]}-{hour:000}-{kind.Word()}"), subject, kind, StartUs + hour * 3_600_000_000L, 0, place, null, $"act-{hour}", "Ann (ann)", detail ?? EventDetail.None);

    public static ItemState Story(params StockEvent[] events) => ItemState.Of(Item, events);
}
