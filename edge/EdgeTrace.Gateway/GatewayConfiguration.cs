using System.IO.Hashing;
using EdgeTrace.Gateway.Devices.Barcode;
using EdgeTrace.Gateway.Devices.Llrp;
using EdgeTrace.Gateway.Devices.Policy;
using EdgeTrace.Gateway.Devices.Temperature;
using EdgeTrace.Gateway.Outbox;
using EdgeTrace.Gateway.Telemetry;
using EdgeTrace.Gateway.Uplink;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace EdgeTrace.Gateway;

/// <summary>The configuration has mistakes; each is one message naming item and cure.</summary>
sealed class ConfigurationException(IReadOnlyList<string> mistakes) : Exception(string.Join(Environment.NewLine, mistakes))
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}

/// <summary>Everything the gateway's file says, read once and checked whole before a socket is opened.</summary>
sealed class GatewayConfiguration
{
    public GatewayOptions Gateway { get; set; } = new();
    public BrokerOptions Broker { get; set; } = new();
    public OutboxOptions Outbox { get; set; } = new();
    public TelemetryOptions Telemetry { get; set; } = new();
    public SensorsOptions Sensors { get; set; } = new();
    public IReadOnlyList<LlrpOptions> Llrp { get; set; } = [];
    public IReadOnlyList<BarcodeOptions> Barcode { get; set; } = [];
    public IReadOnlyList<TemperatureOptions> Temperature { get; set; } = [];
    public IReadOnlyList<EpcRuleOptions> EpcPolicy { get; set; } = [];

    public string OutboxFolder => Path.Combine(Gateway.DataDirectory, "outbox");

    /// <summary>Tells one configuration from another in births and batch headers.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Reads a file; settings can be overridden from the environment (EDGETRACE__BROKER__HOST …). Relative paths are relative to the file.</summary>
    /// <exception cref="ConfigurationException">With all mistakes at once.</exception>
    public static GatewayConfiguration Load(string file)
    {
        if (!File.Exists(file)) throw new ConfigurationException([$"{file} is not there. Give the gateway's file with --config."]);
        GatewayConfiguration read;
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            var settings = new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file)).AddEnvironmentVariables("EDGETRACE__").Build();
            ResolvePaths(settings, folder, "Gateway:DataDirectory", "Broker:PasswordFile", "Broker:CaFile", "Sensors:Root");
            foreach (var scanner in settings.GetSection("Barcode").GetChildren()) ResolvePaths(settings, folder, $"{scanner.Path}:Port");
            read = settings.Get<GatewayConfiguration>() ?? new();
            read.Hash = XxHash3.HashToUInt64(File.ReadAllBytes(file));
        }
        catch (Exception malformed) when (malformed is InvalidDataException or FormatException or InvalidOperationException)
        {
            throw new ConfigurationException([$"{file}: {malformed.Message} {malformed.GetBaseException().Message}"]);
        }
        var mistakes = read.Mistakes().ToList();
        return mistakes.Count == 0 ? read : throw new ConfigurationException(mistakes);
    }

    IEnumerable<string> Mistakes()
    {
        IEnumerable<string> all =
        [
            .. Gateway.Mistakes("Gateway"), .. Broker.Mistakes("Broker"), .. OutboxMistakes(), .. Telemetry.Mistakes("Telemetry"),
            .. Each(Llrp, "Llrp", (reader, path) => reader.Mistakes(path)),
            .. Each(Barcode, "Barcode", (scanner, path) => scanner.Mistakes(path)),
            .. Each(Temperature, "Temperature", (probe, path) => probe.Mistakes(path)),
            .. Each(EpcPolicy, "EpcPolicy", (rule, path) => rule.Mistakes(path)),
            .. Twice("Llrp", "Name", Llrp.Select(reader => reader.Name)),
            .. Twice("Llrp", "Portals", Llrp.SelectMany(reader => reader.Portals).Select(portal => portal.Name)),
            .. Twice("Barcode", "Name", Barcode.Select(scanner => scanner.Name)),
            .. Twice("Temperature", "Point", Temperature.Select(probe => probe.Point)),
        ];
        foreach (var mistake in all) yield return mistake;
        if (Llrp.Count + Barcode.Count + Temperature.Count == 0) yield return "No device is configured: add at least one under Llrp, Barcode or Temperature.";
    }

    IEnumerable<string> OutboxMistakes() => new OutboxOptionsValidator().Validate(null, Outbox).Failures ?? [];

    static IEnumerable<string> Each<T>(IReadOnlyList<T> items, string path, Func<T, string, IEnumerable<string>> mistakes) =>
        items.SelectMany((item, i) => mistakes(item, $"{path}[{i}]"));

    static IEnumerable<string> Twice(string list, string setting, IEnumerable<string> names) =>
        names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => $"{list}: {group.Count()} entries have the {setting} '{group.Key}'; each needs its own.");

    static void ResolvePaths(IConfigurationRoot settings, string folder, params string[] keys)
    {
        foreach (var key in keys)
            if (settings[key] is { Length: > 0 } path && !Path.IsPathRooted(path)) settings[key] = Path.Combine(folder, path);
    }
}

/// <summary>Written by the compiler from the attributes of <see cref="OutboxOptions"/>.</summary>
[OptionsValidator]
sealed partial class OutboxOptionsValidator : IValidateOptions<OutboxOptions>;
