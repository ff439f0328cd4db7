using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Projections;

/// <summary>Says which zone a stream belongs to, and makes zones, fresh or from a snapshot.</summary>
sealed class ZoneFactory(SiteModel site, ItemNames names, PointBoard points, EquipmentBoard equipment)
{
    readonly ItemNames _names = names.AsConfigured;

    /// <summary>Where a batch goes.</summary>
    /// <param name="Zone">The zone of its stream, or of its gateway when the site model has no place for it.</param>
    /// <param name="Stray">Set when it has none: what kind of thing, its name, and whose it is if it is another gateway's.</param>
    public readonly record struct Route(ZoneId Zone, (string Kind, string Name, string? Owner)? Stray);

    /// <param name="atUs">Event time: a box may have been swapped since.</param>
    public Route RouteOf(BatchId id, long atUs)
    {
        if (!StreamName.TrySplit(id.Stream, out var kind, out var name)) return new(Gateway(id.Gateway), ("stream", id.Stream, null));
        return kind switch
        {
            StreamKind.Health => new(Gateway(id.Gateway), null),
            StreamKind.Reads => Owned("portal", "portal", name, id.Gateway, site.Portal(name, atUs)?.Gateway),
            StreamKind.Scans => Owned("scanner", "scanner", name, id.Gateway, site.Scanner(name)?.Gateway),
            _ => Owned("point", "point", name, id.Gateway, site.Point(name, atUs)?.Gateway),
        };
    }

    public Zone Make(ZoneId id, byte[]? snapshot) => id.Projection switch
    {
        "portal" => new PortalZone(id.Zone, site, _names, snapshot),
        "point" => new PointZone(id.Zone, site, points, snapshot),
        "scanner" => new ScannerZone(id.Zone, site, _names),
        "gateway" => new GatewayZone(id.Zone, equipment),
        _ => throw new ArgumentException($"No projection is called {id.Projection}."),
    };

    static Route Owned(string projection, string kind, string name, string gateway, string? owner) =>
        owner == gateway ? new(new(projection, name), null) : new(Gateway(gateway), (kind, name, owner));

    static ZoneId Gateway(string gateway) => new("gateway", gateway);
}
