using EdgeTrace.Contract;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;

namespace EdgeTrace.Gateway.Uplink;

/// <summary>What the gateway says of itself: birth, state, heartbeat.</summary>
sealed class BirthWriter(GatewayConfiguration configuration, Sealer sealer, HealthBoard health, TimeProvider time)
{
    /// <summary>Beats between two that say how the box is: ten seconds, soon enough for a disk that fills in hours.</summary>
    const ulong CountersEvery = 10;

    static readonly string Version = typeof(BirthWriter).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public Birth Birth(uint connection)
    {
        var birth = new Birth
        {
            Gateway = configuration.Gateway.Id, Boot = sealer.Outbox.Boot, Version = Version, ConfigurationHash = sealer.Outbox.ConfigurationHash,
            TimeQuality = KernelClock.Quality(), SentUs = NowUs, Connection = connection,
        };
        birth.Portals.AddRange(configuration.Llrp.SelectMany(reader => reader.Portals).Select(portal => portal.Name));
        birth.Wiring.AddRange(configuration.Llrp.SelectMany(reader => reader.Portals.Select(portal => new Wiring { Reader = reader.Name, Portal = portal.Name, Antennas = { portal.Antennas.Select(antenna => (uint)antenna) } })));
        birth.Points.AddRange(configuration.Temperature.Select(probe => probe.Point));
        birth.Scanners.AddRange(configuration.Barcode.Select(scanner => scanner.Name));
        birth.States.AddRange(health.All());
        birth.Streams.AddRange(sealer.Outbox.Positions());
        return birth;
    }

    public GatewayState State(bool online, uint connection, string reason) =>
        new() { Online = online, Boot = sealer.Outbox.Boot, Connection = connection, SentUs = NowUs, Reason = reason };

    public Heartbeat Heartbeat(ulong ordinal)
    {
        var beat = new Heartbeat { Boot = sealer.Outbox.Boot, Ordinal = ordinal, SentUs = NowUs };
        beat.Streams.AddRange(sealer.Outbox.Throughs());
        if (ordinal % CountersEvery != 1) return beat;
        beat.Counters = sealer.Counters();
        (beat.TimeQuality, beat.TimeErrorUs) = KernelClock.Look();
        return beat;
    }

    long NowUs => time.GetUtcNow().ToUnixTimeMicroseconds();
}
