using EdgeTrace.Api;
using EdgeTrace.Cloud;
using EdgeTrace.Cloud.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace EdgeTrace.Tests.Accounts;

/// <summary>Who may what: every address of the program as it is composed, against the table people read.</summary>
public sealed class AccessMatrixTests : IAsyncLifetime
{
    const string Begin = "<!-- who may what: tests/EdgeTrace.Tests/Accounts/AccessMatrixTests.cs -->";
    const string Files = "the page's files";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-access-");
    WebApplication _app = null!;

    public ValueTask InitializeAsync()
    {
        foreach (var example in (string[])["cloud-one-box.json", "site.json", "products.csv"]) File.Copy(Path.Combine(Repository.Root, "deploy/config", example), Path.Combine(_folder.FullName, example));
        _app = Composition.Compose(new(Path.Combine(_folder.FullName, "cloud-one-box.json")));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Every_address_says_who_may_ask() =>
        Assert.All(Addresses(), each => Assert.True(each.Open != each.Need is not null, $"{each.Name} says {(each.Open ? "both" : "neither")} who may ask {(each.Open ? "and" : "nor")} that anybody may: give it .Needs(Permission.…)"));

    [Fact]
    public void The_table_in_the_README_is_so()
    {
        var written = File.ReadAllText(Path.Combine(Repository.Root, "cloud/README.md"));
        var at = written.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length + 1;
        var end = written.IndexOf("\n\n", at, StringComparison.Ordinal);
        var made = Table();
        Assert.True(made == written[at..end], $"cloud/README.md, below '{Begin}', should be:\n{made}");
    }

    /// <summary>A row a permission: the roles that have it, and the addresses that need it.</summary>
    string Table()
    {
        var addresses = Addresses().ToList();
        var roles = Enum.GetValues<StaffRole>();
        string Row(string need, Func<StaffRole, bool> may, IEnumerable<Address> those) =>
            $"| {need} | {string.Join(" | ", roles.Select(role => may(role) ? "●" : ""))} | {string.Join(", ", those.Select(each => each.Name).Distinct().Order(StringComparer.Ordinal).Select(name => name == Files ? name : $"`{name}`"))} |";
        return string.Join('\n',
        [
            $"| needs | {string.Join(" | ", roles.Select(role => role.ToString().ToLowerInvariant()))} | addresses |",
            $"|---|{string.Concat(roles.Select(_ => "---|"))}---|",
            Row("nothing", _ => true, addresses.Where(each => each.Open)),
            .. addresses.Any(each => each.Need is { Permission: null }) ? [Row("to be signed in", _ => true, addresses.Where(each => each.Need is { Permission: null }))] : Array.Empty<string>(),
            .. Enum.GetValues<Permission>().Select(permission => Row(permission.ToString(), role => role.May(permission), addresses.Where(each => each.Need?.Permission == permission))),
        ]);
    }

    IEnumerable<Address> Addresses() => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(Of);

    static Address Of(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Where(method => method != "HEAD") ?? [];
        var path = endpoint.RoutePattern.RawText!;
        // What is there without /api, but for the feed and what machines watch, is a file of the page.
        var ours = path.StartsWith("/api/", StringComparison.Ordinal) || path is "/live" or "/healthz" or "/readyz" or "/metrics";
        return new(ours ? $"{string.Join('/', methods)} {path}".Trim() : Files, endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null, endpoint.Metadata.GetMetadata<Need>());
    }

    readonly record struct Address(string Name, bool Open, Need? Need);
}
