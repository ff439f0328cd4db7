using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeTrace.Contract;
using EdgeTrace.Gateway.Devices.Llrp;
using EdgeTrace.Gateway.Devices.Temperature;

namespace EdgeTrace.Gateway.Doctor;

/// <summary>Each configured device, touched as lightly as tells something: a reader serves one client, so its port is tried and nothing is said.</summary>
sealed class DeviceCheck(GatewayConfiguration configuration)
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(3);

    /// <param name="gateway">The process of the running gateway; null when none runs.</param>
    public async Task<IReadOnlyList<Finding>> LookAsync(int? gateway, CancellationToken stop)
    {
        List<Finding> findings = [.. await Task.WhenAll(configuration.Llrp.Select(reader => ReaderAsync(reader, gateway, stop)))];
        findings.AddRange(configuration.Barcode.Select(scanner => Scanner(scanner.Name, scanner.Port)));
        findings.AddRange(configuration.Temperature.Select(probe => Probe(probe.Point, new KernelThermometer(probe, configuration.Sensors.Root).Read())));
        return findings;
    }

    static async Task<Finding> ReaderAsync(LlrpOptions reader, int? gateway, CancellationToken stop)
    {
        var (label, host, port) = ($"reader {reader.Name}", reader.Host, reader.Port);
        using var client = new TcpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(AnswerMax);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await client.ConnectAsync(host, port, patience.Token);
            var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            return gateway is { } process && ProcessLinks.IsLinked(process, (IPEndPoint)client.Client.RemoteEndPoint!) == false
                ? new(label, Verdict.Alarm, $"{host}:{port} answers, but this gateway is not connected to it: another program holds it, or it has just come back.", "Stop the other program, or restart the reader; it serves one.")
                : new(label, Verdict.Fine, string.Create(CultureInfo.InvariantCulture, $"{host}:{port} answers in {took:0} ms{(gateway is null ? "" : "; the gateway holds it")}.{(reader.Tid ? " It is asked for TIDs; if it has none, its state on the page is no-tid." : "")}"));
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return new(label, Verdict.Alarm, $"{host} is there, but nothing listens on port {port}.", "Enable LLRP on the reader, or correct the port in the configuration.");
        }
        catch (SocketException unknown) when (unknown.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain)
        {
            return new(label, Verdict.Alarm, $"The name {host} is not known.", "Correct Host, or use the reader's address.");
        }
        catch (Exception silent) when (silent is SocketException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return new(label, Verdict.Alarm, $"Nothing answers at {host}:{port} within {AnswerMax.TotalSeconds:0} s.", "Check its power, its network cable and the address.");
        }
    }

    static Finding Scanner(string name, string port)
    {
        var label = $"scanner {name}";
        if (!File.Exists(port)) return new(label, Verdict.Alarm, $"{port} is not there: it is unplugged, or named otherwise.", "Plug the scanner in; it is picked up by itself. ls /dev/serial/by-id shows what is there.");
        try
        {
            using var opened = new FileStream(port, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return new(label, Verdict.Fine, $"{port} is there and may be opened.");
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return new(label, Verdict.Alarm, $"{port} may not be opened: {refused.Message}", "Add the gateway's user to the group dialout, or close the other program.");
        }
    }

    static Finding Probe(string point, Measurement measured)
    {
        var label = $"probe {point}";
        return measured.Fault switch
        {
            ProbeFault.None => new(label, Verdict.Fine, string.Create(CultureInfo.InvariantCulture, $"{measured.MilliCelsius / 1000.0:0.0} °C.")),
            ProbeFault.Vanished => new(label, Verdict.Alarm, "It is gone: unplugged, or its driver is not loaded.", "Check the connector at the probe and at the gateway; then the kernel's overlay for its bus."),
            ProbeFault.Checksum => new(label, Verdict.Warning, "Its answer arrives damaged (checksum).", "Check cable length, pull-up and shield."),
            ProbeFault.PowerOnValue => new(label, Verdict.Warning, "It says 85 °C, its value before the first measurement: its power is cut now and then.", "Check the connector and the supply of the probe."),
            ProbeFault.OutOfRange => new(label, Verdict.Warning, $"It says {measured.Raw}, which it cannot measure.", "Check the connector; replace the probe if it stays."),
            _ => new(label, Verdict.Warning, $"Its driver refuses: {measured.Raw}", "Check the cable; replace the probe if it stays."),
        };
    }
}
