using EdgeTrace.Api;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;

namespace EdgeTrace.Cloud.Faults;

/// <summary>A piece of equipment as people find it.</summary>
/// <param name="Name">With its kind in front: "Reader Store 3 door".</param>
/// <param name="Serves">What people miss when it fails: "Store 2 door and Store 3 door".</param>
/// <param name="Portals">The portals it hears for, by id.</param>
/// <param name="Evidence">The page that shows more.</param>
sealed record NamedEquipment(string Name, string Serves, string? Place, Equipment? Facts, IReadOnlyList<string> Portals, string Evidence)
{
    public string Where { get; } = string.Join(", ", new[] { Place, Facts?.Asset is { } asset ? $"asset {asset}" : null, Facts?.Room, Facts?.Port }.OfType<string>());
}

/// <summary>Finds what a device is called, where it is and what hangs on it: from the site model, and from what its gateway's birth says of its wiring.</summary>
sealed class FaultNames(SiteModel site, GatewayDirectory gateways)
{
    public NamedEquipment Of(string gateway, string kind, string name)
    {
        var facts = site.Equipment(gateway, kind, kind == EquipmentBoard.GatewayKind ? gateway : name);
        var page = $"gateways/{Uri.EscapeDataString(gateway)}";
        switch (kind)
        {
            case "gateway":
                var box = GatewayName(gateway);
                return name == gateway ? new(box, box, null, facts, [], page) : new($"The {name} of {LowerFirst(box)}", box, null, facts, [], page);
            case "link": return new($"Link of {LowerFirst(GatewayName(gateway))}", GatewayName(gateway), null, site.Equipment(gateway, "gateway", gateway), [], page);
            case "outbox": return new($"Outbox of {LowerFirst(GatewayName(gateway))}", GatewayName(gateway), null, site.Equipment(gateway, "gateway", gateway), [], page);
            case "reader":
                var portals = PortalsOf(gateway, name);
                return new($"Reader {facts?.Name ?? (portals.Length > 0 ? PortalNames(portals) : Spoken(name))}", portals.Length > 0 ? PortalNames(portals) : "its doors", PlaceOf(portals), facts, portals, page);
            case "antenna": return Antenna(gateway, name, facts, page);
            case "beacon":
                var door = site.Portal(name);
                return new($"Beacon of {door?.Name ?? Spoken(name)}", door?.Name ?? Spoken(name), PlaceOf([name]), facts, [name], page);
            case "scanner":
                var scanner = site.Scanner(name);
                return new($"Scanner {facts?.Name ?? scanner?.Name ?? Spoken(name)}", scanner?.Name ?? Spoken(name), site.Location(scanner?.Location)?.Name, facts, [], page);
            case "portal":
                var portal = site.Portal(name);
                return new($"Portal {portal?.Name ?? Spoken(name)}", portal?.Name ?? Spoken(name), null, facts, [name], page);
            default:
                var point = site.Point(name);
                var called = point?.Name ?? Spoken(name);
                return new($"{(kind == "probe" ? $"Probe {facts?.Name ?? called}" : $"{Capital(kind)} {called}")}", called, site.Location(point?.Location)?.Name, facts, [], point is null ? page : $"points/{Uri.EscapeDataString(name)}");
        }
    }

    public string GatewayName(string gateway) => site.Equipment(gateway, "gateway", gateway)?.Name is { } name ? $"Gateway {name}" : $"Gateway {gateway}";

    public bool Knows(string gateway) => site.Gateways.Contains(gateway) || gateways.Find(gateway) is not null;

    public string PortalName(string id) => site.Portal(id)?.Name ?? Spoken(id);

    /// <summary>A subject of planned work in words; null when there is no such thing.</summary>
    public string? SubjectName(string subject, EquipmentBoard board) => subject.Split('/') switch
    {
        ["portal", var id] => site.Portal(id)?.Name,
        [var gateway, "gateway", var name] when gateway == name => board.Told(subject) is not null || site.Gateways.Contains(gateway) ? $"{GatewayName(gateway)} and all below it" : null,
        [var gateway, var kind, var name] => board.Told(subject) is not null || (site.Gateways.Contains(gateway) && Declared(gateway, kind, name)) ? Of(gateway, kind, name).Name : null,
        _ => null,
    };

    /// <summary>What work may be planned for from a device's fault: itself, the doors it hears for, its gateway.</summary>
    public IReadOnlyList<PlanSubject> SubjectsOf(string gateway, string kind, string name, NamedEquipment named)
    {
        var whole = EquipmentBoard.IdOf(gateway, EquipmentBoard.GatewayKind, gateway);
        var own = EquipmentBoard.IdOf(gateway, kind, name);
        IEnumerable<PlanSubject> doors = kind == "portal" ? [] : named.Portals.Select(portal => new PlanSubject($"portal/{portal}", PortalName(portal)));
        return [.. own == whole ? Array.Empty<PlanSubject>() : [kind == "portal" ? new($"portal/{name}", named.Serves) : new(own, named.Name)], .. doors, new(whole, $"{GatewayName(gateway)} and all below it")];
    }

    NamedEquipment Antenna(string gateway, string name, Equipment? facts, string page)
    {
        // A gateway calls an antenna by its reader and its port.
        var dash = name.LastIndexOf('-');
        var (reader, port) = dash > 0 ? (name[..dash], name[(dash + 1)..]) : (name, "");
        var portals = gateways.Find(gateway)?.Birth?.Wiring.Where(wire => wire.Reader == reader && wire.Antennas.Any(antenna => $"{antenna}" == port)).Select(wire => wire.Portal).ToArray() ?? [];
        var serves = portals.Length > 0 ? PortalNames(portals) : "its door";
        return new(facts?.Name is { } called ? $"Antenna {called}" : $"Antenna {port} of {(portals.Length > 0 ? serves : Spoken(reader))}", serves, PlaceOf(portals), facts ?? site.Equipment(gateway, "reader", reader), portals, page);
    }

    string[] PortalsOf(string gateway, string reader) =>
        gateways.Find(gateway)?.Birth?.Wiring.Where(wire => wire.Reader == reader).Select(wire => wire.Portal).ToArray() ?? [];

    bool Declared(string gateway, string kind, string name) => kind switch
    {
        "reader" => PortalsOf(gateway, name).Length > 0,
        "scanner" => site.Scanner(name)?.Gateway == gateway,
        "probe" or "point" => site.Point(name)?.Gateway == gateway,
        _ => false,
    };

    /// <summary>Only where all are in one place; a reader that serves two rooms hangs in neither.</summary>
    string? PlaceOf(IReadOnlyList<string> portals) =>
        portals.Select(id => site.LocationName(site.Portal(id)?.Model.Inside)).Where(place => place.Length > 0).Distinct().ToArray() is [var one] ? one : null;

    string PortalNames(IReadOnlyList<string> portals) => string.Join(" and ", portals.Select(PortalName));

    static string Spoken(string name) => Capital(name.Replace('-', ' '));
    static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
    static string LowerFirst(string text) => char.ToLowerInvariant(text[0]) + text[1..];
}
