using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud;

/// <summary>What this process does; one process may do all.</summary>
enum Role
{
    /// <summary>The embedded MQTT broker; without it <c>ExternalBroker</c> is used.</summary>
    Broker,

    /// <summary>Batches to the log, acknowledgements back.</summary>
    Ingest,

    /// <summary>Projections, pages and the interfaces for other systems.</summary>
    Api,
}

/// <summary>Section <c>Cloud</c>.</summary>
sealed class CloudOptions
{
    /// <summary>Where log.db, ledger.db and readings.db are; relative to the configuration file.</summary>
    public string DataDirectory { get; init; } = "cloud-data";

    /// <summary>Words of <see cref="Role"/>; none named = all.</summary>
    public IList<string> Roles { get; init; } = [];

    /// <summary>Loopback only: passwords must not cross a network in the clear, and a proxy before it speaks TLS (deploy/README.md).</summary>
    public string Url { get; init; } = "http://127.0.0.1:8080";

    /// <summary>As written, right or wrong: for what must be known before, or beside, validation.</summary>
    public static CloudOptions Of(IConfiguration configuration) => configuration.GetSection("Cloud").Get<CloudOptions>() ?? new();

    public bool Has(Role role) => Roles.Count == 0 || Roles.Contains(role.ToString(), StringComparer.OrdinalIgnoreCase);
}

/// <summary>The configuration file, for what is written relative to it.</summary>
sealed record ConfigurationFile(string Path)
{
    public string Folder { get; } = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    public string Resolve(string path) => System.IO.Path.GetFullPath(path, Folder);
}

sealed class CloudOptionsValidator(ConfigurationFile file) : IValidateOptions<CloudOptions>
{
    public ValidateOptionsResult Validate(string? name, CloudOptions options) => Mistakes.Result(Find(options));

    IEnumerable<string> Find(CloudOptions options)
    {
        if (options.DataDirectory.Length == 0) yield return "Cloud.DataDirectory is empty: name the folder for log.db, ledger.db and readings.db.";
        else if (File.Exists(file.Resolve(options.DataDirectory))) yield return $"Cloud.DataDirectory is '{options.DataDirectory}', which is a file: name a folder.";
        foreach (var role in options.Roles)
            if (!Enum.GetNames<Role>().Contains(role, StringComparer.OrdinalIgnoreCase)) yield return $"Cloud.Roles has '{role}': the roles are {string.Join(", ", Enum.GetNames<Role>())}.";
        if (options.Has(Role.Broker) && !options.Has(Role.Ingest)) yield return "Cloud.Roles has Broker without Ingest: the embedded broker hands batches to the ingest of its own process; add \"Ingest\".";
        if (options.Has(Role.Api) && !options.Has(Role.Ingest)) yield return "Cloud.Roles has Api without Ingest: pages are made from the batch log of their own process, and one process owns a log; add \"Ingest\".";
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp) yield return $"Cloud.Url is '{options.Url}': write it as http://127.0.0.1:8080.";
        else if (!url.IsLoopback) yield return $"Cloud.Url is '{options.Url}': only 127.0.0.1 or localhost, for passwords must not cross a network in the clear; put a proxy with TLS before it, as deploy/README.md shows.";
    }
}

/// <summary>Mistakes in a configuration: all are found before anything is opened, each names the item and the cure.</summary>
static class Mistakes
{
    public static ValidateOptionsResult Result(IEnumerable<string> mistakes)
    {
        var found = mistakes.ToList();
        return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    /// <summary>Null when the file can be read and has something on its first line.</summary>
    public static string? InSecretFile(string item, string path, ConfigurationFile configuration)
    {
        if (path.Length == 0) return $"{item} is missing: name a file with the password on its first line.";
        try
        {
            return Secret.Read(configuration.Resolve(path)).Length > 0 ? null : $"{item} is '{path}', whose first line is empty: put the password there.";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{item} is '{path}', which cannot be read ({error.Message}): put the password in a file this account can read.";
        }
    }
}

/// <summary>A password kept in a file, so that it is in no configuration, command line or log.</summary>
static class Secret
{
    public static string Read(string path) => File.ReadLines(path).FirstOrDefault("").Trim();
}
