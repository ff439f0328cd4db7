using EdgeTrace.Api;
using EdgeTrace.Identity;
using EdgeTrace.Stock;

namespace EdgeTrace.Cloud.Recalls;

/// <summary>From what somebody has typed to a notice, or to a sentence that says what is wrong with it.</summary>
static class RecallDraftReader
{
    /// <summary>GS1's longest lot; HIBC's are shorter.</summary>
    const int LotLettersMax = 20;

    const int LotsMax = 2_000;
    const int ReferenceLettersMax = 200;
    const int SaidLettersMax = 4_000;
    const int IdLettersMax = 64;

    /// <param name="preview">Nothing is opened, so that it needs neither an id nor a reference.</param>
    public static (RecallNotice? Notice, string? Wrong, string? Cure) Read(RecallDraft draft, bool preview)
    {
        var (id, reference, product) = (draft.Id?.Trim() ?? "", draft.Reference?.Trim() ?? "", Product(draft.Product?.Trim() ?? ""));
        var lots = (draft.Lots ?? []).Select(lot => lot.Trim()).Where(lot => lot.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (!preview && id.Length is 0 or > IdLettersMax) return (null, "The recall has no id", "Send a UUID as id, the same however often it is sent.");
        if (!preview && reference.Length is 0 or > ReferenceLettersMax) return (null, "The recall has no reference", "Give the number of the notice (FSN, NatPSA or CAS) as reference.");
        if (product is null) return (null, $"\"{draft.Product}\" is no product", "Give a GTIN with its check digit as product, or + with LIC and PCN of a HIBC.");
        if (lots.Count > LotsMax) return (null, $"{lots.Count} lots are too many", $"At most {LotsMax} are taken: leave lots out where every lot is meant.");
        if (lots.Find(lot => lot.Length > LotLettersMax) is { } lot) return (null, $"Lot \"{lot}\" is too long", $"A lot has at most {LotLettersMax} letters.");
        if (draft.ExpiryFrom > draft.ExpiryTo || draft.MadeFrom > draft.MadeTo) return (null, "A date ends before it begins", "Give from and to from the earlier; both days are included.");
        if (draft.Said?.Length > SaidLettersMax) return (null, "The notice's words are too long", $"Send at most {SaidLettersMax} letters; keep the notice itself elsewhere.");
        var notice = new RecallNotice(id, reference, product, lots)
        {
            SerialFrom = Text(draft.SerialFrom), SerialTo = Text(draft.SerialTo), ExpiryFrom = draft.ExpiryFrom, ExpiryTo = draft.ExpiryTo, MadeFrom = draft.MadeFrom, MadeTo = draft.MadeTo,
        };
        return notice is { SerialFrom: not null, SerialTo: not null } && !notice.Names(product, null, notice.SerialFrom, null, null)
            ? (null, "The serials end before they begin", "Give from and to from the lower; both are included.") : (notice, null, null);
    }

    /// <summary>A GTIN of 14 digits, or <c>+</c>, LIC and PCN; null: neither.</summary>
    public static string? Product(string text) =>
        text is ['+', _, _, _, _, _, ..] ? text : Gtin.TryParse(text.AsSpan(), out var gtin) ? gtin.ToString() : null;

    static string? Text(string? said) => said?.Trim() is { Length: > 0 } text ? text : null;
}
