using System.Text;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;

namespace EdgeTrace.Cloud.Stock;

/// <summary>What the codes of one label come to.</summary>
/// <param name="Key">The Item's, or the Lot's where it carries no number of its own.</param>
sealed record Labelled(string Key, bool IsLot, ItemNameParts Parts);

/// <summary>What a label says about the thing it is on.</summary>
/// <param name="Product">As the catalogue has it: a GTIN of 14 digits, <c>+</c> and the number of a HIBC, <c>=</c> and that of ISBT 128.</param>
/// <param name="Carrier">The codes as they came, in base 64, a line each.</param>
sealed record ItemNameParts(string? Product, string? Lot, string? Serial, DateOnly? Expiry, DateOnly? Made, string? Epc, string? Carrier);

/// <summary>From whatever was scanned, typed or clicked to the Item or Lot it is of.</summary>
sealed class CodeBook(ItemNames names, TimeProvider time)
{
    /// <summary>The thing, or a sentence that says why there is none.</summary>
    /// <param name="more">The other codes of the same label.</param>
    /// <param name="pieces">Whether the caller speaks of pieces: a label without a serial then names a Lot, one without a lot the product's.</param>
    public (Labelled? Label, string? Error) Read(string code, IReadOnlyList<string>? more, bool pieces)
    {
        if (code.Trim().Length == 0) return (null, "Nothing was scanned.");
        // The caller says which codes are one label's: what is asked of the session is only that they agree.
        var (session, at) = (new LabelSession(), time.GetUtcNow());
        LabelAnswer? answer = null;
        foreach (var one in new[] { code }.Concat(more ?? []))
        {
            answer = session.Scan(Identification.Of(one, at.Year), at);
            if (answer.Outcome is LabelOutcome.Unreadable or LabelOutcome.OtherProduct or LabelOutcome.OtherItem) return (null, answer.Say);
        }
        var label = answer!.Label!;
        var product = label.Product is { } key ? Word(key) : null;
        var parts = new ItemNameParts(product, label.Lot, label.Serial, label.Expiry, label.Produced, EpcOf(label), Convert.ToBase64String(Encoding.Latin1.GetBytes(string.Join('\n', label.Codes.Select(c => c.Input)))));
        if (label.ItemKey is { } item) return (new(item.ToString(), false, parts), null);
        if (EpcOf(label) is { } foreign) return (new(foreign, false, parts), null);
        if (label.LotKey is { } lot) return (new(lot.ToString(), true, parts), null);
        if (label.Product is { } whole && pieces) return (new(whole.ToString(), true, parts), null);
        return (null, product is null
            ? $"{(label.Codes[0].Kind == CodeKind.Unknown ? "This code is of no kind that is known here" : "No part of this code names one thing")}: scan the code beside it, the one with (01) or +."
            : $"{names.Products.Find(product)?.Name ?? $"Product {product}"}: this code names the product only. {answer.Say}");
    }

    /// <summary>Whether a code can be of the label that others were of.</summary>
    public bool Agree(string code, IReadOnlyList<string> others)
    {
        var (session, at) = (new LabelSession(), time.GetUtcNow());
        foreach (var other in others) session.Scan(Identification.Of(other, at.Year), at);
        return session.Scan(Identification.Of(code, at.Year), at).Outcome is not (LabelOutcome.OtherProduct or LabelOutcome.OtherItem or LabelOutcome.Unreadable);
    }

    /// <summary>A product as the catalogue and the books have it.</summary>
    public static string Word(ProductKey product) => product.Issuer switch { Issuer.Hibcc => $"+{product.Number}", Issuer.Iccbba => $"={product.Number}", _ => product.Number };

    static string? EpcOf(Label label)
    {
        foreach (var code in label.Codes)
            if (code.Kind == CodeKind.Epc && Epc.TryParse(code.Input.Trim(), out var epc)) return epc.ToString();
        return null;
    }
}
