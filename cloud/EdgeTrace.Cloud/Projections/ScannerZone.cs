using System.Text;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Theatre;
using EdgeTrace.Contract;
using EdgeTrace.Identity;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Projections;

/// <summary>One scanner: each scan becomes a fact, and where it names one thing, that thing is where the scanner is.</summary>
sealed class ScannerZone(string scanner, SiteModel site, ItemNames names) : Zone(new("scanner", scanner))
{
    public override StreamKind Main => StreamKind.Scans;

    public override void Apply(LoggedBatch logged, Batch batch, LedgerCommit facts)
    {
        if (batch.Header.TimeQuality == TimeQuality.Relative || batch.BodyCase != Batch.BodyOneofCase.Scans) return;
        foreach (var scan in batch.Scans.Scans) Tell(scan, facts);
    }

    void Tell(Scan scan, LedgerCommit facts)
    {
        var where = site.Scanner(Id.Zone)!;
        var raw = scan.Raw.Span;
        var id = FactId.Of("scan", Id.Zone, scan.TimeUs, raw);
        // Latin-1 keeps every byte, whatever the scanner's code page; the identifiers are ASCII.
        var code = ScanCode.Parse(Encoding.Latin1.GetString(raw), EventTime.FromUs(scan.TimeUs).Year);
        var error = scan.Framing == "oversize" ? "longer than any barcode: two scans without a terminator between them?" : code.Error;
        // Who a patient is leaves the theatre's own table for no list and no feed; the bytes stay in the ledger, where the theatre reads them.
        var isWristband = Wristband.IsOne(code);
        if (isWristband) error = null;
        var understood = isWristband ? Wristband.Words : ScanWords.Of(code, names);
        ItemName? name = null;
        string? item = null;
        if (error is null && !isWristband && ItemKey.TryFrom(code, out var key, out _))
        {
            item = key.ToString();
            name = code.Gtin is { } gtin ? names.Named(item, gtin.ToString(), code.Serial, code.Lot) : new(item, understood, "");
            facts.Sightings.Add(new(item, null, scan.TimeUs, Id.Zone, code.Gtin?.ToString(), code.Serial, code.Lot));
            if (where.Location is { } location) facts.Locations.Add(new(item, location, "scan", scan.TimeUs, Id.Zone, scan.TimeUs, 1, id));
        }
        facts.Scans.Add(new(id, Id.Zone, scan.TimeUs, scan.Raw.ToByteArray(), scan.Framing, understood, item, error, where.Location));
        var view = new ScanView(id, EventTime.FromUs(scan.TimeUs), Id.Zone, where.Name, isWristband ? Wristband.Words : Printable(code.Raw), understood, name, error);
        facts.Outgoing.Add(new(FeedKind.Scan, id, "", scan.TimeUs, ApiJson.Write(view)));
    }

    /// <summary>The separator and other control characters as their pictures, so that a page can show what came.</summary>
    static string Printable(string raw) => string.Create(Math.Min(raw.Length, 200), raw, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++) to[i] = from[i] < 0x20 ? (char)(0x2400 + from[i]) : from[i];
    });
}
