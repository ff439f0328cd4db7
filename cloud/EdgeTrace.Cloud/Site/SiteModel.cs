using EdgeTrace.Tracking;

namespace EdgeTrace.Cloud.Site;

/// <summary>An organisation or a hospital with its word and its name.</summary>
sealed record NamedPlace(string Id, string Name);

/// <summary>Where things can be.</summary>
/// <param name="Kind">store, theatre, pharmacy, goods-in, corridor or outside.</param>
sealed record Location(string Id, string Name, string Kind)
{
    /// <summary>What it lies in: a bin in a store, a store in a building; null: nothing.</summary>
    public string? Parent { get; init; }

    /// <summary>Its Global Location Number, 13 digits: what EPCIS calls it outside this house.</summary>
    public string? Gln { get; init; }
}

/// <summary>A Portal as the site sees it from <see cref="PortalModel.ValidFromUs"/> on: whose it is, what it is called, and how its reads are understood.</summary>
sealed record Portal(string Id, string Name, string Gateway, PortalModel Model)
{
    /// <summary>Of an exit: how long somebody may be asked before it turns red. Long enough to reach the door, short enough that they are still in the car park.</summary>
    public TimeSpan RedAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of an exit: what is told later than this comes from a backlog, and no lamp can stop whoever went out then.</summary>
    public TimeSpan LateAfter { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>A barcode reader and the Location where people use it.</summary>
sealed record Scanner(string Id, string Name, string? Location, string Gateway)
{
    /// <summary>What a scan there does to stock, with nobody at a page: received, stored, returned, arrived or counted; null: it only says where the thing is.</summary>
    public string? Does { get; init; }
}

/// <summary>A place whose temperature matters; delays left out are its class's.</summary>
sealed record Point(
    string Id, string Name, string? Location, string Gateway, string Class, TimeSpan Every,
    TimeSpan? WarnDelay, TimeSpan? ExcursionDelay, TimeSpan? Silence, long ValidFromUs)
{
    public Probe? Probe { get; init; }
}

/// <summary>The instrument at a Point and the certificate that makes its readings traceable.</summary>
/// <param name="CalibratedUntil">The last day on which the certificate holds, in the site's zone.</param>
sealed record Probe(string Serial, string? Certificate, DateOnly? CalibratedAt, DateOnly? CalibratedUntil);

/// <summary>What estates know of a piece of equipment; each is optional, and what is null is not said.</summary>
/// <param name="Kind">gateway, reader, antenna, scanner or probe.</param>
/// <param name="Id">Its name in the gateway's configuration; of a probe its point, of a gateway its own.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Asset">The number on its plate.</param>
/// <param name="Room">Where a person has to go: "ceiling void by bay 4".</param>
/// <param name="Port">Where its cable ends: "switch 2 port 14".</param>
sealed record Equipment(string Gateway, string Kind, string Id, string? Name, string? Asset, string? Room, string? Port);

/// <summary>
/// What the cloud knows of one site, immutable and swapped whole. Portals and points may stand here several times with different
/// <c>validFrom</c>: they are looked up by event time, so that a box can be swapped and last month still be explained as it was.
/// </summary>
sealed class SiteModel
{
    readonly Dictionary<string, Location> _locations;
    readonly Dictionary<string, Portal[]> _portals;
    readonly Dictionary<string, Scanner> _scanners;
    readonly Dictionary<string, Point[]> _points;
    readonly Dictionary<(string Gateway, string Kind, string Id), Equipment> _equipment;

    public SiteModel(
        NamedPlace trust, NamedPlace site, TimeZoneInfo timeZone,
        IEnumerable<Location> locations, IEnumerable<Portal> portals, IEnumerable<Scanner> scanners, IEnumerable<Point> points, IEnumerable<Equipment> equipment)
    {
        (Trust, Site, TimeZone) = (trust, site, timeZone);
        Locations = [.. locations];
        Scanners = [.. scanners];
        _locations = Locations.ToDictionary(l => l.Id);
        _scanners = Scanners.ToDictionary(s => s.Id);
        _portals = portals.GroupBy(p => p.Id).ToDictionary(g => g.Key, g => g.OrderBy(p => p.Model.ValidFromUs).ToArray());
        _points = points.GroupBy(p => p.Id).ToDictionary(g => g.Key, g => g.OrderBy(p => p.ValidFromUs).ToArray());
        _equipment = equipment.ToDictionary(e => (e.Gateway, e.Kind, e.Id));
    }

    public NamedPlace Trust { get; }
    public NamedPlace Site { get; }
    public TimeZoneInfo TimeZone { get; }
    public IReadOnlyList<Location> Locations { get; }
    public IReadOnlyList<Scanner> Scanners { get; }

    /// <summary>Each portal as it is last known.</summary>
    public IEnumerable<Portal> Portals => _portals.Values.Select(p => p[^1]);

    /// <summary>Each point as it is last known.</summary>
    public IEnumerable<Point> Points => _points.Values.Select(p => p[^1]);

    public Location? Location(string? id) => id is null ? null : _locations.GetValueOrDefault(id);

    /// <summary>A place and everything that lies in it.</summary>
    public IReadOnlyList<string> Within(string id)
    {
        var all = new List<string> { id };
        for (var n = 0; n < all.Count; n++) all.AddRange(Locations.Where(l => l.Parent == all[n]).Select(l => l.Id));
        return all;
    }

    public Scanner? Scanner(string id) => _scanners.GetValueOrDefault(id);
    public Equipment? Equipment(string gateway, string kind, string id) => _equipment.GetValueOrDefault((gateway, kind, id));

    /// <summary>Every gateway that something of the site hangs on.</summary>
    public IEnumerable<string> Gateways => Portals.Select(p => p.Gateway).Concat(Scanners.Select(s => s.Gateway)).Concat(Points.Select(p => p.Gateway)).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The portal as it was at an event time; the earliest model also explains what is older than itself.</summary>
    public Portal? Portal(string id, long atUs) => At(_portals.GetValueOrDefault(id), atUs, p => p.Model.ValidFromUs);
    public Point? Point(string id, long atUs) => At(_points.GetValueOrDefault(id), atUs, p => p.ValidFromUs);

    /// <summary>The portal as it is last known.</summary>
    public Portal? Portal(string id) => _portals.GetValueOrDefault(id)?[^1];
    public Point? Point(string id) => _points.GetValueOrDefault(id)?[^1];

    /// <summary>All models of a portal, oldest first; empty when it is not in the site.</summary>
    public IReadOnlyList<Portal> PortalHistory(string id) => _portals.GetValueOrDefault(id) ?? [];
    public IReadOnlyList<Point> PointHistory(string id) => _points.GetValueOrDefault(id) ?? [];

    /// <summary>Who told of a thing: a portal, a scanner, a page or a place.</summary>
    public string SourceName(string id) => Portal(id)?.Name ?? Scanner(id)?.Name ?? (id == "stock" ? "a page of EdgeTrace" : LocationName(id));

    public string LocationName(string? id) => Location(id)?.Name ?? id ?? "";

    static T? At<T>(T[]? history, long atUs, Func<T, long> from) where T : class
    {
        if (history is null) return null;
        for (var i = history.Length - 1; i > 0; i--)
            if (from(history[i]) <= atUs) return history[i];
        return history[0];
    }
}
