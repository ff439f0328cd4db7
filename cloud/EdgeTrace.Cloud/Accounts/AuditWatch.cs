using EdgeTrace.Cloud.Projections;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>Checks the whole chain of the audit at the start and once a day, notes how far it is, and keeps what is broken for the list of faults.</summary>
sealed partial class AuditWatch(LedgerReader ledger, IServiceProvider services, TimeProvider time, ILogger<AuditWatch> logger) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromDays(1);

    /// <summary>The first place where the chain does not hold; null while it does.</summary>
    public AuditBreak? Broken { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do await Task.Run(() => Look(stoppingToken), stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    void Look(CancellationToken token)
    {
        var folder = ProjectionServices.DataDirectory(services);
        try
        {
            var verdict = AuditCheck.Of(ledger, AnchorFile.Read(folder), token);
            Broken = verdict.Breaks.Count > 0 ? verdict.Breaks[0] : null;
            if (Broken is { } broken) LogBroken(broken.Says);
            else if (verdict.Head is { } head) Note(folder, head with { At = time.GetUtcNow() });
        }
        catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or IOException or UnauthorizedAccessException)
        {
            // The ledger's own state says what is wrong with it; tomorrow it is tried again.
            LogNotChecked(error.Message);
        }
        catch (InvalidDataException error)
        {
            Broken = new(0, error.Message.TrimEnd('.'));
            LogBroken(Broken.Says);
        }
    }

    void Note(string folder, AuditAnchor head)
    {
        AnchorFile.Add(folder, head);
        LogWhole(head.Seq, head.Hash);
    }

    [LoggerMessage(5201, LogLevel.Information, "The audit is whole: {Rows} rows, the last with hash {Hash}")]
    partial void LogWhole(long rows, string hash);

    [LoggerMessage(5202, LogLevel.Error, "The audit has been changed outside this program: {Says}")]
    partial void LogBroken(string says);

    [LoggerMessage(5203, LogLevel.Warning, "The audit could not be checked: {Reason}")]
    partial void LogNotChecked(string reason);
}
