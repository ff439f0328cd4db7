using EdgeTrace.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock.Exits;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Exits;

/// <summary>What the page <em>Exits</em> shows, and what Now has of it.</summary>
sealed class ExitQuery(SiteModel site, LedgerReader ledger, ExitViews views, EquipmentBoard equipment, TimeProvider time)
{
    const int OpenMax = 100;
    const int SettledMax = 100;
    const int TicketsMax = 200;
    const int StraysMax = 200;

    /// <summary>How far back doors are judged, and settled rows and used or expired tickets are listed.</summary>
    const int Days = 30;

    static readonly TimeSpan SettledFor = TimeSpan.FromDays(7);

    /// <summary>What somebody must answer, for Now. The worst stand there; the rest is on the page.</summary>
    public IReadOnlyList<AlarmView> Alarms() => [.. ledger.OpenExits(OpenMax).Select(views.Alarm)];

    public ExitsView Exits()
    {
        var nowUs = time.NowUs();
        long Before(TimeSpan span) => nowUs - span.Ticks / TimeSpan.TicksPerMicrosecond;
        var open = ledger.OpenExits(OpenMax + 1);
        return new(
            time.GetUtcNow(), Days, [.. open.Take(OpenMax).Select(row => views.View(row, whole: true))], [.. ledger.SettledExits(Before(SettledFor), SettledMax).Select(row => views.View(row, whole: false))],
            Doors(Before(TimeSpan.FromDays(Days))), [.. ledger.Tickets(Before(SettledFor), TicketsMax).Select(views.View)],
            [.. ledger.ExitStrays(Before(StrayRule.Window), StraysMax).Select(stray => new StrayView(views.Name(stray.Epc), stray.Portal, site.Portal(stray.Portal)?.Name ?? stray.Portal, EventTime.FromUs(stray.SinceUs), EventTime.FromUs(stray.LastUs)))],
            open.Count > OpenMax);
    }

    /// <summary>Null: there is no such one.</summary>
    public ExitView? Exit(string id) => ledger.Exit(id) is { } row ? views.View(row, whole: true) : null;

    List<ExitDoorView> Doors(long sinceUs)
    {
        var counts = ledger.ExitCounts(sinceUs / 86_400_000_000).ToLookup(count => count.Portal);
        var alarms = ledger.ExitAlarms(sinceUs).ToDictionary(alarm => alarm.Portal);
        return [.. site.Portals.Where(portal => ExitJudge.IsExit(site, portal)).OrderBy(portal => portal.Name, StringComparer.Ordinal).Select(portal =>
        {
            long Sum(params ReadOnlySpan<ExitOutcome> outcomes)
            {
                var sum = 0L;
                foreach (var outcome in outcomes) sum += counts[portal.Id].Where(count => count.Outcome == outcome.Word()).Sum(count => count.Visits);
                return sum;
            }
            var asked = alarms.GetValueOrDefault(portal.Id) ?? new(portal.Id, 0, 0, 0);
            var beacon = equipment.Told(EquipmentBoard.IdOf(portal.Gateway, "beacon", portal.Id));
            return new ExitDoorView(
                portal.Id, portal.Name, site.LocationName(portal.Model.Inside), site.LocationName(portal.Model.Outside), Sum(ExitOutcome.Ticketed), Sum(ExitOutcome.Uncontrolled, ExitOutcome.WrittenOff), asked.All, asked.Answered, asked.False,
                asked.Answered == 0 ? null : (double)asked.False / asked.Answered, Sum(ExitOutcome.Faint, ExitOutcome.Stray), Sum(ExitOutcome.Unknown), beacon?.State, beacon is null ? null : beacon.Reason);
        })];
    }
}
