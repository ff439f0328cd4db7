using EdgeTrace.Store.Ledger;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Cloud.Projections;

/// <summary>
/// Follows what the ledger learns with a cursor of its own and writes what it concludes, cursor and conclusions in one commit: as soon as the feed grows, and
/// each second for what the feed does not tell. While the disk refuses it says why it is stuck and goes on from what it kept.
/// </summary>
abstract class LedgerFollower(LedgerWriter writer, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Why nothing is concluded; empty when it is.</summary>
    public string Stuck { get; private set; } = "";

    /// <summary>Whether the site has anything that it is there for.</summary>
    protected abstract bool HasWork { get; }

    /// <summary>Takes up the cursor, or makes one.</summary>
    protected abstract Task BeginAsync(CancellationToken token);

    /// <summary>Judges one page of what is new; true when there is more already.</summary>
    protected abstract Task<bool> LookAsync(CancellationToken token);

    /// <summary>Nothing of what was not written is lost: it is judged anew from the cursor that was kept, and comes to the same.</summary>
    protected abstract void GoBack();

    protected abstract void LogStuck(string reason);

    protected abstract void LogGoesOn();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!HasWork) return;
        var begun = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var feedHead = writer.FeedHead;
            try
            {
                if (!begun) await BeginAsync(stoppingToken);
                begun = true;
                var more = await LookAsync(stoppingToken);
                if (Stuck.Length > 0) LogGoesOn();
                Stuck = "";
                if (more) continue;
            }
            catch (ZoneTakenException taken)
            {
                Stuck = taken.Message;
                LogStuck(taken.Message);
                return;
            }
            catch (Exception error) when (error is SqliteException or IOException)
            {
                if (Stuck.Length == 0) LogStuck(error.Message);
                Stuck = $"The ledger cannot be read or written: {error.Message}";
                GoBack();
            }
            // A passage is a row of the feed, so that a beacon need not wait for the next look.
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(writer.WaitForFeedBeyondAsync(feedHead, either.Token), Task.Delay(LookEvery, time, either.Token));
            await either.CancelAsync();
        }
    }
}
