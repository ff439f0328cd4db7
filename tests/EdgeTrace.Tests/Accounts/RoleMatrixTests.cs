using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Tests.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Accounts;

/// <summary>Every address, asked by nobody, by somebody of each role and by somebody of none: who passes is who the table says.</summary>
public sealed partial class RoleMatrixTests
{
    [Fact]
    public async Task Every_address_lets_in_whom_the_table_names_and_nobody_else()
    {
        await using var rig = await ApiRig.StartAsync();
        using var nobody = rig.NewBrowser();
        List<(string Name, StaffRole? Role, HttpClient Browser)> people = [("no role", null, await rig.SignInAsync("No Role"))];
        // Administrators last: what they ask for could shut somebody out.
        foreach (var role in Enum.GetValues<StaffRole>()) people.Add((role.ToString(), role, await rig.SignInAsync($"The {role}", role)));
        var wrong = new List<string>();
        var asked = 0;
        foreach (var endpoint in rig.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(each => each.Metadata.GetMetadata<IAllowAnonymous>() is null))
        {
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            var path = Parameter().Replace(endpoint.RoutePattern.RawText!, "none");
            var need = endpoint.Metadata.GetMetadata<Need>()!;
            asked++;
            if (await StatusAsync(nobody, method, path) is var shut && shut != HttpStatusCode.Unauthorized) wrong.Add($"{method} {path}: nobody got {shut}");
            foreach (var (name, role, browser) in people)
            {
                var may = need.Permission is not { } permission || role?.May(permission) == true;
                var status = await StatusAsync(browser, method, path);
                if (may == (status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)) wrong.Add($"{method} {path}: {name} {(may ? "may" : "may not")}, and got {status}");
            }
        }
        Assert.True(asked > 20, $"only {asked} addresses were asked");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        foreach (var (_, _, browser) in people) browser.Dispose();
    }

    /// <summary>An empty question: past the gate it is a 400 or 404 to most, which is not what is asked here.</summary>
    static async Task<HttpStatusCode> StatusAsync(HttpClient browser, string method, string path)
    {
        using var request = new HttpRequestMessage(new(method), path) { Content = method == "GET" ? null : JsonContent.Create(new { }) };
        using var answer = await browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
