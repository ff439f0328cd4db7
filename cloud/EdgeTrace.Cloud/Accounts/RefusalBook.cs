using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>
/// Writes down what somebody was refused: every act, and every look at what is not for everybody who sees the site. The first refusal is a row before it is
/// answered; what the same person is refused at the same address within the minute after it is one more row, with its count, so that a script fills no audit.
/// </summary>
sealed partial class RefusalBook(AuditBook audit, TimeProvider time, ILogger<RefusalBook> logger) : BackgroundService
{
    public static readonly TimeSpan Together = TimeSpan.FromMinutes(1);

    const int SubjectLettersMax = 200;

    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>As many as there are accounts and addresses: who is nobody is not counted here.</summary>
    readonly Dictionary<(string Person, string Address), Refused> _open = [];

    sealed class Refused(Person who, long sinceUs)
    {
        public Person Who { get; } = who;
        public long SinceUs { get; } = sinceUs;
        public int Again { get; set; }
    }

    /// <summary>Returns once the first is durable; a repeat is only counted.</summary>
    public async Task RefusedAsync(HttpContext context, Person person, Permission permission)
    {
        var isLook = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        // What a screen on a wall may show is no secret; that somebody asked for it by mistake is worth no row.
        if (isLook && RoleTable.Display.Contains(permission)) return;
        // By its pattern: whoever tries one number after the other asks at one address.
        var address = $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? context.Request.Path.Value}";
        lock (_open)
        {
            if (_open.TryGetValue((person.Id, address), out var open))
            {
                open.Again++;
                return;
            }
            _open[(person.Id, address)] = new(person, time.NowUs());
        }
        try
        {
            await audit.WriteAsync(audit.Entry(person, "refused", Subject($"{context.Request.Method} {context.Request.Path.Value}"), $"needs {permission}"));
        }
        catch (Exception error) when (error is SqliteException or IOException)
        {
            // The refusal stands; it is written with those that follow it.
            lock (_open)
                if (_open.TryGetValue((person.Id, address), out var open)) open.Again++;
            LogWaits(error.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await CloseAsync(time.NowUs() - Together.Ticks / TimeSpan.TicksPerMicrosecond);
        }
        catch (OperationCanceledException)
        {
            // What was counted until the end is written before it.
            await CloseAsync(long.MaxValue);
        }
    }

    /// <summary>Writes the repeats of what began at a time or before it.</summary>
    internal async Task CloseAsync(long beganUs)
    {
        var over = new Queue<((string Person, string Address) Key, Refused Of)>();
        lock (_open)
            foreach (var (key, of) in _open.Where(open => open.Value.SinceUs <= beganUs).ToList())
            {
                _open.Remove(key);
                if (of.Again > 0) over.Enqueue((key, of));
            }
        while (over.TryPeek(out var next))
        {
            try
            {
                await audit.WriteAsync(audit.Entry(next.Of.Who, "refused", Subject(next.Key.Address), string.Create(CultureInfo.InvariantCulture, $"{next.Of.Again} more times within a minute")));
                over.Dequeue();
            }
            catch (Exception error) when (error is SqliteException or IOException)
            {
                LogWaits(error.Message);
                lock (_open)
                    foreach (var (key, of) in over)
                        if (!_open.TryAdd(key, of)) _open[key].Again += of.Again;
                return;
            }
        }
    }

    /// <summary>An address may hold anything: what is written beside the audit's words is legible.</summary>
    static string Subject(string address) => string.Concat(address.Take(SubjectLettersMax).Select(c => char.IsControl(c) ? '·' : c));

    [LoggerMessage(4331, LogLevel.Warning, "What was refused is not in the audit yet: {Why}")]
    partial void LogWaits(string why);
}
