using System.Net;
using EdgeTrace.Gateway.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EdgeTrace.Gateway.Telemetry;

/// <summary>Shows metrics and traces to who was named in the configuration. Whatever goes wrong here, readings go on.</summary>
sealed partial class TelemetryService(GatewayConfiguration configuration, IServiceProvider services, ILogger<TelemetryService> logger) : IHostedService, IDisposable
{
    /// <summary>Room is made for as many series as an instrument may have, 90 bytes each: the default of 2,000 takes 7 MiB of a small box for what has ten or twenty.</summary>
    const int SeriesMax = 200;

    GatewayMeter? _meter;
    MeterProvider? _metrics;
    TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var options = configuration.Telemetry;
        if (options.Prometheus.Length == 0 && options.Otlp.Length == 0) return Task.CompletedTask;
        if (options.Otlp.Length > 0) _traces = BuildTraces(options.Otlp);
        try
        {
            _meter = ActivatorUtilities.CreateInstance<GatewayMeter>(services);
            _metrics = BuildMetrics(options);
            OutboxMeter.ShowNone();
            LogShown(options.Prometheus.Length > 0 ? $"http://{options.Prometheus}/metrics" : "nowhere", options.Otlp.Length > 0 ? options.Otlp : "nowhere");
        }
        // The listener's own exceptions are of many types; none of them is a reason not to read tags.
        catch (Exception refused)
        {
            LogNotShown(options.Prometheus, refused.GetBaseException().Message.TrimEnd('.'));
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
        _meter?.Dispose();
    }

    MeterProvider BuildMetrics(TelemetryOptions options)
    {
        var builder = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource()).AddMeter(OutboxMeter.Name).AddMeter("System.Runtime")
            .AddView(_ => new MetricStreamConfiguration { CardinalityLimit = SeriesMax });
        if (options.Prometheus.Length > 0)
        {
            var where = IPEndPoint.Parse(options.Prometheus);
            builder.AddPrometheusHttpListener(listener => (listener.Host, listener.Port, listener.ScopeInfoEnabled) = (where.Address.ToString(), where.Port, false));
        }
        if (options.Otlp.Length > 0) builder.AddOtlpExporter(exporter => Toward(exporter, options.Otlp, "/v1/metrics"));
        return builder.Build();
    }

    TracerProvider BuildTraces(string otlp) => Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource()).AddSource(GatewayTrace.Name)
        .AddOtlpExporter(exporter => Toward(exporter, otlp, "/v1/traces")).Build();

    ResourceBuilder Resource() => ResourceBuilder.CreateEmpty().AddService(
        "edgetrace-gateway", "edgetrace", typeof(TelemetryService).Assembly.GetName().Version?.ToString(3), autoGenerateServiceInstanceId: false, configuration.Gateway.Id);

    static void Toward(OtlpExporterOptions exporter, string receiver, string path) =>
        (exporter.Protocol, exporter.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new(receiver.TrimEnd('/') + path));

    [LoggerMessage(2201, LogLevel.Information, "Metrics are shown at {Prometheus}, traces and metrics are sent to {Otlp}")]
    partial void LogShown(string prometheus, string otlp);

    [LoggerMessage(2202, LogLevel.Warning, "Metrics are not shown ({Prometheus}): {Why}. Readings are not affected; free the port or correct Telemetry.Prometheus, then start again.")]
    partial void LogNotShown(string prometheus, string why);
}
