using System.Net;
using System.Net.Sockets;
using EdgeTrace.Gateway;
using EdgeTrace.Gateway.Doctor;
using EdgeTrace.Tests.Ingest;

namespace EdgeTrace.Tests.Doctor;

/// <summary>Different troubles on one box are different sentences, and each says what to do.</summary>
public sealed class GatewayDoctorTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-doctor-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_trouble_of_a_bad_night_has_a_sentence_of_its_own_and_a_cure()
    {
        using var listening = new TcpListener(IPAddress.Loopback, 0);
        listening.Start();
        var fine = ((IPEndPoint)listening.LocalEndpoint).Port;
        var seen = await ExamineAsync($$"""
            {
              "Gateway": { "Trust": "demo-trust", "Site": "st-elsewhere", "Id": "gw-1", "DataDirectory": "data" },
              "Broker": { "Host": "127.0.0.1", "Port": {{FreePort()}}, "PasswordFile": "gw-1.secret" },
              "Llrp": [
                { "Name": "works", "Host": "127.0.0.1", "Port": {{fine}}, "Portals": [ { "Name": "door-1", "Antennas": [1] } ] },
                { "Name": "closed", "Host": "127.0.0.1", "Port": {{FreePort()}}, "Portals": [ { "Name": "door-2", "Antennas": [1] } ] },
                { "Name": "misspelt", "Host": "reader.invalid", "Portals": [ { "Name": "door-3", "Antennas": [1] } ] } ],
              "Barcode": [ { "Name": "desk", "Port": "dev/desk" } ],
              "Temperature": [ { "Point": "fridge-1", "Source": "OneWire", "Device": "28-1", "Interval": "00:00:05", "Class": "fridge-2-8" } ]
            }
            """);
        Assert.Equal(Verdict.Alarm, seen.Worst);
        Says(seen, "reader works", Verdict.Fine, "answers in");
        Says(seen, "reader closed", Verdict.Alarm, "nothing listens on port");
        Says(seen, "reader misspelt", Verdict.Alarm, "The name reader.invalid is not known");
        Says(seen, "scanner desk", Verdict.Alarm, "is not there: it is unplugged");
        Says(seen, "probe fridge-1", Verdict.Alarm, "It is gone");
        Says(seen, "gateway", Verdict.Warning, "does not run");
        Says(seen, "link", Verdict.Alarm, "");
        Says(seen, "outbox", Verdict.Note, "never run");
        var wrong = seen.Findings.Where(finding => finding.Verdict >= Verdict.Warning).ToList();
        Assert.All(wrong, finding => Assert.NotEmpty(finding.Do));
        Assert.Distinct(wrong.Select(finding => finding.Says));
    }

    [Fact]
    public async Task The_link_is_tried_with_the_gateways_own_password_and_its_rights_are_tested()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder.FullName);
        var seen = await ExamineAsync(Linked(cloud.Port));
        Says(seen, "link", Verdict.Fine, "lets this gateway in");
        Says(seen, "rights", Verdict.Fine, "refuses what this gateway may not say");
        // Asking is no attack: nobody is woken for it.
        await cloud.WriteSecurityEventsAsync();
        Assert.Empty(cloud.Log.Reader.SecurityEvents(10));

        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "gw-1.secret"), "not the secret", TestContext.Current.CancellationToken);
        var refused = await ExamineAsync(Linked(cloud.Port));
        Assert.Contains("PasswordFile", Says(refused, "link", Verdict.Alarm, "").Do, StringComparison.Ordinal);
        Assert.DoesNotContain(refused.Findings, finding => finding.Says.Contains("not the secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_is_known_to_be_a_processes_own_or_not()
    {
        using var listening = new TcpListener(IPAddress.Loopback, 0);
        listening.Start();
        var there = (IPEndPoint)listening.LocalEndpoint;
        Assert.False(ProcessLinks.IsLinked(Environment.ProcessId, there));
        using var client = new TcpClient();
        await client.ConnectAsync(there, TestContext.Current.CancellationToken);
        Assert.True(ProcessLinks.IsLinked(Environment.ProcessId, there));
        Assert.Null(ProcessLinks.IsLinked(int.MaxValue, there));
    }

    [Fact]
    public async Task What_it_says_can_be_read_by_a_program()
    {
        var seen = await ExamineAsync(Linked(FreePort()));
        var text = new StringWriter();
        GatewayDoctor.Print(seen, asJson: true, text);
        var json = System.Text.Json.JsonDocument.Parse(text.ToString()).RootElement;
        Assert.Equal("gw-1", json.GetProperty("gateway").GetString());
        Assert.Equal(seen.Findings.Select(finding => finding.Name), json.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("name").GetString()));
    }

    static string Linked(int port) => $$"""
        {
          "Gateway": { "Trust": "demo-trust", "Site": "st-elsewhere", "Id": "gw-1", "DataDirectory": "data" },
          "Broker": { "Host": "127.0.0.1", "Port": {{port}}, "PasswordFile": "gw-1.secret" },
          "Barcode": [ { "Name": "desk", "Port": "dev/desk" } ]
        }
        """;

    static Finding Says(Examination seen, string name, Verdict verdict, string part)
    {
        var finding = Assert.Single(seen.Findings, finding => finding.Name == name);
        Assert.True(verdict == finding.Verdict, $"{name} is {finding.Verdict}: {finding.Says}");
        Assert.Contains(part, finding.Says, StringComparison.Ordinal);
        return finding;
    }

    async Task<Examination> ExamineAsync(string configuration)
    {
        var secret = Path.Combine(_folder.FullName, "gw-1.secret");
        if (!File.Exists(secret)) await File.WriteAllTextAsync(secret, "secret of gw-1", TestContext.Current.CancellationToken);
        var file = Path.Combine(_folder.FullName, "gateway.json");
        await File.WriteAllTextAsync(file, configuration, TestContext.Current.CancellationToken);
        return await new GatewayDoctor(GatewayConfiguration.Load(file), TimeProvider.System).ExamineAsync(TestContext.Current.CancellationToken);
    }

    static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
