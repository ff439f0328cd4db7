using System.Globalization;
using System.Text;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Identify;

/// <summary>Names the scanner that loses separators, so that its setting is put right instead of its user.</summary>
/// <remarks>Counted from the scans as they came: nothing is kept beside them, so a better reader of codes counts the past better too.</remarks>
sealed class ScannerFigures(SiteModel site, LedgerReader ledger, TimeProvider time)
{
    /// <summary>Long enough for a scanner used once a shift, short enough that a mended one is seen to be mended.</summary>
    static readonly TimeSpan s_lookBack = TimeSpan.FromDays(7);

    // A day of a big hospital's scans, read in about 50 ms; the newest count.
    const int ScansMax = 20_000;

    public IReadOnlyList<SeparatorView> Look()
    {
        var since = time.GetUtcNow() - s_lookBack;
        var counts = site.Scanners.ToDictionary(scanner => scanner.Id, _ => new int[4]);
        var scans = site.Scanners.ToDictionary(scanner => scanner.Id, _ => 0);
        foreach (var row in ledger.ScansSince(EventTime.ToUs(since), ScansMax))
        {
            var code = ScanCode.Parse(Encoding.Latin1.GetString(row.Raw), EventTime.FromUs(row.AtUs).Year);
            if (code.Kind != ScanKind.Gs1 || !counts.TryGetValue(row.Scanner, out var of)) continue;
            scans[row.Scanner]++;
            of[(int)code.Separators]++;
        }
        return [.. site.Scanners.Select(scanner => View(scanner, since, scans[scanner.Id], counts[scanner.Id]))];
    }

    static SeparatorView View(Scanner scanner, DateTimeOffset since, int scans, int[] of)
    {
        var (suspected, repaired, unrepairable) = (of[(int)SeparatorLoss.Suspected], of[(int)SeparatorLoss.Repaired], of[(int)SeparatorLoss.Unrepairable]);
        var lost = suspected + repaired + unrepairable;
        return new(scanner.Id, scanner.Name, since, scans, repaired, suspected, unrepairable, lost == 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"{scanner.Name} lost the separator in {lost} of {scans} GS1 scans ({100.0 * lost / scans:0.#} %) of the last seven days: set it to send GS (1D) for FNC1."));
    }
}
