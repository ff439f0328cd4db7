using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Identity;

namespace EdgeTrace.Cloud.Identify;

/// <summary><c>GET /api/v1/identify?code=</c>, the command's answer for the page's search box; <c>GET /api/v1/scanners/separators</c>, which scanner loses separators.</summary>
static class IdentifyEndpoints
{
    public static void MapIdentify(this RouteGroupBuilder api)
    {
        api.MapGet("/scanners/separators", (ScannerFigures figures) => figures.Look()).Needs(Permission.SeeSite);
        api.MapGet("/identify", (TimeProvider time, string? code) =>
            string.IsNullOrEmpty(code) ? Problems.Wrong("There is no code", @"Send one as code: an EPC, a URI, a Digital Link or a scan, \x1D for the separator.")
            : Results.Ok(CodeViews.Of(Identification.Of(CodeViews.Unescape(code), time.GetUtcNow().Year)) with { Input = code })).Needs(Permission.SeeStock);
    }
}
