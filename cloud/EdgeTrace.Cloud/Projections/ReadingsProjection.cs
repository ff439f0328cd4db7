using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Cloud.Projections;

/// <summary>
/// Copies samples, visits and counts of reads into one readings store, by the store's own cursors: slow or away, it delays nobody.
/// Each store has a projection of its own.
/// </summary>
sealed partial class ReadingsProjection(IReadingsStore store, ReadingsPages pages, TimeProvider time, ILogger<ReadingsProjection> logger) : BackgroundService
{
    /// <summary>Visits come from the ledger, which does not wake anybody up for this; and a store elsewhere is spared a request a batch.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    static readonly TimeSpan RetryFirst = TimeSpan.FromSeconds(1);
    static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(1);

    /// <summary>A store may ask to be left alone; one that asks for a year is asked again sooner.</summary>
    static readonly TimeSpan RetryAfterMax = TimeSpan.FromMinutes(15);

    Told _told = new(StoreState.Fine, null);

    /// <summary>readings for the embedded store, readings/NAME for one elsewhere.</summary>
    public string Name => store.Name.Length == 0 ? "readings" : "readings/" + store.Name;
    public long Position => store.Cursor.Log;

    /// <summary>Whether the store takes writes, and since when it does not.</summary>
    public Told Now => Volatile.Read(ref _told);

    /// <summary>What the store will never have, in a sentence; empty when it has all.</summary>
    public string Missing => store.Missing;

    bool IsElsewhere => store.Name.Length > 0;

    public sealed record Told(StoreState State, DateTimeOffset? Since);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var (delay, page) = (RetryFirst, (ReadingsPage?)null);
        while (!stoppingToken.IsCancellationRequested)
        {
            StoreState state;
            try
            {
                page ??= pages.Read(store.Cursor, store.Detail);
                state = page is null ? StoreState.Fine : await store.WriteAsync(page, stoppingToken);
            }
            catch (Exception error) when (error is SqliteException or IOException or LogUnusableException || (IsElsewhere && error is not OperationCanceledException))
            {
                // A mistake of ours with a store elsewhere is that store's trouble too; it must not end what takes batches.
                state = new("waiting", $"What is to be copied cannot be read: {error.Message}", "Look at the disk of Cloud.DataDirectory, and run edgetrace-cloud doctor.");
            }
            SetState(state);
            if (state.IsFine)
            {
                var rest = page is null || (IsElsewhere && page.To.Log == pages.Log.Head && page.Visits.Count < ReadingsPages.PageMax);
                (delay, page) = (RetryFirst, null);
                if (rest) await RestAsync(stoppingToken);
                continue;
            }
            // A store that refuses is given whatever has come meanwhile: one wrong line alone in a page looks like a store that takes nothing.
            if (state.Name == "refused") page = null;
            await Task.Delay(Wait(state, delay), time, stoppingToken);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, RetryMax.Ticks));
        }
    }

    // Full jitter of the upper half, so that several clouds do not return in step; our own files are looked at every second.
    static TimeSpan Wait(StoreState state, TimeSpan delay)
    {
        if (state.Name == "waiting") return RetryFirst;
        var own = delay * (0.5 + Random.Shared.NextDouble() / 2);
        return state.RetryAfter is { } asked && asked > own ? (asked < RetryAfterMax ? asked : RetryAfterMax) : own;
    }

    async Task RestAsync(CancellationToken token)
    {
        if (IsElsewhere)
        {
            await Task.Delay(LookEvery, time, token);
            return;
        }
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token);
        await Task.WhenAny(pages.Log.WaitBeyondAsync(store.Cursor.Log, either.Token), Task.Delay(LookEvery, time, either.Token));
        await either.CancelAsync();
        token.ThrowIfCancellationRequested();
    }

    void SetState(StoreState state)
    {
        var before = Now;
        var changed = state.Name != before.State.Name;
        Volatile.Write(ref _told, new(state, state.IsFine ? null : changed ? time.GetUtcNow() : before.Since));
        if (!changed) return;
        if (state.IsFine) LogGoesOn(Name);
        else LogStuck(Name, state.Name, state.Reason, state.Remedy);
    }

    [LoggerMessage(4111, LogLevel.Warning, "{Store} is {State}. {Reason}. What it lacks waits in the batch log; alarms and acknowledgements go on. {Remedy}")]
    partial void LogStuck(string store, string state, string reason, string remedy);

    [LoggerMessage(4112, LogLevel.Information, "{Store} takes writes again")]
    partial void LogGoesOn(string store);
}
