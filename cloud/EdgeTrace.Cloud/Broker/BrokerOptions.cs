using EdgeTrace.Contract;
using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Broker;

/// <summary>The embedded broker, section <c>Broker</c>: who may sign in.</summary>
sealed class BrokerOptions
{
    /// <summary>1883 is MQTT's own (IANA); 0 takes any free one.</summary>
    public int Port { get; init; } = 1883;

    public IList<GatewayAccount> Gateways { get; init; } = [];
}

/// <summary>A gateway that may sign in: its id is client id, user name and topic word.</summary>
sealed class GatewayAccount
{
    public string Id { get; init; } = "";
    public string Trust { get; init; } = "";
    public string Site { get; init; } = "";

    /// <summary>A file with the password on its first line; relative to the configuration file.</summary>
    public string PasswordFile { get; init; } = "";
}

/// <summary>A broker elsewhere, section <c>ExternalBroker</c>: used when the roles have Ingest but not Broker.</summary>
sealed class ExternalBrokerOptions
{
    public string Host { get; init; } = "";
    public int Port { get; init; } = 1883;
    public string UserName { get; init; } = "";
    public string PasswordFile { get; init; } = "";
}

sealed class BrokerOptionsValidator(ConfigurationFile file, IConfiguration configuration) : IValidateOptions<BrokerOptions>
{
    public ValidateOptionsResult Validate(string? name, BrokerOptions options) => Mistakes.Result(Find(options));

    IEnumerable<string> Find(BrokerOptions options)
    {
        if (!CloudOptions.Of(configuration).Has(Role.Broker)) yield break;
        if (options.Port is < 0 or > 65535) yield return $"Broker.Port is {options.Port}: choose 1 to 65535 (1883 is usual), or 0 for any free port.";
        if (options.Gateways.Count == 0) yield return "Broker.Gateways is empty: name each gateway that may sign in, with Id, Trust, Site and PasswordFile.";
        foreach (var (i, gateway) in options.Gateways.Index())
        {
            var item = $"Broker.Gateways[{i}]";
            foreach (var (member, word) in new[] { ("Id", gateway.Id), ("Trust", gateway.Trust), ("Site", gateway.Site) })
                if (!GatewayTopics.IsWord(word)) yield return $"{item}.{member} is '{word}': use 1 to 40 of a-z, 0-9 and '-'.";
            if (Mistakes.InSecretFile($"{item}.PasswordFile", gateway.PasswordFile, file) is { } mistake) yield return mistake;
        }
        foreach (var twice in options.Gateways.GroupBy(gateway => gateway.Id).Where(group => group.Count() > 1))
            yield return $"Broker.Gateways has '{twice.Key}' {twice.Count()} times: every gateway needs its own Id.";
    }
}

sealed class ExternalBrokerOptionsValidator(ConfigurationFile file, IConfiguration configuration) : IValidateOptions<ExternalBrokerOptions>
{
    public ValidateOptionsResult Validate(string? name, ExternalBrokerOptions options) => Mistakes.Result(Find(options));

    IEnumerable<string> Find(ExternalBrokerOptions options)
    {
        if (CloudOptions.Of(configuration).Has(Role.Broker) || !CloudOptions.Of(configuration).Has(Role.Ingest)) yield break;
        if (options.Host.Length == 0) yield return "ExternalBroker.Host is missing: name the MQTT 5 broker, or add \"Broker\" to Cloud.Roles to use the embedded one.";
        if (options.Port is < 1 or > 65535) yield return $"ExternalBroker.Port is {options.Port}: choose 1 to 65535 (1883 is usual).";
        if (options.PasswordFile is { Length: > 0 } && Mistakes.InSecretFile("ExternalBroker.PasswordFile", options.PasswordFile, file) is { } mistake) yield return mistake;
        if (options.PasswordFile is { Length: > 0 } && options.UserName.Length == 0) yield return "ExternalBroker.UserName is missing: a password needs the name it belongs to.";
    }
}
