using EdgeTrace.Cloud;
using EdgeTrace.Cloud.Broker;
using EdgeTrace.Cloud.Ingest;

namespace EdgeTrace.Tests.Ingest;

public sealed class ConfigurationTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-configuration-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Five_mistakes_are_five_sentences_each_naming_item_and_cure()
    {
        var mistakes = Find("""
            { "Cloud": { "Roles": ["Broker", "Ingest", "Wizard"], "Url": "http://0.0.0.0:8080" },
              "Broker": { "Port": 70000, "Gateways": [ { "Id": "GW 1", "Trust": "demo", "Site": "s", "PasswordFile": "no-such.secret" } ] } }
            """);
        Assert.Equal(5, mistakes.Count);
        foreach (var item in (string[])["Cloud.Roles", "Cloud.Url", "Broker.Port", "Broker.Gateways[0].Id", "Broker.Gateways[0].PasswordFile"])
            Assert.Contains(mistakes, mistake => mistake.StartsWith(item, StringComparison.Ordinal));
        Assert.All(mistakes, mistake => Assert.Contains(':', mistake));
    }

    [Fact]
    public void Without_the_broker_role_the_external_broker_must_be_named() =>
        Assert.StartsWith("ExternalBroker.Host is missing", Assert.Single(Find("""{ "Cloud": { "Roles": ["Ingest"] } }""")), StringComparison.Ordinal);

    [Fact]
    public void The_api_without_ingest_is_refused_with_a_sentence_and_ingest_alone_is_not() =>
        Assert.Collection(
            (string[])["""["Api"]""", """["Ingest"]"""],
            api => Assert.Contains("Cloud.Roles has Api without Ingest", Assert.Single(Find($$"""{ "Cloud": { "Roles": {{api}} } }""")), StringComparison.Ordinal),
            ingest => Assert.Empty(Find($$"""{ "Cloud": { "Roles": {{ingest}} }, "ExternalBroker": { "Host": "127.0.0.1" } }""")));

    IReadOnlyList<string> Find(string json)
    {
        var file = new ConfigurationFile(Path.Combine(_folder, "cloud.json"));
        File.WriteAllText(file.Path, json);
        var builder = CloudHost.CreateBuilder(file);
        builder.Services.AddIngest(builder.Configuration);
        builder.Services.AddBroker(builder.Configuration);
        using var app = (IDisposable)builder.Build();
        return CloudHost.FindMistakes(((Microsoft.AspNetCore.Builder.WebApplication)app).Services);
    }
}
