using System.Reflection;
using EdgeTrace.Cloud.Ingest;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EdgeTrace.Cloud.Telemetry;

/// <summary>Shows the process's own figures to machines: Prometheus at <c>/metrics</c>, traces and metrics to an OTLP receiver where one is named.</summary>
static class TelemetryServices
{
    /// <summary>Streams and devices of five hundred gateways; OpenTelemetry folds what is beyond into one series.</summary>
    const int StreamsMax = 20_000;

    /// <summary>Five hundred gateways, four times over; a page's addresses.</summary>
    const int GatewaysMax = 2_000;

    /// <summary>OpenTelemetry makes room for as many series as an instrument may have when it is made: 90 bytes each, whether or not they ever come.</summary>
    const int OthersMax = 200;

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TelemetryOptions>().Bind(configuration.GetSection("Telemetry")).ValidateOnStart();
        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        services.AddSingleton<CloudMeter>().AddHostedService(provider => provider.GetRequiredService<CloudMeter>());
        var options = TelemetryOptions.Of(configuration);
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService(
                "edgetrace-cloud", "edgetrace", Assembly.GetExecutingAssembly().GetName().Version?.ToString(3), autoGenerateServiceInstanceId: false, Environment.MachineName))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(IngestMeter.Name).AddMeter("System.Runtime").AddMeter("Microsoft.AspNetCore.Hosting").SetExemplarFilter(ExemplarFilterType.AlwaysOff);
                metrics.AddView(instrument => new MetricStreamConfiguration { CardinalityLimit = SeriesMax(instrument.Name) });
                metrics.AddPrometheusExporter(exporter => exporter.ScopeInfoEnabled = false);
                if (options.IsUri) metrics.AddOtlpExporter(exporter => Toward(exporter, options.Otlp, "/v1/metrics"));
            });
        if (options.IsUri)
            telemetry.WithTracing(traces => traces.AddSource(CloudTrace.Name).AddOtlpExporter(exporter => Toward(exporter, options.Otlp, "/v1/traces")));
        return services;
    }

    static int SeriesMax(string instrument) =>
        instrument.StartsWith("edgetrace_stream_", StringComparison.Ordinal) || instrument is "edgetrace_equipment_fine" ? StreamsMax
        // Requests come by address, method and answer.
        : instrument.StartsWith("edgetrace_gateway_", StringComparison.Ordinal) || instrument.StartsWith("http.", StringComparison.Ordinal) ? GatewaysMax : OthersMax;

    static void Toward(OtlpExporterOptions exporter, string receiver, string path) =>
        (exporter.Protocol, exporter.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new(receiver.TrimEnd('/') + path));
}
