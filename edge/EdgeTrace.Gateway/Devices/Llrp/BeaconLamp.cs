using System.Globalization;
using System.Threading.Channels;
using EdgeTrace.Contract;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Session;

namespace EdgeTrace.Gateway.Devices.Llrp;

/// <summary>
/// The lamps of one portal on the outputs of its reader. What is wanted is kept here, by decision; while the reader is connected it is shown, and
/// what ends while it is not is not lit afterwards.
/// </summary>
sealed class BeaconLamp(string portal, BeaconOptions ports, HealthBoard health, TimeProvider time)
{
    /// <summary>A lamp that burns all night is nobody's alarm, whatever was ordered.</summary>
    static readonly TimeSpan LitMax = TimeSpan.FromMinutes(5);

    /// <summary>What ends within it is looked at again after it; no timer is finer.</summary>
    static readonly TimeSpan TickMin = TimeSpan.FromMilliseconds(1);

    /// <summary>A trolley full of things without tickets.</summary>
    const int OrdersMax = 64;

    readonly Lock _lock = new();
    readonly Dictionary<string, (BeaconColour Colour, long Since, TimeSpan For)> _orders = [];
    readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    bool _driven;

    public void Take(Beacon order)
    {
        bool driven;
        lock (_lock)
        {
            _orders.Remove(order.Decision);
            if (order.Colour is BeaconColour.Amber or BeaconColour.Red && _orders.Count < OrdersMax)
                _orders[order.Decision] = (order.Colour, time.GetTimestamp(), TimeSpan.FromSeconds(Math.Min(order.Seconds, LitMax.TotalSeconds)));
            driven = _driven;
        }
        _changed.Writer.TryWrite(true);
        if (!driven && order.Colour is not BeaconColour.Off)
            health.Report("beacon", portal, DeviceCondition.Unreachable, "The lamp could not be lit: its reader is not connected.", "Look at the reader; it says what is in the way.");
    }

    /// <summary>Shows what is wanted on a reader that reads, until the connection ends.</summary>
    public async Task DriveAsync(LlrpConnection connection, CancellationToken stop)
    {
        BeaconColour? shown = null;   // nobody knows how the last program left it
        try
        {
            while (true)
            {
                var (wanted, until) = Wanted();
                if (wanted != shown) await ShowAsync(connection, shown = wanted, stop);
                lock (_lock) _driven = true;
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
                await Task.WhenAny(_changed.Reader.ReadAsync(either.Token).AsTask(), Task.Delay(until, time, either.Token));
                await either.CancelAsync();
                stop.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            lock (_lock) _driven = false;
        }
    }

    async Task ShowAsync(LlrpConnection connection, BeaconColour? colour, CancellationToken stop)
    {
        try
        {
            await connection.RequestAsync(new SetReaderConfig { Parameters = [.. ports.Ports.Select(port => new GpoWriteData(port, IsOn(port, colour)))] }, stop);
            health.Report("beacon", portal, DeviceCondition.Fine, colour is BeaconColour.Off ? "" : string.Create(CultureInfo.InvariantCulture, $"Lit {(colour is BeaconColour.Red ? "red" : "amber")} since {time.GetUtcNow():HH:mm:ss} UTC."), "");
        }
        catch (LlrpStatusException refused)
        {
            health.Report("beacon", portal, DeviceCondition.Refused, $"The reader does not switch its output: {refused.Message}", "Compare Beacon.AmberPort and Beacon.RedPort with the outputs this reader has.");
        }
    }

    bool IsOn(ushort port, BeaconColour? colour) => colour switch
    {
        // Where there is one lamp for both, it burns for either.
        BeaconColour.Red => port == (ports.RedPort ?? ports.AmberPort),
        BeaconColour.Amber => port == (ports.AmberPort ?? ports.RedPort),
        _ => false,
    };

    /// <summary>The worst colour that anything still holds, and when that may change by itself.</summary>
    (BeaconColour Colour, TimeSpan Until) Wanted()
    {
        lock (_lock)
        {
            foreach (var decision in _orders.Where(order => time.GetElapsedTime(order.Value.Since) >= order.Value.For).Select(order => order.Key).ToList()) _orders.Remove(decision);
            if (_orders.Count == 0) return (BeaconColour.Off, Timeout.InfiniteTimeSpan);
            var until = _orders.Values.Min(order => order.For - time.GetElapsedTime(order.Since));
            return (_orders.Values.Max(order => order.Colour), until > TickMin ? until : TickMin);
        }
    }
}
