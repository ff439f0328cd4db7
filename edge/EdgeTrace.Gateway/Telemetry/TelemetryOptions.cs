using System.Net;
using System.Net.Sockets;

namespace EdgeTrace.Gateway.Telemetry;

/// <summary>What the gateway shows of itself to machines; nothing unless it is asked for.</summary>
sealed class TelemetryOptions
{
    /// <summary>Where Prometheus may scrape <c>/metrics</c>, as 127.0.0.1:9464; empty: nowhere. Loopback only, since anybody who reaches it may read.</summary>
    public string Prometheus { get; set; } = "";

    /// <summary>An OTLP receiver (HTTP) for traces and metrics, as http://127.0.0.1:4318; empty: none.</summary>
    public string Otlp { get; set; } = "";

    public IEnumerable<string> Mistakes(string path)
    {
        if (Prometheus.Length > 0 && !(IPEndPoint.TryParse(Prometheus, out var where) && where.AddressFamily == AddressFamily.InterNetwork && IPAddress.IsLoopback(where.Address) && where.Port > 0))
            yield return $"{path}.Prometheus is '{Prometheus}': write it as 127.0.0.1:9464. Only loopback: let a Prometheus agent on this box, or a tunnel, carry it further.";
        if (Otlp.Length > 0 && !(Uri.TryCreate(Otlp, UriKind.Absolute, out var receiver) && receiver.Scheme is "http" or "https"))
            yield return $"{path}.Otlp is '{Otlp}': write it as http://127.0.0.1:4318, the address of an OTLP receiver over HTTP.";
    }
}
