namespace EdgeTrace.Cloud.Api;

/// <summary>Serves the page from this process, with the headers that let it load from here and from nowhere else.</summary>
static class PageHosting
{
    /// <summary>Blazor WebAssembly needs 'wasm-unsafe-eval'; component libraries set style attributes; charts draw into data: images.</summary>
    const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void UsePageHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (context.Request.Path.StartsWithSegments("/api")) headers.CacheControl = "no-store";
        return next(context);
    });

    /// <summary>The page's files, and its index for every address that is the page's own.</summary>
    public static void MapPage(this WebApplication app)
    {
        // Written by the build beside the program; a host without it (a test of the API) has no page.
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, $"{app.Environment.ApplicationName}.staticwebassets.endpoints.json"))) app.MapStaticAssets().AllowAnonymous();
        // An item's address may hold dots and slashes, so an address that looks like a file's is the page's too; what the browser loads as code is not.
        app.MapFallback("/_framework/{**rest}", () => Results.NotFound()).AllowAnonymous();
        // The index names the program's files, so it is asked for anew each time; what it names is kept by its own headers.
        app.MapFallbackToFile("{*path}", "index.html", new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache" }).AllowAnonymous();
    }
}
