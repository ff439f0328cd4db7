using System.Collections.Frozen;
using System.Text;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Cloud.Stock;

/// <summary>
/// Does what a desk's scanner is there for: a scan at goods-in books in, with nobody at a page. Follows the scans of the ledger with a cursor of its own;
/// the act's id is the scan's, so that a scan that is met again after a crash is done once.
/// </summary>
sealed partial class ScanDesk(SiteModel site, LedgerReader ledger, LedgerWriter writer, CodeBook codes, StockBook book, ILogger<ScanDesk> logger) : BackgroundService
{
    const int PageMax = 64;

    /// <summary>While the ledger's disk refuses; it says so itself.</summary>
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>Codes that named nothing yet, by scanner, and until when the next may be of the same label.</summary>
    readonly Dictionary<string, (long UntilUs, List<string> Codes)> _open = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!site.Scanners.Any(scanner => scanner.Does is not null)) return;
        var cursor = ledger.ScanDesk();
        while (true)
        {
            try
            {
                await writer.WaitForFeedBeyondAsync(cursor, stoppingToken);
                cursor = await DoAsync(cursor, ledger.FeedHead());
            }
            catch (Exception refused) when (refused is SqliteException or IOException)
            {
                LogRefused(cursor, refused.Message);
                await Task.Delay(RetryDelay, TimeProvider.System, stoppingToken);
            }
        }
    }

    /// <summary>Does every scan beyond a cursor and up to the head; returns how far it came.</summary>
    async Task<long> DoAsync(long cursor, long head)
    {
        var (to, done) = (cursor, 0);
        for (IReadOnlyList<(long Cursor, ScanRow Scan)> page; (page = ledger.ScansAfter(to, PageMax)).Count > 0; to = page[^1].Cursor)
        {
            foreach (var (_, scan) in page) await DoAsync(scan);
            done += page.Count;
        }
        to = Math.Max(to, head);
        // What else the feed tells of is passed over again after a restart: cheaper than a commit for each movement.
        if (done > 0) await writer.CommitAsync(new("system:scan-desk") { ScanDesk = to });
        return to;
    }

    async Task DoAsync(ScanRow scan)
    {
        if (site.Scanner(scan.Scanner) is not { Does: { } does, Location: { } place } || scan.Error is not null || !Vocabulary.TryRead(does, out var kind)) return;
        var code = Encoding.Latin1.GetString(scan.Raw);
        var earlier = _open.Remove(scan.Scanner, out var open) && scan.AtUs <= open.UntilUs ? open.Codes : [];
        if (codes.Read(code, earlier, pieces: false).Label is null)
        {
            // The product's code alone, or the one with lot and expiry: the other is on the same label and comes next. What contradicts begins anew.
            _open[scan.Scanner] = (scan.AtUs + (long)LabelSession.OpenFor.TotalMicroseconds, codes.Agree(code, earlier) ? [.. earlier, code] : [code]);
            return;
        }
        var act = new StockAct(scan.Id, does, [new(code, More: earlier)]) { Place = place, Terminal = scan.Scanner };
        var outcome = await book.DoAsync(act, kind, scan.AtUs, new($"scanner:{scan.Scanner}", $"scanner:{scan.Scanner}", [], [site.Site.Id], FrozenSet<Permission>.Empty));
        if (outcome.Lines[0] is { Outcome: "refused", Says: [var why, ..] }) LogRefusedScan(scan.Scanner, scan.Id, why.Says);
    }

    [LoggerMessage(4401, LogLevel.Warning, "Scans beyond feed cursor {Cursor} wait to be booked: {Why}")]
    partial void LogRefused(long cursor, string why);

    [LoggerMessage(4402, LogLevel.Information, "A scan at {Scanner} was not booked ({Scan}): {Why}")]
    partial void LogRefusedScan(string scanner, string scan, string why);
}
