using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeTrace.Tests.Readings;

/// <summary>A server that takes lines and answers as a test tells it: what no real one can be made to do at will.</summary>
sealed class ScriptedStore : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentQueue<Func<HttpContext, string[], Task>> _script = new();

    ScriptedStore(WebApplication app) => _app = app;

    public sealed record Request(string Target, string? Authorization, string? Encoding, string[] Lines);

    public ConcurrentQueue<Request> Requests { get; } = new();

    /// <summary>Lines of requests that were answered with success.</summary>
    public ConcurrentQueue<string> Taken { get; } = new();

    /// <summary>What is done where the script has ended.</summary>
    public Func<HttpContext, string[], Task> Otherwise { get; set; } = Say(204);

    public Uri Url => new(_app.Urls.First());

    public static async Task<ScriptedStore> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var store = new ScriptedStore(app);
        app.Run(store.AnswerAsync);
        await app.StartAsync();
        return store;
    }

    public ScriptedStore Then(Func<HttpContext, string[], Task> answer)
    {
        _script.Enqueue(answer);
        return this;
    }

    public static Func<HttpContext, string[], Task> Say(int status, string body = "", string? retryAfter = null) => (context, _) =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return status == 204 ? Task.CompletedTask : context.Response.WriteAsync(body);
    };

    async Task AnswerAsync(HttpContext context)
    {
        await using var unzipped = new GZipStream(context.Request.Body, CompressionMode.Decompress);
        using var text = new StreamReader(unzipped, Encoding.UTF8);
        var lines = context.Request.Method == "GET" ? [] : (await text.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Requests.Enqueue(new(context.Request.Path + context.Request.QueryString, context.Request.Headers.Authorization, context.Request.Headers.ContentEncoding, lines));
        await (_script.TryDequeue(out var next) ? next : Otherwise)(context, lines);
        if (context.Response.StatusCode is >= 200 and < 300)
            foreach (var line in lines) Taken.Enqueue(line);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
