using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using Google.Protobuf;

namespace EdgeTrace.Cloud.Exits;

/// <summary>
/// Tells the gateway of an exit to light its lamp: reads what exits have told from the feed, by cursor, and sends each on as a command with the
/// fact's id. What is older than a lamp can be of use is not sent, so that nothing has to be remembered over a restart.
/// </summary>
sealed partial class BeaconPost(SiteModel site, LedgerReader ledger, LedgerWriter writer, IServiceProvider services, TimeProvider time, ILogger<BeaconPost> logger) : BackgroundService
{
    /// <summary>Whoever left ten seconds ago is around the corner: by then a lamp only frightens the next one.</summary>
    const long FreshUs = 10_000_000;

    /// <summary>Amber holds until it turns red, and a little longer, so that the lamp does not blink between the two.</summary>
    const uint AmberSecondsMore = 5;

    const uint RedSeconds = 60;
    const int PageMax = 200;

    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var cursor = ledger.NewestFeed(FeedKind.Exit, PageMax).Where(IsFresh).Select(row => row.Cursor - 1).DefaultIfEmpty(writer.FeedHead).Min();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await writer.WaitForFeedBeyondAsync(cursor, stoppingToken);
                foreach (var row in ledger.Feed(cursor, PageMax))
                {
                    if (row.Kind == FeedKind.Exit && IsFresh(row)) await SendAsync(row, stoppingToken);
                    cursor = row.Cursor;
                }
            }
            catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or IOException)
            {
                // The ledger's own state says what is wrong; a lamp that cannot be asked for in time is not asked for.
                LogUnread(error.Message);
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    bool IsFresh(FeedRow row) => time.NowUs() - row.RecordedUs < FreshUs;

    async Task SendAsync(FeedRow row, CancellationToken stopping)
    {
        if (ledger.Exit(row.Fact) is not { } exit || site.Portal(exit.Exit.Portal, exit.Exit.AtUs) is not { } portal) return;
        // What has been answered meanwhile must not light up again.
        if (Order(row.Phase, exit, portal) is not { } order) return;
        var command = new Command { Id = $"{row.Fact}.{row.Phase}", ExpiresUs = time.NowUs() + FreshUs, Beacon = order };
        try
        {
            // Asked of the container here: a test of the pages runs without a broker.
            if (services.GetService<IGatewayPost>() is { } post) await post.SendAsync(new GatewayTopics(site.Trust.Id, site.Site.Id, portal.Gateway).Command, command.ToByteArray(), stopping);
        }
        catch (Exception error) when (error is MQTTnet.Exceptions.MqttCommunicationException or MQTTnet.Exceptions.MqttClientNotConnectedException or InvalidOperationException)
        {
            LogUnsent(portal.Name, error.Message);
        }
    }

    static Beacon? Order(string phase, ExitRow exit, Portal portal) => phase switch
    {
        "answered" => Of(exit, BeaconColour.Off, 0),
        "amber" when exit.Answer is null => Of(exit, BeaconColour.Amber, (uint)portal.RedAfter.TotalSeconds + AmberSecondsMore),
        "red" when exit.Answer is null => Of(exit, BeaconColour.Red, RedSeconds),
        _ => null,
    };

    static Beacon Of(ExitRow exit, BeaconColour colour, uint seconds) => new() { Portal = exit.Exit.Portal, Colour = colour, Seconds = seconds, Decision = exit.Exit.Id };

    [LoggerMessage(4311, LogLevel.Warning, "The beacon of {Portal} could not be asked for: {Reason}")]
    partial void LogUnsent(string portal, string reason);

    [LoggerMessage(4312, LogLevel.Warning, "Beacons are not asked for: {Reason}")]
    partial void LogUnread(string reason);
}
