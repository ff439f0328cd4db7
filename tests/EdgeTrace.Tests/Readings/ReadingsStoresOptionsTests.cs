using EdgeTrace.Cloud;
using EdgeTrace.Cloud.Projections;
using Microsoft.AspNetCore.Builder;

namespace EdgeTrace.Tests.Readings;

/// <summary>Mistakes in ReadingsStores, each with its path and its cure, before anything is opened.</summary>
public sealed class ReadingsStoresOptionsTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-stores-");

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<string, string> Mistaken => new()
    {
        { """{ "Kind": "Influx", "Url": "http://a" }""", "ReadingsStores[0].Kind is 'Influx': the kinds are InfluxDb, VictoriaMetrics." },
        { """{ "Kind": "0", "Url": "http://a" }""", "ReadingsStores[0].Kind is '0'" },
        { """{ "Kind": "InfluxDb", "Url": "127.0.0.1:8086", "Database": "d" }""", "ReadingsStores[0].Url is '127.0.0.1:8086': write it as http://127.0.0.1:8086." },
        { """{ "Kind": "InfluxDb", "Url": "http://me:secret@a", "Database": "d" }""", "ReadingsStores[0].Url has a user name in it" },
        { """{ "Kind": "InfluxDb", "Url": "http://a/write?db=x", "Database": "d" }""", "ReadingsStores[0].Url is 'http://a/write' with more" },
        { """{ "Kind": "InfluxDb", "Url": "http://a" }""", "ReadingsStores[0] needs either Database" },
        { """{ "Kind": "InfluxDb", "Url": "http://a", "Database": "d", "Bucket": "b", "Organisation": "o" }""", "ReadingsStores[0] needs either Database" },
        { """{ "Kind": "InfluxDb", "Url": "http://a", "Bucket": "b" }""", "ReadingsStores[0].Organisation is missing" },
        { """{ "Kind": "InfluxDb", "Url": "http://a", "Database": "d", "Organisation": "o" }""", "ReadingsStores[0].Organisation goes with Bucket" },
        { """{ "Kind": "VictoriaMetrics", "Url": "http://a", "Database": "d" }""", "ReadingsStores[0] names a database or bucket" },
        { """{ "Kind": "VictoriaMetrics", "Url": "http://a", "RawReads": true }""", "ReadingsStores[0].RawReads is true" },
        { """{ "Name": "My Store", "Kind": "VictoriaMetrics", "Url": "http://a" }""", "ReadingsStores[0].Name is 'My Store'" },
        { """{ "Kind": "VictoriaMetrics", "Url": "http://a", "TokenFile": "absent" }""", "ReadingsStores[0].TokenFile is 'absent', which cannot be read" },
        { """{ "Kind": "VictoriaMetrics", "Url": "http://a", "TokenFile": "secret", "UserName": "u", "PasswordFile": "secret" }""", "ReadingsStores[0] has TokenFile and UserName" },
        { """{ "Kind": "VictoriaMetrics", "Url": "http://a", "UserName": "u" }""", "ReadingsStores[0].PasswordFile is missing" },
        { """{ "Kind": "VictoriaMetrics", "Url": "http://a", "PasswordFile": "secret" }""", "ReadingsStores[0].UserName is missing" },
        { """{ "Kind": "VictoriaMetrics", "Url": "http://a" }, { "Kind": "victoriametrics", "Url": "http://b" }""", "ReadingsStores has 'victoriametrics' 2 times" },
    };

    [Theory]
    [MemberData(nameof(Mistaken))]
    public void A_mistake_is_one_sentence(string stores, string said) => Assert.StartsWith(said, Assert.Single(Find($$"""{ "ReadingsStores": [ {{stores}} ] }""")), StringComparison.Ordinal);

    [Fact]
    public void Several_mistakes_are_all_said() => Assert.Equal(4, Find("""
        { "ReadingsStores": [ { "Kind": "x", "Url": "y", "Name": "Z" }, { "Kind": "InfluxDb", "Url": "http://a", "Bucket": "b" } ] }
        """).Count);

    [Fact]
    public void An_object_where_a_list_belongs_is_said() =>
        Assert.StartsWith("ReadingsStores is not a list", Assert.Single(Find("""{ "ReadingsStores": { "Kind": "InfluxDb" } }""")), StringComparison.Ordinal);

    [Fact]
    public void Stores_in_a_process_that_copies_nothing_are_said() =>
        Assert.StartsWith("ReadingsStores is set, but Cloud.Roles has no Api", Assert.Single(Find("""
            { "Cloud": { "Roles": [ "Ingest" ] }, "ReadingsStores": [ { "Kind": "VictoriaMetrics", "Url": "http://a" } ] }
            """)), StringComparison.Ordinal);

    [Fact]
    public void What_deploy_promises_is_right_and_goes_where_each_version_takes_it()
    {
        Assert.Empty(Find("""
            { "ReadingsStores": [
              { "Kind": "InfluxDb", "Url": "http://127.0.0.1:8086", "Database": "edgetrace", "UserName": "edgetrace", "PasswordFile": "secret", "RawReads": true },
              { "Name": "influx-2", "Kind": "InfluxDb", "Url": "https://influx.example/base/", "Bucket": "cold chain", "Organisation": "my-trust", "TokenFile": "secret" },
              { "Kind": "VictoriaMetrics", "Url": "http://127.0.0.1:8428" } ] }
            """));
        var file = new ConfigurationFile(Path.Combine(_folder.FullName, "cloud.json"));
        string Address(ReadingsStoreOptions store) => store.Target(file).WriteAddress.AbsoluteUri;
        Assert.Equal("http://127.0.0.1:8086/write?db=edge%20trace&precision=ns", Address(new() { Kind = "InfluxDb", Url = "http://127.0.0.1:8086", Database = "edge trace" }));
        Assert.Equal("https://influx.example/base/api/v2/write?org=my%26trust&bucket=cold%20chain&precision=ns", Address(new() { Kind = "InfluxDb", Url = "https://influx.example/base/", Bucket = "cold chain", Organisation = "my&trust" }));
        Assert.Equal("http://127.0.0.1:8428/write?precision=ms", Address(new() { Kind = "VictoriaMetrics", Url = "http://127.0.0.1:8428" }));
        var basic = new ReadingsStoreOptions { Kind = "InfluxDb", Url = "http://a", Database = "d", UserName = "u", PasswordFile = "secret" }.Target(file).Credentials()!;
        Assert.Equal(("Basic", "dTpzM2NyZXQ="), (basic.Scheme, basic.Parameter));
        Assert.Equal("Bearer s3cret", new ReadingsStoreOptions { Kind = "VictoriaMetrics", Url = "http://a", TokenFile = "secret" }.Target(file).Credentials()!.ToString());
    }

    IReadOnlyList<string> Find(string json)
    {
        var file = new ConfigurationFile(Path.Combine(_folder.FullName, "cloud.json"));
        File.WriteAllText(file.Path, json);
        File.WriteAllText(Path.Combine(_folder.FullName, "secret"), "s3cret\n");
        var builder = CloudHost.CreateBuilder(file);
        builder.Services.AddReadingsStores(builder.Configuration);
        using var app = (IDisposable)builder.Build();
        return CloudHost.FindMistakes(((WebApplication)app).Services);
    }
}
