using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Doors;

/// <summary>
/// Follows the ledger's visits by their number and tells somebody of what should not have been carried in: expired into a store or a theatre, recalled or
/// held into a theatre, and a tag that says another date or lot than the label. The first time it begins where the visits end.
/// </summary>
sealed partial class DoorFollower(LedgerReader ledger, LedgerWriter writer, DoorJudge judge, DoorViews views, TimeProvider time, ILogger<DoorFollower> logger) : LedgerFollower(writer, time)
{
    const int PageMax = 256;

    /// <summary>Visits of which nothing is told and that are read again after a crash.</summary>
    const long UnkeptMax = 1024;

    readonly LedgerWriter _writer = writer;
    long _kept = -1, _seq;

    protected override bool HasWork => true;

    protected override async Task BeginAsync(CancellationToken token)
    {
        if (ledger.DoorCursor() is { } cursor) _kept = _seq = cursor;
        else await CommitAsync(new("system:doors"), ledger.NewestVisit(), token);
    }

    protected override async Task<bool> LookAsync(CancellationToken token)
    {
        var page = ledger.VisitsAfter(_seq, PageMax);
        foreach (var row in page)
        {
            var facts = new LedgerCommit("system:doors");
            foreach (var found in judge.Judge(row, facts)) facts.Outgoing.Add(new(FeedKind.Alarm, found.Id, "raised", found.AtUs, ApiJson.Write(views.Alarm(new(found, null)))));
            if (!facts.IsEmpty) await CommitAsync(facts, row.Seq, token);
            _seq = row.Seq;
        }
        if (_seq - _kept >= UnkeptMax) await CommitAsync(new("system:doors"), _seq, token);
        return page.Count == PageMax;
    }

    protected override void GoBack() => _seq = _kept;

    async Task CommitAsync(LedgerCommit facts, long to, CancellationToken token)
    {
        facts.DoorCursor = to;
        await _writer.CommitAsync(facts, token);
        _kept = _seq = to;
        foreach (var found in facts.DoorFindings) LogFound(found.Item, found.Location, found.Says);
    }

    [LoggerMessage(4341, LogLevel.Warning, "{Item} was carried into {Location}: {Says}")]
    partial void LogFound(string item, string location, string says);

    [LoggerMessage(4342, LogLevel.Error, "Doors tell nothing of what is carried in: {Reason}; readings, movements and acknowledgements are not affected")]
    protected override partial void LogStuck(string reason);

    [LoggerMessage(4343, LogLevel.Information, "Doors tell again of what is carried in")]
    protected override partial void LogGoesOn();
}
