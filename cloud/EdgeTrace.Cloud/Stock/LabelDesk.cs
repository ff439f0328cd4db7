using System.Text.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;

namespace EdgeTrace.Cloud.Stock;

/// <summary>Puts the codes of one label together, and says what is still missing. It remembers nothing: whoever scans sends them all each time.</summary>
sealed class LabelDesk(CodeBook codes, ItemNames names, StockViews views, TimeProvider time)
{
    /// <summary>A label with more codes than this is a page of labels.</summary>
    public const int CodesMax = 8;

    public LabelView Read(IReadOnlyList<string> scanned)
    {
        var (session, now) = (new LabelSession(), time.GetUtcNow());
        LabelAnswer? answer = null;
        // How long a label stays open is for whoever holds the scanner: here all of it was scanned at once.
        foreach (var code in scanned) answer = session.Scan(Identification.Of(code.TrimEnd('\r', '\n'), now.Year), now);
        var label = session.Open;
        var outcome = answer!.Outcome switch
        {
            LabelOutcome.Opened or LabelOutcome.Added => "open",
            LabelOutcome.Complete => "complete",
            var other => JsonNamingPolicy.KebabCaseLower.ConvertName(other.ToString()),
        };
        if (label is null || label.Codes.Length == 0) return new(outcome, null, false, null, null, null, null, null, null, answer.Say);
        // What it names is what the books would take it for.
        var (thing, why) = codes.Read(label.Codes[0].Input, [.. label.Codes.Skip(1).Select(code => code.Input)], pieces: label.Serial is null);
        if (thing is null) return new(outcome == "complete" ? "unreadable" : outcome, null, false, null, null, label.Lot, label.Serial, label.Expiry, null, outcome == "complete" ? why! : answer.Say);
        var (parts, expiry) = (thing.Parts, thing.Parts.Expiry ?? label.Expiry);
        return new(
            outcome, thing.Key, thing.IsLot, parts.Product is { } product ? names.Named(parts.Epc ?? thing.Key, product, parts.Serial, parts.Lot) : new(thing.Key, parts.Epc ?? thing.Key, ""),
            parts.Product, parts.Lot, parts.Serial, expiry, expiry?.DayNumber - views.Today.DayNumber, answer.Say);
    }
}
