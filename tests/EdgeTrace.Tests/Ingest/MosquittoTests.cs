using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MQTTnet;

namespace EdgeTrace.Tests.Ingest;

/// <summary>The same ingest over a real Mosquitto.</summary>
public sealed class MosquittoTests : IDisposable
{
    const string Mosquitto = "/usr/sbin/mosquitto";

    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-mosquitto-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Batches_over_mosquitto_are_logged_once_acknowledged_and_a_broker_restart_is_survived()
    {
        Assert.True(File.Exists(Mosquitto), $"{Mosquitto} is not installed: tests/run installs it (apt-get install mosquitto).");
        var port = FreePort();
        var broker = await StartBrokerAsync(port);
        try
        {
            await using var cloud = await CloudUnderTest.StartAsync(_folder, port);
            await Patience.Until(() => cloud.External.State.Name == "connected", "connected");
            await using (var gateway = await WireGateway.ConnectAsync(port))
            {
                for (var sequence = 1ul; sequence <= 200; sequence++) Assert.Equal(MqttClientPublishReasonCode.Success, await gateway.SendAsync("scans/desk", sequence));
                await gateway.SendAsync("scans/desk", 7);
                await Patience.Until(() => gateway.Upto("scans/desk") == 200, "ack of 200");
                await gateway.BirthAsync(new() { Gateway = "gw-1", Boot = "b1", Connection = 1 });
                await Patience.Until(() => gateway.Acks.Any(ack => ack.AnswersBoot == "b1"), "the birth is answered");
            }
            Assert.Equal(200, cloud.Log.Head);

            broker.Kill();
            await broker.WaitForExitAsync();
            await Patience.Until(() => cloud.External.State.Name == "disconnected", "the loss is named");
            Assert.NotEmpty(cloud.External.State.Reason);
            broker.Dispose();
            broker = await StartBrokerAsync(port);
            await Patience.Until(() => cloud.External.State.Name == "connected", "connected again");
            await using var returned = await WireGateway.ConnectAsync(port);
            await returned.SendAsync("scans/desk", 201);
            await Patience.Until(() => returned.Upto("scans/desk") == 201, "ack of 201");
            Assert.True(cloud.Meter.Counts.Balance, cloud.Meter.Counts.ToString());
        }
        finally
        {
            if (!broker.HasExited) broker.Kill();
            await broker.WaitForExitAsync();
            broker.Dispose();
        }
    }

    async Task<Process> StartBrokerAsync(int port)
    {
        var configuration = Path.Combine(_folder, "mosquitto.conf");
        await File.WriteAllTextAsync(configuration, $"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nuser root\n");
        var process = Process.Start(new ProcessStartInfo(Mosquitto, ["-c", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await Patience.Until(() => !process.HasExited && Accepts(port), "mosquitto listens");
        return process;
    }

    static bool Accepts(int port)
    {
        try
        {
            using var probe = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
