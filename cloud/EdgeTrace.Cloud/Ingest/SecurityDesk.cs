using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Ingest;

/// <summary>
/// Where security events are reported from any thread, never waiting: repetitions are counted and written once a second, so
/// that an attacker fills neither the log file nor the disk.
/// </summary>
sealed partial class SecurityDesk(BatchLog log, IngestMeter meter, TimeProvider time, ILogger<SecurityDesk> logger) : BackgroundService
{
    /// <summary>Different (kind, gateway, subject) within one second; more are counted by the meter only.</summary>
    const int DifferentMax = 256;

    /// <summary>A topic has at most 65,535 bytes, and a stranger chooses it.</summary>
    const int SubjectLettersMax = 300;

    static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(1);

    readonly Lock _lock = new();
    Dictionary<(string, string, string), SecurityEvent> _happened = [];

    public void Report(string kind, string gateway, string subject, string detail)
    {
        meter.SecurityEvents.Add(1, new KeyValuePair<string, object?>("kind", kind));
        var now = time.GetUtcNow().ToUnixTimeMicroseconds();
        if (subject.Length > SubjectLettersMax) subject = subject[..SubjectLettersMax];
        if (gateway.Length > SubjectLettersMax) gateway = gateway[..SubjectLettersMax];
        lock (_lock)
        {
            if (_happened.TryGetValue((kind, gateway, subject), out var before))
            {
                _happened[(kind, gateway, subject)] = before with { LastUs = now, Count = before.Count + 1, Detail = detail };
                return;
            }
            if (_happened.Count == DifferentMax) return;
            _happened.Add((kind, gateway, subject), new(kind, gateway, subject, detail, now, now));
        }
        LogHappened(kind, gateway, subject, detail);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WriteEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // While the log cannot be written they wait here, still bounded.
            if (log.State.IsFine) await WriteAsync(stoppingToken);
        }
    }

    /// <summary>Writes what was reported so far.</summary>
    internal async Task WriteAsync(CancellationToken cancellation)
    {
        Dictionary<(string, string, string), SecurityEvent> happened;
        lock (_lock) (happened, _happened) = (_happened, []);
        foreach (var one in happened.Values) await log.RecordAsync(one, cancellation);
    }

    [LoggerMessage(3101, LogLevel.Warning, "Security: {Kind} by '{Gateway}' at {Subject}: {Detail}")]
    partial void LogHappened(string kind, string gateway, string subject, string detail);
}
