using System.Globalization;
using EdgeTrace.Gateway.Outbox;
using Microsoft.Extensions.Hosting;

namespace EdgeTrace.Gateway.Health;

/// <summary>Carries changes of state to the health stream, and the states of the clock and the outbox to the board.</summary>
sealed class HealthPump(HealthBoard board, Sealer sealer, SteadyClock clock, IHostApplicationLifetime life) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var stream = sealer.Health();
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            do
            {
                ReportClock();
                ReportOutbox();
                foreach (var change in board.TakeChanges()) stream.Add(change);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            foreach (var change in board.TakeChanges()) stream.Add(change);
        }
    }

    void ReportClock()
    {
        var (step, quality) = clock.Compare(KernelClock.Quality());
        sealer.SetTimeQuality(quality);
        if (step == default) board.Fine("gateway", "clock");
        else
            board.Report("gateway", "clock", DeviceCondition.ClockStepped,
                string.Create(CultureInfo.InvariantCulture, $"The box's clock was set {TimeSpan.FromSeconds(Math.Round(step.Duration().TotalSeconds)):g} (h:mm:ss) {(step > TimeSpan.Zero ? "forward" : "back")} while the gateway ran. Readings keep the old time; if the new one stands for {SteadyClock.Patience.TotalSeconds:0} s, the gateway starts anew to follow it."),
                "Check which is right, and the time server this box asks.");
        if (clock.MustFollow) life.StopApplication();
    }

    void ReportOutbox()
    {
        var outbox = sealer.Outbox;
        switch (outbox.State)
        {
            case OutboxState.Fine:
                board.Fine("outbox", "outbox");
                break;
            case OutboxState.Full:
                board.Report("outbox", "outbox", DeviceCondition.DiskFull, "The disk is full: readings wait in memory and are lost when that is full too.", "Free space on the gateway's disk.");
                break;
            case OutboxState.OverBudget:
                board.Report("outbox", "outbox", DeviceCondition.OverBudget, outbox.StateReason, "Restore the link to the cloud, or raise Outbox.DiskBudgetBytes.");
                break;
            default:
                board.Report("outbox", "outbox", DeviceCondition.DiskRefused, $"The disk refuses: {outbox.StateReason}", "Replace the card or disk; what was sealed before is still sent.");
                break;
        }
    }
}
