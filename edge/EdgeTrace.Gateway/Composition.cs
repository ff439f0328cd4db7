using EdgeTrace.Contract;
using EdgeTrace.Gateway.Devices;
using EdgeTrace.Gateway.Devices.Llrp;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;
using EdgeTrace.Gateway.Telemetry;
using EdgeTrace.Gateway.Uplink;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeTrace.Gateway;

/// <summary>How the rooms are joined, in the order of the data read backwards: outbox, uplink, health, telemetry, devices.</summary>
static class Composition
{
    public static IServiceCollection AddOutbox(this IServiceCollection services, GatewayConfiguration configuration) => services
        .AddSingleton(configuration.Outbox)
        .AddSingleton(provider =>
        {
            var outbox = DurableOutbox.Open(
                configuration.OutboxFolder, configuration.Gateway.Id, configuration.Outbox,
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<DurableOutbox>>());
            outbox.ConfigurationHash = configuration.Hash;
            outbox.TellRestart();
            return outbox;
        })
        .AddSingleton<Sealer>().AddHostedService(provider => provider.GetRequiredService<Sealer>());

    public static IServiceCollection AddUplink(this IServiceCollection services, GatewayConfiguration configuration) => services
        .AddSingleton(configuration.Broker)
        .AddSingleton(new GatewayTopics(configuration.Gateway.Trust, configuration.Gateway.Site, configuration.Gateway.Id))
        .AddSingleton<BrokerLink>().AddSingleton<BirthWriter>()
        .AddHostedService<MqttUplink>();

    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<HealthBoard>().AddSingleton<Beacons>().AddHostedService<HealthPump>();

    public static IServiceCollection AddTelemetry(this IServiceCollection services) => services.AddHostedService<TelemetryService>();

    public static IServiceCollection AddDevices(this IServiceCollection services) => services.AddHostedService<DeviceLoops>();
}
