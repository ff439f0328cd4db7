using System.Net.Http.Headers;
using System.Text;
using EdgeTrace.Contract;
using EdgeTrace.Store.Readings.Lines;
using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Projections;

/// <summary>Section <c>ReadingsStores</c>, a list: time-series stores elsewhere that readings are copied into.</summary>
sealed class ReadingsStoresOptions
{
    public const string Section = "ReadingsStores";

    public IList<ReadingsStoreOptions> Stores { get; } = [];
}

/// <summary>One store elsewhere.</summary>
sealed class ReadingsStoreOptions
{
    /// <summary>Its word in status and logs, and what its cursor is kept by: under a new name it is written from the log's beginning. Default: the kind's.</summary>
    public string Name { get; init; } = "";

    /// <summary>A word of <see cref="LineKind"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Without /write, as http://127.0.0.1:8086.</summary>
    public string Url { get; init; } = "";

    /// <summary>InfluxDB 1.x: it is written at /write.</summary>
    public string Database { get; init; } = "";

    /// <summary>InfluxDB 2.x and 3.x, with <see cref="Organisation"/>: it is written at /api/v2/write.</summary>
    public string Bucket { get; init; } = "";

    public string Organisation { get; init; } = "";

    /// <summary>A file with the token on its first line; relative to the configuration file.</summary>
    public string TokenFile { get; init; } = "";

    public string UserName { get; init; } = "";

    /// <summary>A file with the password on its first line; relative to the configuration file.</summary>
    public string PasswordFile { get; init; } = "";

    /// <summary>Every single read too, about 30 times the rest at a busy door; InfluxDB only.</summary>
    public bool RawReads { get; init; }

    public string NameOrKind => Name.Length > 0 ? Name : Kind.ToLowerInvariant();

    public LineTarget Target(ConfigurationFile file)
    {
        var kind = Enum.Parse<LineKind>(Kind, ignoreCase: true);
        return new(NameOrKind, kind, new(Url), Database, Bucket, Organisation, RawReads, Credentials);

        AuthenticationHeaderValue? Credentials() =>
            TokenFile.Length > 0 ? new(kind == LineKind.InfluxDb ? "Token" : "Bearer", Secret.Read(file.Resolve(TokenFile)))
            : UserName.Length > 0 ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{Secret.Read(file.Resolve(PasswordFile))}")))
            : null;
    }
}

sealed class ReadingsStoresOptionsValidator(ConfigurationFile file, IConfiguration configuration) : IValidateOptions<ReadingsStoresOptions>
{
    public ValidateOptionsResult Validate(string? name, ReadingsStoresOptions options) => Mistakes.Result(Find(options));

    IEnumerable<string> Find(ReadingsStoresOptions options)
    {
        var section = configuration.GetSection(ReadingsStoresOptions.Section);
        if (section.Value is { Length: > 0 } || section.GetChildren().Any(child => !int.TryParse(child.Key, out _)))
        {
            yield return "ReadingsStores is not a list: write it as [ { \"Kind\": \"InfluxDb\", \"Url\": \"http://127.0.0.1:8086\", \"Database\": \"edgetrace\" } ].";
            yield break;
        }
        if (options.Stores.Count > 0 && !CloudOptions.Of(configuration).Has(Role.Api)) yield return "ReadingsStores is set, but Cloud.Roles has no Api, which copies to them: add \"Api\", or remove ReadingsStores.";
        foreach (var (i, store) in options.Stores.Index())
            foreach (var mistake in Find($"ReadingsStores[{i}]", store)) yield return mistake;
        foreach (var twice in options.Stores.GroupBy(store => store.NameOrKind).Where(group => group.Key.Length > 0 && group.Count() > 1))
            yield return $"ReadingsStores has '{twice.Key}' {twice.Count()} times: give every store a Name of its own.";
    }

    IEnumerable<string> Find(string item, ReadingsStoreOptions store)
    {
        if (!Enum.GetNames<LineKind>().Contains(store.Kind, StringComparer.OrdinalIgnoreCase)) yield return $"{item}.Kind is '{store.Kind}': the kinds are {string.Join(", ", Enum.GetNames<LineKind>())}.";
        else foreach (var mistake in FindOfKind(item, store, Enum.Parse<LineKind>(store.Kind, ignoreCase: true))) yield return mistake;
        if (store.Name.Length > 0 && !GatewayTopics.IsWord(store.Name)) yield return $"{item}.Name is '{store.Name}': use 1 to 40 of a-z, 0-9 and '-'.";
        if (!Uri.TryCreate(store.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) yield return $"{item}.Url is '{store.Url}': write it as http://127.0.0.1:8086.";
        else if (url.UserInfo.Length > 0) yield return $"{item}.Url has a user name in it: put it into UserName and PasswordFile, where no log shows it.";
        else if (url.Query.Length > 0 || url.AbsolutePath.EndsWith("/write", StringComparison.Ordinal)) yield return $"{item}.Url is '{url.GetLeftPart(UriPartial.Path)}' with more than the server's address: leave /write and ?… away, they are added.";
        if (store.TokenFile.Length > 0 && store.UserName.Length > 0) yield return $"{item} has TokenFile and UserName: use one of them.";
        if (store.TokenFile.Length > 0 && Mistakes.InSecretFile($"{item}.TokenFile", store.TokenFile, file) is { } token) yield return token;
        if (store.UserName.Length > 0 && Mistakes.InSecretFile($"{item}.PasswordFile", store.PasswordFile, file) is { } password) yield return password;
        if (store.UserName.Length == 0 && store.PasswordFile.Length > 0) yield return $"{item}.UserName is missing: a password needs the name it belongs to.";
    }

    static IEnumerable<string> FindOfKind(string item, ReadingsStoreOptions store, LineKind kind)
    {
        if (kind == LineKind.VictoriaMetrics)
        {
            if (store.Database.Length + store.Bucket.Length + store.Organisation.Length > 0) yield return $"{item} names a database or bucket, and VictoriaMetrics has none: remove Database, Bucket and Organisation.";
            if (store.RawReads) yield return $"{item}.RawReads is true, and VictoriaMetrics keeps numbers by the millisecond, no EPC: remove it, or use InfluxDB.";
        }
        else if (store.Database.Length > 0 == store.Bucket.Length > 0) yield return $"{item} needs either Database (InfluxDB 1.x) or Bucket and Organisation (2.x, 3.x).";
        else if (store.Bucket.Length > 0 && store.Organisation.Length == 0) yield return $"{item}.Organisation is missing: InfluxDB 2.x wants it with Bucket (3.x takes any).";
        else if (store.Database.Length > 0 && store.Organisation.Length > 0) yield return $"{item}.Organisation goes with Bucket (InfluxDB 2.x): remove it, or write Bucket instead of Database.";
    }
}
