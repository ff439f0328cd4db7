using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Faults;
using EdgeTrace.Cloud.Telemetry;

namespace EdgeTrace.Cloud.Doctor;

/// <param name="key">What the cloud left for its own machine; null: none has run here.</param>
/// <summary>The running cloud, asked over its own address, and the broker's port.</summary>
sealed class ProcessCheck(CloudOptions cloud, string? key, string brokerHost, int brokerPort)
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken stop) => [await BrokerAsync(stop), .. await StatusAsync(stop)];

    async Task<Finding> BrokerAsync(CancellationToken stop)
    {
        var where = $"{brokerHost}:{brokerPort}";
        using var client = new TcpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(AnswerMax);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await client.ConnectAsync(brokerHost, brokerPort, patience.Token);
            return new("broker", Verdict.Fine, string.Create(CultureInfo.InvariantCulture, $"{where} answers in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.0} ms."));
        }
        catch (Exception silent) when (silent is SocketException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return new("broker", Verdict.Alarm, $"Nothing answers at {where}: no gateway can deliver.", cloud.Has(Role.Broker) ? "The broker is the cloud's own: start the cloud." : "Start the broker (systemctl start mosquitto) or correct ExternalBroker.");
        }
    }

    async Task<IReadOnlyList<Finding>> StatusAsync(CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new(cloud.Url), Timeout = AnswerMax };
        if (key is not null) http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        try
        {
            var started = Stopwatch.GetTimestamp();
            var status = await http.GetFromJsonAsync<StatusView>("/api/v1/status", Api.ApiJson.Options, stop);
            var took = Stopwatch.GetElapsedTime(started);
            using var health = await http.GetAsync("/readyz", stop);
            if (status is null) return [new("cloud", Verdict.Unknown, $"{cloud.Url} answers, but not as this version does.")];
            var readiness = await health.Content.ReadFromJsonAsync<Readiness>(Api.ApiJson.Options, stop);
            List<Finding> findings = [health.IsSuccessStatusCode || readiness is null
                ? new("cloud", Verdict.Fine, string.Create(CultureInfo.InvariantCulture, $"Version {status.Version} runs since {status.StartedAt:yyyy-MM-dd HH:mm}Z and answers in {took.TotalMilliseconds:0} ms."))
                : new("cloud", Verdict.Alarm, string.Join(" ", readiness.Causes.Select(cause => $"{cause.Name}: {cause.Reason}")), string.Join(" ", readiness.Causes.Select(cause => cause.Remedy)))];
            findings.AddRange(status.Projections.Select(Projection));
            return findings;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            return [new("cloud", Verdict.Alarm, $"It does not answer at {cloud.Url}: nobody acknowledges batches, and there is no page. Gateways keep what they read.", "systemctl start edgetrace-cloud; journalctl -u edgetrace-cloud says why it stopped.")];
        }
    }

    static Finding Projection(ProjectionView projection)
    {
        var label = $"projection {projection.Name}";
        var figures = string.Create(CultureInfo.InvariantCulture, $"At position {projection.Position:N0}, {projection.Lag:N0} behind.");
        var (kind, state) = FaultWords.OfProjection(projection);
        if (state == FaultWords.Fine) return new(label, Verdict.Fine, figures);
        var word = FaultWords.Of(kind, state);
        var since = projection.Since is { } at ? string.Create(CultureInfo.InvariantCulture, $" since {at:yyyy-MM-dd HH:mm}Z") : "";
        return new(label, word.Verdict(), $"It {word.What}{since}{(projection.Reason.Length > 0 ? $": {projection.Reason.TrimEnd('.')}." : ".")} {figures}", projection.Remedy.Length > 0 ? projection.Remedy : word.Do);
    }
}
