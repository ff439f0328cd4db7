using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Store.Ledger;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeTrace.Cloud.Api;

/// <summary>
/// <c>/live</c>: the feed as server-sent events, from the cursor the page names, then as it grows; a pulse every second, so that
/// three seconds of nothing mean that the connection is lost.
/// </summary>
sealed class LiveFeed(LedgerWriter writer, FeedViews views, PulseClock pulses, AccountBook book, IHostApplicationLifetime process)
{
    /// <summary>Pages open at once; each costs one connection and one question to the ledger per change.</summary>
    const int ListenersMax = 512;

    /// <summary>Events in one write: a page that was away for a day catches up in bites.</summary>
    const int BiteMax = 500;

    int _listeners;

    public async Task StreamAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _listeners) > ListenersMax)
        {
            Interlocked.Decrement(ref _listeners);
            await Problems.Write(context, StatusCodes.Status503ServiceUnavailable, "Too many live pages", $"{ListenersMax} pages already listen. Close some, or put a caching proxy in front.");
            return;
        }
        try
        {
            if (TryCursor(context.Request, out var cursor)) await SendAllAsync(context, cursor);
            else await Problems.Write(context, StatusCodes.Status400BadRequest, "No such cursor", "Last-Event-ID and after must be a number that this feed has sent.");
        }
        catch (OperationCanceledException)
        {
            // The page was closed or the server stops: the ordinary end of a stream.
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }

    bool TryCursor(HttpRequest request, out long cursor)
    {
        // A reconnecting page says where it was by header; that is newer than the address it first asked for.
        var asked = request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } id ? id : request.Query["after"].ToString();
        cursor = writer.FeedHead;
        return asked.Length == 0 || long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out cursor);
    }

    async Task SendAllAsync(HttpContext context, long cursor)
    {
        // A stream that never ends would hold up the process's own end.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, process.ApplicationStopping);
        var (response, token) = (context.Response, ending.Token);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.WriteAsync("retry: 1000\n\n", token);

        if (cursor > writer.FeedHead)
        {
            cursor = writer.FeedHead;
            await SendAsync(response, new FeedEvent(cursor, FeedKind.Reset, pulses.Now), token);
        }
        var pulse = pulses.Latest;
        await SendAsync(response, PulseEvent(pulse.Pulse), token);
        await response.Body.FlushAsync(token);
        while (!token.IsCancellationRequested)
        {
            while (writer.FeedHead > cursor)
            {
                foreach (var happened in views.After(cursor, BiteMax))
                {
                    await SendAsync(response, happened, token);
                    cursor = happened.Cursor;
                }
                await response.Body.FlushAsync(token);
            }
            await Task.WhenAny(writer.WaitForFeedBeyondAsync(cursor, token), pulses.WaitBeyondAsync(pulse.Number, token));
            if (pulses.Latest is var next && next.Number > pulse.Number)
            {
                pulse = next;
                // Whoever was let in when the stream began may have been shut out since.
                if (context.Session() is not { } session || book.Of(session)?.May(Permission.SeeSite) != true) return;
                await SendAsync(response, PulseEvent(pulse.Pulse), token);
                await response.Body.FlushAsync(token);
            }
        }
    }

    static FeedEvent PulseEvent(Pulse pulse) => new(0, FeedKind.Pulse, pulse.At, Pulse: pulse);

    /// <summary>A pulse has no id, so that a reconnect asks for the last durable event.</summary>
    static Task SendAsync(HttpResponse response, FeedEvent happened, CancellationToken token) => response.WriteAsync(
        happened.Cursor > 0 || happened.Kind == FeedKind.Reset
            ? string.Create(CultureInfo.InvariantCulture, $"id: {happened.Cursor}\ndata: {ApiJson.Write(happened)}\n\n")
            : $"data: {ApiJson.Write(happened)}\n\n", token);
}
