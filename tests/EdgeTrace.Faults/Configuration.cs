using System.Text.Json.Nodes;

namespace EdgeTrace.Faults;

/// <summary>The three files of a chain with one gateway and a door a reader.</summary>
static class Configuration
{
    public static JsonObject Gateway(int brokerPort, IReadOnlyList<int> readerPorts) => new()
    {
        ["Gateway"] = new JsonObject { ["Trust"] = "fault-trust", ["Site"] = "st-elsewhere", ["Id"] = "gw-1", ["DataDirectory"] = "gateway-data" },
        ["Broker"] = new JsonObject
        {
            ["Host"] = "127.0.0.1", ["Port"] = brokerPort, ["PasswordFile"] = "gw-1.secret", ["ResendAfter"] = "00:00:05", ["RetryDelayMax"] = "00:00:05",
        },
        ["Llrp"] = new JsonArray([.. readerPorts.Select((port, i) => (JsonNode)new JsonObject
        {
            ["Name"] = $"load-{i + 1}-reader", ["Host"] = "127.0.0.1", ["Port"] = port,
            ["Portals"] = new JsonArray(new JsonObject { ["Name"] = $"load-{i + 1}", ["Antennas"] = new JsonArray(1, 2) }),
        })]),
    };

    public static JsonObject Cloud(int brokerPort, int httpPort, bool embedded)
    {
        var cloud = new JsonObject
        {
            ["Cloud"] = new JsonObject { ["DataDirectory"] = "cloud-data", ["Roles"] = embedded ? new JsonArray("Broker", "Ingest", "Api") : new JsonArray("Ingest", "Api"), ["Url"] = $"http://127.0.0.1:{httpPort}" },
            ["Site"] = new JsonObject { ["ModelFile"] = "site.json" },
        };
        if (embedded)
            cloud["Broker"] = new JsonObject
            {
                ["Port"] = brokerPort,
                ["Gateways"] = new JsonArray(new JsonObject { ["Id"] = "gw-1", ["Trust"] = "fault-trust", ["Site"] = "st-elsewhere", ["PasswordFile"] = "gw-1.secret" }),
            };
        else cloud["ExternalBroker"] = new JsonObject { ["Host"] = "127.0.0.1", ["Port"] = brokerPort, ["UserName"] = "cloud", ["PasswordFile"] = "cloud.secret" };
        return cloud;
    }

    public static string Site(int doors)
    {
        var portals = string.Join(",", Enumerable.Range(1, doors).Select(n => $$"""
            {"id":"load-{{n}}","name":"Load {{n}}","kind":"door","gateway":"gw-1","inside":"store","outside":"corridor","gap":"00:00:02",
             "antennas":[{"antenna":1,"side":"outside"},{"antenna":2,"side":"inside"}]}
            """));
        return $$"""
            {"trust":{"id":"fault-trust","name":"Faults"},"site":{"id":"st-elsewhere","name":"St Elsewhere","timeZone":"Europe/London"},
             "locations":[{"id":"store","name":"Store","kind":"store"},{"id":"corridor","name":"Corridor","kind":"corridor"}],"portals":[{{portals}}],"points":[]}
            """;
    }
}
