using System.Text.Json;
using EdgeTrace.Api;
using EdgeTrace.Web.Accounts;
using EdgeTrace.Web.Words;

namespace EdgeTrace.Web.Live;

/// <summary>
/// Keeps the site's state current: connect, take a snapshot, follow the feed from its cursor, and begin again when the server falls silent.
/// Pages redraw on <see cref="Changed"/>, which also comes every second, because ages grow while nothing else happens.
/// </summary>
sealed class LiveSite(SiteClient client, Me me, TimeProvider time) : IDisposable
{
    static readonly TimeSpan RedrawMin = TimeSpan.FromMilliseconds(100); // a burst of movements is one redraw
    static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(5);
    static readonly TimeSpan ReturnShown = TimeSpan.FromSeconds(12);

    readonly CancellationTokenSource _stop = new();
    TimeSpan _skew;
    bool _redrawPending;
    bool _started;
    DateTimeOffset _serverStarted;

    public event Action? Changed;

    /// <summary>Each durable event as it comes, after it was folded in.</summary>
    public event Action<FeedEvent>? Arrived;

    /// <summary>The page came back and read a fresh snapshot, or the first one.</summary>
    public event Action? Loaded;

    public SiteState? State { get; private set; }

    /// <summary>Tells time as the site does.</summary>
    public SiteClock Clock { get; private set; } = new("Etc/UTC");
    public LinkState Link { get; private set; } = LinkState.Connecting;
    public DateTimeOffset LostSince { get; private set; }

    /// <summary>Why there is no connection, as a sentence.</summary>
    public string Trouble { get; private set; } = "";

    public Return? Returned { get; private set; }

    /// <summary>The server process is another than the one this page first met.</summary>
    public bool ServerRestarted { get; private set; }

    /// <summary>Now, by the server's clock: ages must not depend on the clock of somebody's phone.</summary>
    public DateTimeOffset Now => time.GetUtcNow() + _skew;

    public void Start()
    {
        if (_started)
            return;
        _started = true;
        _ = FollowAsync(_stop.Token);
        _ = TickAsync(_stop.Token);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    async Task FollowAsync(CancellationToken token)
    {
        for (var attempt = 0; !token.IsCancellationRequested;)
        {
            try
            {
                await me.SomebodyAsync(token);
                await LoadAsync(token);
                attempt = 0;
                await foreach (var news in client.FollowAsync(State!.Cursor, token))
                    Take(news);
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                return;
            }
            catch (HttpRequestException trouble) when (trouble.StatusCode == System.Net.HttpStatusCode.Unauthorized)
            {
                // Nobody is signed in any more, which is no fault of the connection: the door is there, and this waits behind it.
                if (Link == LinkState.Live)
                    Link = LinkState.Connecting;
                Changed?.Invoke();
                attempt = 0;
            }
            catch (Exception trouble) when (trouble is HttpRequestException or OperationCanceledException or IOException or JsonException or NotKnownException)
            {
                Lose(trouble);
            }
            var delay = TimeSpan.FromSeconds(Math.Min(1 << Math.Min(attempt++, 8), RetryDelayMax.TotalSeconds));
            await Task.Delay(delay, time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task LoadAsync(CancellationToken token)
    {
        var snapshot = await client.NowAsync(token);
        if (Link == LinkState.Lost && State is { } old)
        {
            var status = await client.StatusAsync(token);
            ServerRestarted = _serverStarted != default && status.StartedAt != _serverStarted;
            _serverStarted = status.StartedAt;
            long? missed = snapshot.Cursor >= old.Cursor ? snapshot.Cursor - old.Cursor : null;
            Returned = new Return(time.GetUtcNow() - LostSince, missed, time.GetUtcNow());
        }
        State = new SiteState(snapshot);
        Clock = new SiteClock(snapshot.Site.TimeZone);
        _skew = snapshot.At - time.GetUtcNow();
        Link = LinkState.Live;
        Trouble = "";
        Loaded?.Invoke();
        Changed?.Invoke();
        if (_serverStarted == default)
            _serverStarted = (await client.StatusAsync(token)).StartedAt;
    }

    void Take(FeedEvent news)
    {
        // The cursor is of another ledger: begin again from a snapshot.
        if (news.Kind == "reset")
            throw new IOException("The server began a new record.");
        if (!State!.Apply(news))
            return;
        if (news.Pulse is not null)
            _skew = State.At - time.GetUtcNow();
        else
            Arrived?.Invoke(news);
        if (!_redrawPending)
        {
            _redrawPending = true;
            _ = RedrawAsync();
        }
    }

    async Task RedrawAsync()
    {
        await Task.Delay(RedrawMin, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _redrawPending = false;
        Changed?.Invoke();
    }

    void Lose(Exception trouble)
    {
        if (Link != LinkState.Lost)
            LostSince = time.GetUtcNow();
        Link = LinkState.Lost;
        Returned = null;
        Trouble = trouble switch
        {
            JsonException => "The server speaks a newer language than this page. Reload the page.",
            HttpRequestException { StatusCode: System.Net.HttpStatusCode.Forbidden } => "Your account may not see this site: an administrator can give you a role.",
            HttpRequestException { StatusCode: { } code } => $"The server answers, but cannot serve this page now ({(int)code}).",
            NotKnownException => "The server answers, but has no site to show yet. Give it a site file and a gateway.",
            OperationCanceledException => "The server has fallen silent.",
            _ => "The server does not answer.",
        };
        Changed?.Invoke();
    }

    async Task TickAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(token))
        {
            if (Returned is { } back && time.GetUtcNow() - back.At > ReturnShown)
                Returned = null;
            Changed?.Invoke();
        }
    }
}
