using EdgeTrace.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Faults;

/// <summary>Who said that they are working where, and until when; kept in the ledger, over by itself.</summary>
sealed class PlannedWorkBook(LedgerReader ledger, LedgerWriter writer, FaultNames names, EquipmentBoard board, TimeProvider time)
{
    /// <summary>Longer than a week nobody remembers why, and a fault stays hidden: plan it again.</summary>
    public static readonly TimeSpan LongestPlan = TimeSpan.FromDays(7);

    public const string GatewayKind = EquipmentBoard.GatewayKind;

    /// <summary>What holds now, the newest first.</summary>
    public IReadOnlyList<PlannedWorkView> Now() => [.. ledger.PlannedWork(time.NowUs()).Select(View)];

    /// <summary>The name of something work can be planned for; null when there is no such thing.</summary>
    public string? NameOf(string subject) => names.SubjectName(subject, board);

    public async Task<PlannedWorkView> PlanAsync(string subject, string actor, string reason, DateTimeOffset until)
    {
        var now = time.GetUtcNow();
        var work = new PlannedWork(Guid.CreateVersion7(now).ToString("n"), subject, actor, reason, EventTime.ToUs(now), EventTime.ToUs(until));
        var commit = new LedgerCommit(actor);
        commit.PlannedWork.Add(work);
        await writer.CommitAsync(commit);
        return View(work);
    }

    /// <summary>False when no such work holds now.</summary>
    public async Task<bool> EndAsync(string id, string actor, string reason)
    {
        if (!Now().Any(work => work.Id == id)) return false;
        var commit = new LedgerCommit(actor);
        commit.PlannedWorkEnds.Add(new(id, actor, reason, time.NowUs()));
        await writer.CommitAsync(commit);
        return true;
    }

    /// <summary>The work that covers a device: its own, its gateway's, or that of every door it hears for.</summary>
    public static PlannedWorkView? Covering(IReadOnlyList<PlannedWorkView> work, string gateway, string id, IReadOnlyList<string> portals) =>
        work.FirstOrDefault(one => one.Subject == id || one.Subject == EquipmentBoard.IdOf(gateway, GatewayKind, gateway))
        ?? (portals.Count > 0 && portals.All(portal => work.Any(one => one.Subject == $"portal/{portal}")) ? work.First(one => one.Subject == $"portal/{portals[0]}") : null);

    PlannedWorkView View(PlannedWork work) => new(
        work.Id, work.Subject, NameOf(work.Subject) ?? work.Subject, work.Actor, work.Reason, EventTime.FromUs(work.FromUs), EventTime.FromUs(work.UntilUs));
}
