using EdgeTrace.Api;
using EdgeTrace.Cloud.Faults;
using EdgeTrace.Cloud.Recalls;

namespace EdgeTrace.Cloud.Api;

/// <summary>Once a second says which points, places and faults changed; every listener gets the same words, computed once.</summary>
sealed partial class PulseClock(NowQuery now, FaultQuery faults, RecallBoard recalls, TimeProvider time, ILogger<PulseClock> logger) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    readonly Dictionary<string, string> _told = [];
    volatile Numbered _latest = new(0, new(DateTimeOffset.MinValue, [], []));
    TaskCompletionSource _beat = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool _failing;

    public sealed record Numbered(long Number, Pulse Pulse);

    public Numbered Latest => _latest;
    public DateTimeOffset Now => time.GetUtcNow();

    public async Task WaitBeyondAsync(long number, CancellationToken token)
    {
        while (true)
        {
            var beat = Volatile.Read(ref _beat);
            if (Latest.Number > number) return;
            await beat.Task.WaitAsync(token);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do Beat();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    void Beat()
    {
        var pulse = new Pulse(Now, [], []);
        try
        {
            pulse = new(Now, Changed(now.Points(), p => "point " + p.Id), Changed(now.Places(), p => "place " + p.Id), Changed([faults.Faults()], _ => "faults").FirstOrDefault(), Changed([recalls.Uncontained()], _ => "recalls").FirstOrDefault());
            _failing = false;
        }
        catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or IOException)
        {
            // The beat itself must go on, or every page believes the connection lost; the ledger's own state says what is wrong.
            if (!_failing) LogNoPulse(error.Message);
            _failing = true;
        }
        _latest = new(_latest.Number + 1, pulse);
        Interlocked.Exchange(ref _beat, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    List<T> Changed<T>(IEnumerable<T> all, Func<T, string> name)
    {
        var changed = new List<T>();
        foreach (var one in all)
        {
            var text = ApiJson.Write(one);
            if (_told.GetValueOrDefault(name(one)) == text) continue;
            _told[name(one)] = text;
            changed.Add(one);
        }
        return changed;
    }

    [LoggerMessage(5001, LogLevel.Warning, "The ledger cannot be read, so pulses are empty: {Reason}")]
    partial void LogNoPulse(string reason);
}
