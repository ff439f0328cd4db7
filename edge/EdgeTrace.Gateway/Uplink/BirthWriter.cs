using EdgeTrace.Contract;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;

namespace EdgeTrace.Gateway.Uplink;

/// <summary>What the gateway says of itself: birth, state, heartbeat.</summary>
sealed class BirthWriter(GatewayConfiguration configuration, DurableOutbox outbox, HealthBoard health, TimeProvider time)
{
    static readonly string Version = typeof(BirthWriter).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public Birth Birth(uint connection)
    {
        var birth = new Birth
        {
            Gateway = configuration.Gateway.Id, Boot = outbox.Boot, Version = Version, ConfigurationHash = outbox.ConfigurationHash,
            TimeQuality = KernelClock.Quality(), SentUs = NowUs, Connection = connection,
        };
        birth.Portals.AddRange(configuration.Llrp.SelectMany(reader => reader.Portals).Select(portal => portal.Name));
        birth.Wiring.AddRange(configuration.Llrp.SelectMany(reader => reader.Portals.Select(portal => new Wiring { Reader = reader.Name, Portal = portal.Name, Antennas = { portal.Antennas.Select(antenna => (uint)antenna) } })));
        birth.Points.AddRange(configuration.Temperature.Select(probe => probe.Point));
        birth.Scanners.AddRange(configuration.Barcode.Select(scanner => scanner.Name));
        birth.States.AddRange(health.All());
        birth.Streams.AddRange(outbox.Positions());
        return birth;
    }

    public GatewayState State(bool online, uint connection, string reason) =>
        new() { Online = online, Boot = outbox.Boot, Connection = connection, SentUs = NowUs, Reason = reason };

    public Heartbeat Heartbeat(ulong ordinal)
    {
        var beat = new Heartbeat { Boot = outbox.Boot, Ordinal = ordinal, SentUs = NowUs };
        beat.Streams.AddRange(outbox.Throughs());
        return beat;
    }

    long NowUs => time.GetUtcNow().ToUnixTimeMicroseconds();
}
