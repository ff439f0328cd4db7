using EdgeTrace.Gateway;

namespace EdgeTrace.Tests.Devices;

public sealed class GatewayConfigurationTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    const string Right =
        """
        {
          "Gateway": { "Trust": "demo-trust", "Site": "st-elsewhere", "Id": "gw-1", "DataDirectory": "data" },
          "Broker": { "Host": "127.0.0.1", "Port": 1883, "PasswordFile": "gw-1.secret" },
          "Outbox": { "SealReadsAfter": "00:00:02" },
          "Llrp": [ { "Name": "store-3", "Host": "10.0.0.1", "Portals": [ { "Name": "store-3-door", "Antennas": [1, 2] } ] } ],
          "Barcode": [ { "Name": "desk", "Port": "dev/desk" } ],
          "Temperature": [ { "Point": "fridge-1", "Source": "OneWire", "Device": "28-1", "Interval": "00:00:05", "Class": "fridge-2-8" } ],
          "EpcPolicy": [ { "Name": "badges", "Prefix": "341", "Do": "Drop" } ]
        }
        """;

    [Fact]
    public void A_right_file_is_read_whole_and_its_paths_are_relative_to_it()
    {
        var read = Load(Right);
        Assert.Equal(Path.Combine(_folder, "data"), read.Gateway.DataDirectory);
        Assert.Equal(Path.Combine(_folder, "dev/desk"), read.Barcode[0].Port);
        Assert.Equal(TimeSpan.FromSeconds(2), read.Outbox.SealReadsAfter);
        Assert.Equal([1, 2], read.Llrp[0].Portals[0].Antennas.Select(antenna => (int)antenna));
        Assert.Equal(5084, read.Llrp[0].Port);
        Assert.Equal((TimeSpan.FromSeconds(5), "fridge-2-8"), (read.Temperature[0].Interval, read.Temperature[0].Class));
        Assert.NotEqual(0ul, read.Hash);
    }

    [Fact]
    public void Five_mistakes_are_five_messages_each_naming_item_and_cure()
    {
        var wrong = Assert.Throws<ConfigurationException>(() => Load(Right
            .Replace("\"Id\": \"gw-1\"", "\"Id\": \"Gateway 1\"", StringComparison.Ordinal)
            .Replace("\"Port\": 1883", "\"Port\": 70000", StringComparison.Ordinal)
            .Replace("[1, 2]", "[1, 0]", StringComparison.Ordinal)
            .Replace("fridge-2-8", "fridge-3-9", StringComparison.Ordinal)
            .Replace("\"341\"", "\"34G\"", StringComparison.Ordinal)));
        Assert.Collection(wrong.Mistakes.Order(StringComparer.Ordinal),
            mistake => Assert.Contains("Broker.Port: 70000 is not a TCP port; MQTT's are 1883", mistake, StringComparison.Ordinal),
            mistake => Assert.Contains("EpcPolicy[0].Prefix: '34G' is not 1 to 124 hex digits", mistake, StringComparison.Ordinal),
            mistake => Assert.Contains("Gateway.Id: 'Gateway 1' cannot be part of a topic; use 1 to 40 of a-z, 0-9 and -", mistake, StringComparison.Ordinal),
            mistake => Assert.Contains("Llrp[0].Portals[0].Antennas: ports count from 1", mistake, StringComparison.Ordinal),
            mistake => Assert.Contains("Temperature[0].Class: 'fridge-3-9' is no storage class; one of fridge-2-8", mistake, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.0.0.0:9464")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:9464")]
    public void Metrics_are_shown_on_loopback_or_nowhere(string where) => Assert.Contains(
        $"Telemetry.Prometheus is '{where}': write it as 127.0.0.1:9464",
        Assert.Single(Assert.Throws<ConfigurationException>(() => Load(Right.Replace("\"Outbox\"", $"\"Telemetry\": {{ \"Prometheus\": \"{where}\" }}, \"Outbox\"", StringComparison.Ordinal))).Mistakes),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("{", "gateway.json")]
    [InlineData("{}", "No device is configured")]
    [InlineData("""{ "Broker": { "Port": "many" } }""", "Port")]
    public void A_file_that_is_none_says_why(string text, string expected)
    {
        var wrong = Assert.Throws<ConfigurationException>(() => Load(text));
        Assert.Contains(wrong.Mistakes, mistake => mistake.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("nowhere.json is not there", Assert.Throws<ConfigurationException>(() => GatewayConfiguration.Load("nowhere.json")).Message, StringComparison.Ordinal);

    GatewayConfiguration Load(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "gw-1.secret"), "secret");
        File.WriteAllText(Path.Combine(_folder, "gateway.json"), text);
        return GatewayConfiguration.Load(Path.Combine(_folder, "gateway.json"));
    }
}
