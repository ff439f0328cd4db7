using System.Text.Json.Nodes;
using EdgeTrace.Contract;

namespace EdgeTrace.Simulators.Load;

/// <summary>What a load is: so many gateways with so many doors each, and what a batch of theirs looks like.</summary>
sealed record LoadPlan
{
    /// <summary>A full portal: four antennas of one reader report about so many reads a second.</summary>
    const double ReadsPerSecondOfAPortal = 1000;

    /// <summary>A backlog is what an outbox sends after a day without its link.</summary>
    static readonly TimeSpan BacklogAge = TimeSpan.FromHours(24);

    public string Trust { get; init; } = "load-trust";
    public string Site { get; init; } = "load-site";
    public string Id { get; init; } = "load";
    public int Gateways { get; init; } = 2;
    public int Portals { get; init; } = 4;
    public int Batch { get; init; } = 1000;

    /// <summary>Tags in a portal's field at a time; one in twenty is replaced with each batch.</summary>
    public int Tags { get; init; } = 100;

    /// <summary>Phase and channel with each read, as an Impinj reports them.</summary>
    public bool Phase { get; init; }

    /// <summary>Reads a second of all portals together, as they are read; null = a backlog, as fast as the cloud acknowledges.</summary>
    public double? Rate { get; init; }

    public int Streams => Gateways * Portals;

    /// <summary>Event time between two reads of one portal, µs.</summary>
    public long SpacingUs => (long)(Rate is { } all ? Streams / all * 1e6 : 1e6 / ReadsPerSecondOfAPortal);

    public long StartUs(TimeProvider time) => Clock.Microseconds(time) - (Rate is null ? (long)BacklogAge.TotalMicroseconds : 0);

    public GatewayTopics Topics(int gateway) => new(Trust, Site, $"{Id}-{gateway}");

    public string Portal(int gateway, int portal) => $"{Id}-{gateway}-{portal}";

    /// <summary>The site model in which these portals are doors: antenna 1 outside, antenna 2 inside.</summary>
    public JsonObject SiteModel() => new()
    {
        ["trust"] = new JsonObject { ["id"] = Trust, ["name"] = "Load" },
        ["site"] = new JsonObject { ["id"] = Site, ["name"] = "Load", ["timeZone"] = "Europe/London" },
        ["locations"] = new JsonArray(
            new JsonObject { ["id"] = "store", ["name"] = "Store", ["kind"] = "store" },
            new JsonObject { ["id"] = "corridor", ["name"] = "Corridor", ["kind"] = "corridor" }),
        ["portals"] = new JsonArray([.. from gateway in Enumerable.Range(1, Gateways) from portal in Enumerable.Range(1, Portals) select (JsonNode)Door(gateway, portal)]),
        ["points"] = new JsonArray(),
    };

    JsonObject Door(int gateway, int portal) => new JsonObject
    {
        ["id"] = Portal(gateway, portal), ["name"] = $"Door {gateway}.{portal}", ["kind"] = "door", ["gateway"] = Topics(gateway).Gateway,
        ["inside"] = "store", ["outside"] = "corridor", ["gap"] = "00:00:02",
        ["antennas"] = new JsonArray(new JsonObject { ["antenna"] = 1, ["side"] = "outside" }, new JsonObject { ["antenna"] = 2, ["side"] = "inside" }),
    };
}
