using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Telemetry;

/// <summary>Section <c>Telemetry</c>. Metrics are always at <c>/metrics</c> of Cloud.Url; they cost nothing until they are scraped.</summary>
sealed class TelemetryOptions
{
    /// <summary>An OTLP receiver (HTTP) for traces and metrics, as http://127.0.0.1:4318; empty: none.</summary>
    public string Otlp { get; init; } = "";

    public static TelemetryOptions Of(IConfiguration configuration) => configuration.GetSection("Telemetry").Get<TelemetryOptions>() ?? new();

    public bool IsUri => Uri.TryCreate(Otlp, UriKind.Absolute, out var receiver) && receiver.Scheme is "http" or "https";
}

sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options) => options.Otlp.Length == 0 || options.IsUri
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Telemetry.Otlp is '{options.Otlp}': write it as http://127.0.0.1:4318, the address of an OTLP receiver over HTTP.");
}
