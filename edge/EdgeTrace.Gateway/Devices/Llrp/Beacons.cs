using EdgeTrace.Contract;
using EdgeTrace.Gateway.Health;
using Microsoft.Extensions.Logging;

namespace EdgeTrace.Gateway.Devices.Llrp;

/// <summary>The lamps at doors: takes what the cloud orders, each order once, and hands it to the lamp, which the loop of its reader drives.</summary>
sealed partial class Beacons
{
    /// <summary>Orders remembered against a second delivery; they expire within seconds, and this is more than an hour of a busy exit.</summary>
    const int RememberedMax = 256;

    readonly Lock _lock = new();
    readonly HashSet<string> _known = [];
    readonly Queue<string> _oldest = new();
    readonly HashSet<string> _portals;
    readonly Dictionary<string, BeaconLamp> _lamps;
    readonly HealthBoard _health;
    readonly ILogger<Beacons> _logger;

    public Beacons(GatewayConfiguration configuration, HealthBoard health, TimeProvider time, ILogger<Beacons> logger)
    {
        (_health, _logger) = (health, logger);
        var portals = configuration.Llrp.SelectMany(reader => reader.Portals).ToList();
        _portals = [.. portals.Select(portal => portal.Name)];
        _lamps = portals.Where(portal => portal.Beacon is not null).ToDictionary(portal => portal.Name, portal => new BeaconLamp(portal.Name, portal.Beacon!, health, time));
    }

    /// <summary>The lamps that hang on a reader.</summary>
    public IReadOnlyList<BeaconLamp> Of(LlrpOptions reader) => [.. reader.Portals.Select(portal => _lamps.GetValueOrDefault(portal.Name)).OfType<BeaconLamp>()];

    public void Take(string id, Beacon order)
    {
        if (!IsNew(id)) return;
        if (_lamps.GetValueOrDefault(order.Portal) is { } lamp)
        {
            LogOrder(order.Portal, order.Colour, order.Seconds, order.Decision);
            lamp.Take(order);
        }
        else if (!_portals.Contains(order.Portal)) LogElsewhere(order.Portal);
        else if (order.Colour is not BeaconColour.Off)
            _health.Report("beacon", order.Portal, DeviceCondition.NotConfigured, $"The cloud wanted a lamp lit at {order.Portal}, and none is configured.", "Set Beacon.AmberPort and Beacon.RedPort of the portal in the gateway's configuration, or watch this door from the page alone.");
    }

    bool IsNew(string id)
    {
        lock (_lock)
        {
            if (!_known.Add(id)) return false;
            _oldest.Enqueue(id);
            if (_oldest.Count > RememberedMax) _known.Remove(_oldest.Dequeue());
            return true;
        }
    }

    [LoggerMessage(1111, LogLevel.Information, "The beacon of {Portal} is to be {Colour} for {Seconds} s because of {Decision}")]
    partial void LogOrder(string portal, BeaconColour colour, uint seconds, string decision);

    [LoggerMessage(1112, LogLevel.Warning, "The cloud wants a lamp at {Portal}, which is no portal of this gateway")]
    partial void LogElsewhere(string portal);
}
