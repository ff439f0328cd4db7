using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>
/// The one writer of <c>ledger.db</c>: takes what has gathered while the last commit was flushed and makes it durable in one
/// transaction, each <see cref="LedgerCommit"/> in it whole or not at all.
/// </summary>
public sealed class LedgerWriter : IAsyncDisposable
{
    /// <summary>Commits waiting for the writer; whoever finds it full waits, which slows the loops down and nothing else.</summary>
    const int WaitingMax = 256;

    /// <summary>Commits in one transaction: enough to share a flush among all loops, few enough to hold nobody up for long.</summary>
    const int GroupMax = 64;

    readonly SqliteConnection _connection;
    readonly LedgerStatements _statements;
    readonly TimeProvider _time;
    readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(WaitingMax)
    {
        FullMode = BoundedChannelFullMode.Wait, SingleReader = true,
    });
    readonly Task _writing;
    volatile TaskCompletionSource _feedGrew = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _feedHead;

    LedgerWriter(SqliteConnection connection, TimeProvider time)
    {
        (_connection, _time) = (connection, time);
        _statements = new LedgerStatements(connection);
        _feedHead = Convert.ToInt64(connection.Scalar("SELECT max(cursor) FROM feed") ?? 0L, null);
        _writing = Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Opens the ledger, making it where there is none.</summary>
    public static LedgerWriter Open(string path, TimeProvider time)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var connection = SqliteFile.OpenForWriting(path);
        try
        {
            LedgerSchema.Ensure(connection);
            return new LedgerWriter(connection, time);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The newest cursor of the outgoing feed.</summary>
    public long FeedHead => Interlocked.Read(ref _feedHead);

    /// <summary>Completes when the feed has rows beyond <paramref name="cursor"/>.</summary>
    public async Task WaitForFeedBeyondAsync(long cursor, CancellationToken token)
    {
        while (true)
        {
            var grew = _feedGrew;
            if (FeedHead > cursor) return;
            await grew.Task.WaitAsync(token);
        }
    }

    /// <summary>Returns when the commit is durable.</summary>
    /// <exception cref="ZoneTakenException">Another owner moved one of its zones; nothing of it was written.</exception>
    /// <exception cref="SqliteException">The disk refused (full, gone); nothing of it was written, and it may be tried again.</exception>
    public async Task CommitAsync(LedgerCommit commit, CancellationToken token = default)
    {
        var waiting = new Waiting(commit, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _waiting.Writer.WriteAsync(waiting, token);
        // Not cancelled from here on: the caller must know whether its facts are there.
        await waiting.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
        _statements.Dispose();
        await _connection.DisposeAsync();
    }

    void WriteAll()
    {
        var group = new List<Waiting>();
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (group.Count < GroupMax && _waiting.Reader.TryRead(out var next)) group.Add(next);
            WriteGroup(group);
            group.Clear();
        }
    }

    void WriteGroup(List<Waiting> group)
    {
        var taken = new List<(Waiting Of, ZoneTakenException Why)>();
        var head = FeedHead;
        try
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var one in group)
            {
                transaction.Save("one");
                try
                {
                    head = Math.Max(head, _statements.Write(transaction, one.Commit, NowUs()));
                    transaction.Release("one");
                }
                catch (ZoneTakenException why)
                {
                    transaction.Rollback("one");
                    transaction.Release("one");
                    taken.Add((one, why));
                }
            }
            transaction.Commit();
        }
        catch (Exception refused) when (refused is SqliteException or IOException)
        {
            foreach (var one in group) one.Done.TrySetException(refused);
            return;
        }
        catch (Exception unexpected)
        {
            foreach (var one in group) one.Done.TrySetException(unexpected);
            return;
        }
        foreach (var (of, why) in taken) of.Done.TrySetException(why);
        foreach (var one in group) one.Done.TrySetResult();
        if (head == FeedHead) return;
        Interlocked.Exchange(ref _feedHead, head);
        Interlocked.Exchange(ref _feedGrew, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    long NowUs() => (_time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    readonly record struct Waiting(LedgerCommit Commit, TaskCompletionSource Done);
}
