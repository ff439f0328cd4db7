using System.Collections.Immutable;

namespace EdgeTrace.Stock;

/// <summary>A tag's chip that answered with an Item's number, by the number of its own that no other chip has.</summary>
/// <param name="Tid">Hex, upper case.</param>
/// <param name="FirstUs">Its first read anywhere, µs since 1970 UTC.</param>
/// <param name="FirstAt">The portal, or the place where a person told of it.</param>
/// <param name="LastUs">Its newest sign, to the minute: the first read of the newest minute in which it was read.</param>
public sealed record Chip(string Tid, long FirstUs, string FirstAt, long LastUs, string LastAt)
{
    /// <summary>What a person said of it; null: nobody has.</summary>
    public bool? Right { get; init; }

    /// <summary>Readers tell more or fewer words of one TID: where one begins with the other they are one chip.</summary>
    public bool Is(string tid) => Tid.StartsWith(tid, StringComparison.Ordinal) || tid.StartsWith(Tid, StringComparison.Ordinal);
}

/// <summary>
/// Two tags with one number: one of them is not what it says (a label printed twice, a copy), so nobody may use the thing before a person has said which is
/// right. A function of the chips that doors read and of what people told, in event time: the order in which either came cannot be seen.
/// </summary>
public static class TwoTags
{
    /// <summary>The hold's id: it is concluded at each look, and no event raised it.</summary>
    public const string HoldId = "two-tags";

    public const string Rule = "rule:two-tags";

    /// <summary>No thing has more tags; a reader that garbles TIDs would make any number of them.</summary>
    public const int ChipsMax = 64;

    /// <summary>Whoever has said which tag is right has so long to take the other off and destroy it; read later than that, it is about again.</summary>
    const long RemovalMaxUs = 3_600_000_000;

    /// <summary>What is wrong with a release that names these tags as right; null: nothing.</summary>
    public static string? Mistake(ItemState? item, string? tids)
    {
        if (item is not { Chips.Length: > 1 }) return "Only one tag carries this number as far as anybody knows.";
        var named = Named(tids);
        if (named.Length == 0) return "Say which tag is the right one: read both, or look at their numbers on this page.";
        return named.FirstOrDefault(tid => !item.Chips.Any(chip => chip.Is(tid))) is { } unknown ? $"No tag {unknown} has been read with this number." : null;
    }

    /// <param name="told">The Item's events that count, in their order.</param>
    /// <param name="read">The chips that doors read.</param>
    internal static ItemState Judge(ItemState item, IReadOnlyList<StockEvent> told, IEnumerable<Chip> read)
    {
        var chips = Merged(read.Concat(told.Where(Tells).Select(e => new Chip(Plain(e.Detail.Tid!), e.AtUs, e.ReadPoint ?? e.Place ?? "stock", e.AtUs, e.ReadPoint ?? e.Place ?? "stock"))));
        if (chips.Length < 2) return item;
        if (told.LastOrDefault(Settles) is not { } settled) return Held(item, chips, chips[1].FirstUs);
        var right = Named(settled.Detail.Tid);
        chips = [.. chips.Select(chip => chip with { Right = right.Any(chip.Is) ? true : chip.FirstUs <= settled.AtUs ? false : null })];
        var about = chips.Where(chip => chip.Right != true && (chip.Right is null || chip.LastUs > settled.AtUs + RemovalMaxUs)).ToList();
        return about.Count == 0 ? item with { Chips = chips } : Held(item, chips, about.Min(chip => chip.Right is null ? chip.FirstUs : settled.AtUs + RemovalMaxUs));
    }

    /// <summary>A release of this hold that says which tags are right: their TIDs, a blank between two where both belong to the thing.</summary>
    static bool Settles(StockEvent e) => e is { Kind: EventKind.Released, Detail: { Hold: HoldId, Tid: not null } };

    static bool Tells(StockEvent e) => e.Detail.Tid is not null && e.Kind != EventKind.Released;

    static ItemState Held(ItemState item, ImmutableArray<Chip> chips, long sinceUs) =>
        item with { Chips = chips, Holds = item.Holds.Add(new(HoldId, HoldReason.TwoTags, Rule, sinceUs, "two tags carry its number, and one of them is not what it says")) };

    static ImmutableArray<Chip> Merged(IEnumerable<Chip> all)
    {
        var chips = new List<Chip>();
        // The longest first, so that what is told short finds the one it belongs to.
        foreach (var chip in all.OrderByDescending(chip => chip.Tid.Length).ThenBy(chip => chip.Tid, StringComparer.Ordinal))
        {
            var known = chips.FindIndex(other => other.Is(chip.Tid));
            if (known < 0) chips.Add(chip);
            else chips[known] = Both(chips[known], chip);
        }
        return [.. chips.OrderBy(chip => chip.FirstUs).ThenBy(chip => chip.Tid, StringComparer.Ordinal).Take(ChipsMax)];
    }

    static Chip Both(Chip a, Chip b)
    {
        var first = b.FirstUs < a.FirstUs || b.FirstUs == a.FirstUs && string.CompareOrdinal(b.FirstAt, a.FirstAt) < 0 ? b : a;
        var last = b.LastUs > a.LastUs || b.LastUs == a.LastUs && string.CompareOrdinal(b.LastAt, a.LastAt) < 0 ? b : a;
        return new(a.Tid, first.FirstUs, first.FirstAt, last.LastUs, last.LastAt);
    }

    static string[] Named(string? tids) => [.. (tids ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Plain)];

    static string Plain(string tid) => tid.Trim().ToUpperInvariant();
}
