using System.Net;
using System.Net.Sockets;
using EdgeTrace.Gateway;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Telemetry;
using EdgeTrace.Tests.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTrace.Tests.Telemetry;

/// <summary>Being watched is never a reason not to read.</summary>
public sealed class TelemetryServiceTests
{
    [Fact]
    public async Task A_taken_port_is_a_sentence_in_the_log_and_the_gateway_goes_on()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var said = await StartAsync(taken.LocalEndpoint.ToString()!, _ => Task.CompletedTask);
        Assert.Contains("Metrics are not shown", said, StringComparison.Ordinal);
        Assert.Contains("Readings are not affected", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_free_port_shows_what_the_gateway_counts()
    {
        var where = $"127.0.0.1:{FreePort()}";
        var said = await StartAsync(where, async http => Assert.Contains("edgetrace_outbox_budget_bytes", await http.GetStringAsync($"http://{where}/metrics"), StringComparison.Ordinal));
        Assert.Contains($"Metrics are shown at http://{where}/metrics", said, StringComparison.Ordinal);
    }

    static async Task<string> StartAsync(string where, Func<HttpClient, Task> meanwhile)
    {
        using var fixture = new OutboxFixture().Open();
        await using var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(fixture.Time).AddSingleton(fixture.Sealer).AddSingleton(fixture.Options)
            .AddSingleton(new HealthBoard(fixture.Time, NullLogger<HealthBoard>.Instance)).BuildServiceProvider();
        var log = new Lines();
        using var telemetry = new TelemetryService(new GatewayConfiguration { Telemetry = { Prometheus = where } }, services, log);
        await telemetry.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        await meanwhile(http);
        return log.Single();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    sealed class Lines : List<string>, ILogger<TelemetryService>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Add(formatter(state, exception));
    }
}
