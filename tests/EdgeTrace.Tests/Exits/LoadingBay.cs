using EdgeTrace.Cloud.Exits;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;
using EdgeTrace.Stock;
using EdgeTrace.Store;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTrace.Tests.Exits;

/// <summary>A store with a door to the corridor and one to the loading bay, a controlled hip stem and gauze that may go, over a real ledger.</summary>
sealed class LoadingBay : IAsyncDisposable
{
    public const string Json = """
        { "trust":{"id":"demo-trust","name":"Demo Trust"}, "site":{"id":"st-elsewhere","name":"St Elsewhere","timeZone":"Europe/London"},
          "locations":[{"id":"store-1","name":"Store 1","kind":"store"},{"id":"corridor","name":"Corridor","kind":"corridor"},{"id":"bay","name":"Loading bay","kind":"outside"},{"id":"goods-in","name":"Goods in","kind":"goods-in"}],
          "portals":[{"id":"door-1","name":"Loading bay door","kind":"door","gateway":"gw-1","inside":"store-1","outside":"bay","gap":"00:00:00.5","antennas":[{"antenna":1,"side":"outside"},{"antenna":2,"side":"inside"}]},
                     {"id":"door-2","name":"Store 1 door","kind":"door","gateway":"gw-1","inside":"store-1","outside":"corridor","antennas":[{"antenna":1,"side":"outside"},{"antenna":2,"side":"inside"}]}],
          "scanners":[{"id":"desk","name":"Goods-in desk","location":"goods-in","gateway":"gw-1"}], "points":[] }
        """;

    public const string Hip = "10614141123459", Gauze = "10614141999993";

    public static ItemNames Names { get; } = new(new([new(Hip, "Hip stem 44 mm", "Acme", "implants") { Controlled = true, Pence = 120_000 }, new(Gauze, "Gauze", "Acme", "consumables") { Pence = 90 }]));

    public static string GauzeTag(int serial) => Convert.ToHexString(Gs1Tag.TryParse($"urn:epc:tag:sgtin-96:1.0614141.199999.{serial}", out var tag, out var error) ? tag.ToEpc().ToArray() : throw new InvalidOperationException(error));

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-exits-");
    readonly BatchLog _log;

    /// <param name="json">The site model; <see cref="Json"/> when left out.</param>
    public LoadingBay(TimeProvider time, string json = Json)
    {
        Site = SiteModelFile.Read("site.json", json);
        Time = time;
        _log = BatchLog.Open(_folder.FullName, time, NullLogger<BatchLog>.Instance);
        Writer = LedgerWriter.Open(Path, time);
        Ledger = new(Path);
    }

    public TimeProvider Time { get; }
    public SiteModel Site { get; }
    public LedgerWriter Writer { get; }
    public LedgerReader Ledger { get; }
    public ExitViews Views => new(Site, Names, Ledger, new VisitEvidence(Ledger, _log.Reader), Time);
    string Path => System.IO.Path.Combine(_folder.FullName, "ledger.db");

    /// <summary>As a process that has just started.</summary>
    public ExitFollower Follower() => new(Site, Ledger, Writer, new ExitJudge(Site, Names, Ledger), Views, Time, NullLogger<ExitFollower>.Instance);

    public static string KeyOf(string epc) => Epc.TryParse(epc, out var tag) ? Names.Of(tag).Item : throw new ArgumentException(epc);

    /// <summary>What a tracker writes of a visit; a passage with its movement and the place it claims.</summary>
    public Task VisitAsync(string portal, string epc, string direction, long atUs, int reads = 24, double confidence = 0.97, int peakCentiDbm = -5500, long lengthUs = 1_000_000)
    {
        var commit = new LedgerCommit($"system:tracker/portal/{portal}");
        var id = $"visit-{portal}-{epc}-{atUs}";
        var both = direction is "in" or "out";
        commit.Visits.Add(new(id, portal, epc, atUs - lengthUs, atUs, reads, reads, both ? reads / 2 : reads, both ? reads - reads / 2 : 0, peakCentiDbm, 1, direction, both ? direction == "in" ? "inside" : "outside" : "inside", confidence));
        var door = Site.Portal(portal)!.Model;
        commit.Sightings.Add(new(KeyOf(epc), epc, atUs, portal, Epc.TryParse(epc, out var tag) ? Names.Of(tag).Gtin : null));
        if (both)
        {
            var (from, to) = direction == "in" ? (door.Outside, door.Inside) : (door.Inside, door.Outside);
            commit.Movements.Add(new(id, KeyOf(epc), atUs, portal, from, to, confidence));
            commit.Locations.Add(new(KeyOf(epc), to, "passage", atUs, portal, atUs - lengthUs, confidence, id));
        }
        return Writer.CommitAsync(commit);
    }

    public Task TellAsync(string epc, EventKind kind, long atUs, string? place = "store-1", EventDetail? detail = null) =>
        Writer.CommitAsync(new("Ann Fox") { StockEvents = { new($"{kind}-{epc}-{atUs}", KeyOf(epc), kind, atUs, 0, place, null, "act", "Ann Fox", (detail ?? EventDetail.None) with { Product = Hip }) } });

    public List<string> Rows(string sql, int columns)
    {
        using var connection = SqliteFile.OpenForReading(Path, pooled: false);
        return connection.Rows(sql, row => string.Join(' ', Enumerable.Range(0, columns).Select(i => row.GetValue(i))));
    }

    public void Execute(string sql)
    {
        using var connection = SqliteFile.OpenForWriting(Path);
        connection.Execute(sql);
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await _log.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
