using System.Collections.Immutable;

namespace EdgeTrace.Identity;

/// <summary>What must be known of a label before it names what is in the hand.</summary>
[Flags]
public enum LabelNeeds
{
    Nothing = 0,
    Product = 1,
    Lot = 2,
    Serial = 4,
    Expiry = 8,

    /// <summary>Either does: a lot for what is counted, a serial for what is followed one by one.</summary>
    LotOrSerial = 16,
}

/// <summary>What a scan did to the label in the hand.</summary>
public enum LabelOutcome
{
    /// <summary>A label was begun and is not complete.</summary>
    Opened,

    /// <summary>The scan added to the open label, which is not complete.</summary>
    Added,

    /// <summary>The label is complete.</summary>
    Complete,

    /// <summary>The same code again; nothing changed.</summary>
    Repeated,

    /// <summary>One of the codes this hospital ignores.</summary>
    Noise,

    /// <summary>The code cannot be trusted; the open label stands as it was.</summary>
    Unreadable,

    /// <summary>A second product: not merged. The same code scanned once more begins a new label.</summary>
    OtherProduct,

    /// <summary>The same product with another lot, serial or date: not merged. The same code scanned once more begins a new label.</summary>
    OtherItem,
}

/// <summary>What the codes of one label say together.</summary>
public sealed record Label
{
    /// <summary>The label's codes in the order they were scanned, each as it came.</summary>
    public ImmutableArray<Identification> Codes { get; init; } = [];

    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>Until when the next code is taken to be this label's.</summary>
    public DateTimeOffset OpenUntil { get; init; }

    public ProductKey? Product { get; init; }
    public string? Lot { get; init; }
    public string? Serial { get; init; }
    public DateOnly? Expiry { get; init; }
    public DateOnly? Produced { get; init; }

    /// <summary>What is still missing; <see cref="LabelNeeds.Nothing"/> when the label is complete.</summary>
    public LabelNeeds Missing { get; init; }

    public bool IsComplete => Missing == LabelNeeds.Nothing;

    /// <summary>The one thing it names: by one of its codes, by product and serial, or by donation and what was made of it.</summary>
    public ItemKey? ItemKey
    {
        get
        {
            foreach (var code in Codes)
            {
                if (code.ItemKey is { } item) return item;
            }
            if (this[FieldName.Donation] is { } din) return Made is { } made ? Identity.ItemKey.FromDonation(din, made, this[FieldName.Divisions]) : null;
            return Product is { } product && Serial is { } serial ? Identity.ItemKey.From(product, serial) : null;
        }
    }

    /// <summary>It names a tray, a pump or a tote: one thing that is no product.</summary>
    internal bool IsThing => Product is null && Made is null && ItemKey is not null;

    internal string? Made => Product?.Number ?? this[FieldName.Component];

    /// <summary>The first value any of its codes has for an element, null when none has.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var code in Codes)
            {
                if (code[name] is { } value) return value;
            }
            return null;
        }
    }

    public LotKey? LotKey => Product is { } product && Lot is { } lot ? new(product, lot) : null;
}

/// <summary>The answer to a scan.</summary>
/// <param name="Label">The label the scan belongs to: the open one, or the one it completed; null when none is open.</param>
/// <param name="Closed">A label whose time was over before this scan: complete or not, it is done with.</param>
/// <param name="Say">One sentence for the person with the scanner.</param>
public sealed record LabelAnswer(LabelOutcome Outcome, Label? Label, Label? Closed, string Say);

/// <summary>Makes one item of the several codes on a label: one scanner, one hand. Pure: it is told the time.</summary>
/// <remarks>
/// <code>
///           a code             the rest, or 5 s without a code
/// (none) ─────────── open ──────────────────────────────────── closed
///                     │  another product, lot, serial or date: refused, said aloud, never merged;
///                     └─ the same refused code once more: the open label is closed as it is, a new one opened
/// </code>
/// A complete label stays until its time is over, so that its third code (a GTIN beside the DataMatrix) adds nothing and opens nothing.
/// </remarks>
/// <param name="needs">What a product's label must say; a catalogue knows. Null asks for the product, a lot or a serial, and the date.</param>
/// <param name="noise">Beginnings of codes that are on packs and say nothing of the item: a company's own catalogue numbers.</param>
public sealed class LabelSession(Func<ProductKey, LabelNeeds>? needs = null, IReadOnlyList<string>? noise = null)
{
    /// <summary>How long a label stays open for its next code: what staff need to turn a pack over.</summary>
    public static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(5);

    const LabelNeeds Usual = LabelNeeds.Product | LabelNeeds.LotOrSerial | LabelNeeds.Expiry;

    Label? _open;
    string? _refused;

    /// <summary>The label in the hand, null when there is none.</summary>
    public Label? Open => _open;

    /// <summary>Takes a code.</summary>
    public LabelAnswer Scan(Identification code, DateTimeOffset at)
    {
        var closed = Close(at);
        if (IsNoise(code)) return new(LabelOutcome.Noise, _open, closed, "This code says nothing about the item. " + Wanted(_open));
        if (code.Error is { } error) return new(LabelOutcome.Unreadable, _open, closed, $"This code cannot be trusted: {error}. Scan it again. " + Wanted(_open));
        if (_open is null) return Begin(code, at, closed);
        if (_open.Codes.Any(earlier => earlier.Input == code.Input)) return Keep(LabelOutcome.Repeated, at, closed, _open.IsComplete ? "This code again; the label is complete." : "This code again. " + Wanted(_open));

        if (Contradiction(_open, code) is not { } refusal)
        {
            _open = Merge(_open, code, at);
            _refused = null;
            return new(_open.IsComplete ? LabelOutcome.Complete : LabelOutcome.Added, _open, closed, Wanted(_open));
        }
        if (_open.IsComplete || _refused == code.Input) return Begin(code, at, Forget());
        _refused = code.Input;
        return Keep(refusal.Outcome, at, closed, $"{refusal.Why} It was not added. Scan it once more to begin a new item, or finish this one: {Wanted(_open)}");
    }

    /// <summary>Closes the open label when its time is over at <paramref name="at"/>, and says which.</summary>
    public Label? Close(DateTimeOffset at) => _open is { } open && at > open.OpenUntil ? Forget() : null;

    /// <summary>Closes the open label now, because somebody said so.</summary>
    public Label? Forget()
    {
        var label = _open;
        _open = null;
        _refused = null;
        return label;
    }

    LabelAnswer Begin(Identification code, DateTimeOffset at, Label? closed)
    {
        _refused = null;
        _open = Merge(new Label { OpenedAt = at }, code, at);
        return new(_open.IsComplete ? LabelOutcome.Complete : LabelOutcome.Opened, _open, closed, Wanted(_open));
    }

    LabelAnswer Keep(LabelOutcome outcome, DateTimeOffset at, Label? closed, string say)
    {
        _open = _open! with { OpenUntil = at + OpenFor };
        return new(outcome, _open, closed, say);
    }

    Label Merge(Label label, Identification code, DateTimeOffset at)
    {
        var merged = label with
        {
            Codes = label.Codes.Add(code),
            OpenUntil = at + OpenFor,
            Product = label.Product ?? code.Product,
            Lot = label.Lot ?? code.Lot,
            Serial = label.Serial ?? code.Serial,
            Expiry = label.Expiry ?? code.Expiry,
            Produced = label.Produced ?? code.Produced,
        };
        return merged with { Missing = MissingFrom(merged) };
    }

    LabelNeeds MissingFrom(Label label)
    {
        if (label.IsThing) return LabelNeeds.Nothing;   // it has no lot and no date: what it names is all there is
        var missing = (label.Product is { } product && needs is not null ? needs(product) : Usual) | LabelNeeds.Product;
        if (label.Made is not null) missing &= ~LabelNeeds.Product;
        if (label.Lot is not null) missing &= ~(LabelNeeds.Lot | LabelNeeds.LotOrSerial);
        if (label.Serial is not null || label[FieldName.Donation] is not null) missing &= ~(LabelNeeds.Serial | LabelNeeds.LotOrSerial);
        if (label.Expiry is not null) missing &= ~LabelNeeds.Expiry;
        return missing;
    }

    static (LabelOutcome Outcome, string Why)? Contradiction(Label label, Identification code)
    {
        if (label.Product is { } product && code.Product is { } other && product != other) return (LabelOutcome.OtherProduct, $"This code is of another product ({other.Number}, not {product.Number}).");
        if ((label.IsThing || code.IsThing) && label.ItemKey != code.ItemKey) return (LabelOutcome.OtherItem, "This code is of another thing.");
        if (Differ(label[FieldName.Donation], code[FieldName.Donation])) return (LabelOutcome.OtherItem, $"This code is of donation {code[FieldName.Donation]}, the label of {label[FieldName.Donation]}.");
        if (Differ(label[FieldName.Component], code[FieldName.Component])) return (LabelOutcome.OtherProduct, $"This code is of another product ({code[FieldName.Component]}, not {label[FieldName.Component]}).");
        if (Differ(label.Lot, code.Lot)) return (LabelOutcome.OtherItem, $"This code has lot {code.Lot}, the label {label.Lot}.");
        if (Differ(label.Serial, code.Serial)) return (LabelOutcome.OtherItem, $"This code has serial {code.Serial}, the label {label.Serial}.");
        if (label.Expiry is { } expiry && code.Expiry is { } date && expiry != date) return (LabelOutcome.OtherItem, $"This code has use-by date {FieldName.Date(date)}, the label {FieldName.Date(expiry)}.");
        if (LinkFault(label, code) is { } link) return (LabelOutcome.OtherItem, link);
        return null;
    }

    static bool Differ(string? one, string? other) => one is not null && other is not null && one != other;

    /// <summary>A HIBC secondary names its primary by that one's check character: the only thing that ties two symbols together.</summary>
    static string? LinkFault(Label label, Identification code)
    {
        foreach (var earlier in label.Codes)
        {
            var (primary, secondary) = earlier[FieldName.Labeler] is not null ? (earlier, code) : (code, earlier);
            if (primary[FieldName.Labeler] is null || secondary[FieldName.Link] is not { } link) continue;
            if (primary.Input.TrimEnd('\r', '\n')[^1..] != link) return $"This code's link character is not that of the label's other code ('{link}').";
        }
        return null;
    }

    bool IsNoise(Identification code)
    {
        foreach (var beginning in noise ?? [])
        {
            if (code.Input.StartsWith(beginning, StringComparison.Ordinal)) return true;
        }
        return false;
    }

    /// <summary>The next thing to do, in a sentence.</summary>
    static string Wanted(Label? label)
    {
        if (label is null) return "Scan the item's label.";
        if (label.IsComplete) return "The label is complete.";
        var parts = new List<string>();
        if (label.Missing.HasFlag(LabelNeeds.Product)) parts.Add("the product");
        if (label.Missing.HasFlag(LabelNeeds.Lot)) parts.Add("lot");
        if (label.Missing.HasFlag(LabelNeeds.Serial)) parts.Add("serial");
        if (label.Missing.HasFlag(LabelNeeds.LotOrSerial)) parts.Add("lot or serial");
        if (label.Missing.HasFlag(LabelNeeds.Expiry)) parts.Add("expiry");
        var list = parts.Count == 1 ? parts[0] : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";
        return $"Now scan the code with {list}.";
    }
}
