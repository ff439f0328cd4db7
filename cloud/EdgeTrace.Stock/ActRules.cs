namespace EdgeTrace.Stock;

/// <summary>What a rule says to somebody who is about to do something.</summary>
/// <param name="Code">A lower-case word for machines and reports.</param>
/// <param name="Stops">Nothing is done; else it is done and said.</param>
/// <param name="Hold">The hold that is raised with it.</param>
public sealed record Verdict(string Code, string Says, bool Stops = false, HoldReason? Hold = null);

/// <summary>What is known when somebody does something to an Item or to pieces of a Lot.</summary>
/// <param name="Against">What stands against using it, by <see cref="Availability"/>.</param>
/// <param name="Status">How an Item stands; null of pieces of a Lot.</param>
/// <param name="Earlier">How many of the same product that expire earlier could be used instead.</param>
/// <param name="PlaceKeeps">The storage classes the place keeps; empty: room temperature.</param>
public sealed record ActFacts(
    EventKind Kind, Product? Product, ItemStatus? Status, IReadOnlyList<Unavailable> Against, DateOnly? Expiry, DateOnly Today, int Earlier, IReadOnlyList<string> PlaceKeeps, string? Case, string? KeptFor, bool HasReason)
{
    /// <summary>Of a release of what two tags carry: why it settles nothing.</summary>
    public string? Unsettled { get; init; }
}

/// <summary>The rules of goods-in, put-away, pick, issue, return and the rest. Each outcome is a sentence that a person can act on.</summary>
public static class ActRules
{
    public static IReadOnlyList<Verdict> Judge(ActFacts f)
    {
        var said = new List<Verdict>();
        if (f.Unsettled is { } why) said.Add(new("which-tag", why, Stops: true));
        else if (f.Status is { } status && status.IsFinal() && f.Kind is not (EventKind.Explanted or EventKind.Held or EventKind.Released or EventKind.Counted or EventKind.Wasted or EventKind.Implanted or EventKind.Used or EventKind.Owned))
            said.Add(new("gone", $"Its number belongs to something that was {status.Word()}. Put it aside and read the label again: two things may carry one number.", Stops: true));
        else if (f.Kind == EventKind.Received) Receipt(f, said);
        else if (f.Kind is EventKind.Reserved or EventKind.Picked or EventKind.Issued) Taking(f, said);
        else if (f.Kind is EventKind.Stored or EventKind.Opening) PuttingAway(f, said);
        else if (f.Kind == EventKind.Returned && f.Status is ItemStatus.InStock or ItemStatus.Received) said.Add(new("not-out", "It never left by the books: it is booked in as returned all the same, and wants a look before it is stock."));
        else if (f.Kind is EventKind.Used or EventKind.Wasted && f.Status is ItemStatus.Used or ItemStatus.Wasted) said.Add(new("already", "It was written off before.", Stops: true));
        return said;
    }

    /// <summary>What is out of date is held when it comes, not when somebody opens it.</summary>
    static void Receipt(ActFacts f, List<Verdict> said)
    {
        if (f.Product is null) said.Add(new("unknown-product", "Nobody has entered this product: it is booked in on hold. Add it to the catalogue, then release it.", Hold: HoldReason.Unverified));
        if (f.Expiry is { } expiry && expiry < f.Today) said.Add(new("expired", $"It expired on {expiry:yyyy-MM-dd}: it is booked in on hold. Send it back.", Hold: HoldReason.Expired));
        else if (f.Expiry is { } end && f.Product?.LifeDaysMin is { } life && end < f.Today.AddDays(life))
            said.Add(new("short-dated", $"It has {end.DayNumber - f.Today.DayNumber} days left and must have {life}: it is booked in on hold. Ask the supplier, or release it with a reason.", Hold: HoldReason.ShortDated));
        if (f.Against.Contains(Unavailable.Recalled)) said.Add(new("recalled", "It is under a recall: it is booked in on hold. Keep it apart.", Hold: HoldReason.Recall));
        if (f.Status is not (null or ItemStatus.Unbooked)) said.Add(new("already", "It is in the books already; nothing is added."));
    }

    static void Taking(ActFacts f, List<Verdict> said)
    {
        foreach (var why in f.Against)
            if (why is Unavailable.Reserved or Unavailable.InTransit && f.KeptFor is not null && f.KeptFor == f.Case) continue;
            else if (why == Unavailable.NotAStore) said.Add(new("not-a-store", "It is not where stock is kept: put it away first, or take it on purpose."));
            else said.Add(new(why.ToString().ToLowerInvariant(), $"It may not be taken: {Availability.Says(why)}.", Stops: true));
        if (f.Earlier > 0) said.Add(new("fefo", $"{f.Earlier} of the same product expire earlier: take one of those{(f.HasReason ? "" : ", or say why not")}.", Stops: !f.HasReason));
    }

    static void PuttingAway(ActFacts f, List<Verdict> said)
    {
        if (f.Status == ItemStatus.Unbooked) said.Add(new("unbooked", "It was never booked in: receive it, or it stays out of the stock."));
        if (f.Status == ItemStatus.Returned) said.Add(new("not-inspected", "It came back and nobody has looked at it: inspect it before it is stock."));
        if (f.Product?.Storage is { } storage && !f.PlaceKeeps.Contains(storage)) said.Add(new("warm-place", $"It wants a place of class {storage}, and this is none."));
        if (f.Against.Contains(Unavailable.Expired)) said.Add(new("expired", "It is out of date: put it with the waste."));
        if (f.Against.Contains(Unavailable.Recalled) || f.Against.Contains(Unavailable.Held)) said.Add(new("held", "It is on hold: keep it apart from what may be used."));
    }
}
