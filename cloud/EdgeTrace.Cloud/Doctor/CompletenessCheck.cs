using System.Globalization;
using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Cloud.Doctor;

/// <summary>What came and what did not in the last 24 hours, in one line, from the ledger alone.</summary>
sealed class CompletenessCheck(string data, TimeProvider time)
{
    const string Name = "completeness";

    public IEnumerable<Finding> Look()
    {
        var path = Path.Combine(data, ProjectionServices.LedgerFile);
        // Its absence, like damage to it, is said by the check of the files.
        if (!File.Exists(path)) return [];
        try
        {
            return [Say(new LedgerReader(path))];
        }
        catch (SqliteException error)
        {
            return [new(Name, Verdict.Unknown, $"The ledger cannot be asked: {error.Message}")];
        }
    }

    Finding Say(LedgerReader ledger)
    {
        var nowUs = time.NowUs();
        var fromUs = nowUs - 24 * SiteHours.HourUs;
        var received = ledger.Received(fromUs, nowUs).Where(r => r.Placed).Sum(r => r.Readings);
        var losses = ledger.LossTotals(fromUs, nowUs);
        var lost = losses.Sum(l => l.Readings);
        if (received == 0 && losses.Count == 0) return new(Name, Verdict.Note, "Nothing was received in the last 24 h.");
        var says = string.Create(CultureInfo.InvariantCulture, $"{received:N0} of {received + lost:N0} readings in the last 24 h");
        if (losses.Count == 0) return new(Name, Verdict.Fine, says + "; nothing is missing.");
        return new(Name, Verdict.Warning, $"{says}; {string.Join(", ", losses.Select(Words))}.", "The page's Completeness says of each interval what it means and what to do.");
    }

    static string Words(LossTotal loss) => loss.Cause == LossCauses.Blind
        ? string.Create(CultureInfo.InvariantCulture, $"blind {loss.Records:N0} times, {loss.Us / 1e6:N0} s over all streams")
        : string.Create(CultureInfo.InvariantCulture, $"{loss.Cause} {(loss.Readings > 0 ? $"{loss.Readings:N0}" : "")}{(loss.Uncounted > 0 ? $" ({loss.Uncounted:N0} times without a count)" : "")}").Replace("  ", " ", StringComparison.Ordinal);
}
