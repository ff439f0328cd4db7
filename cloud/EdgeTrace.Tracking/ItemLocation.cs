namespace EdgeTrace.Tracking;

/// <summary>What a belief about an item's place rests on.</summary>
public enum LocationBasis
{
    /// <summary>Derived from other facts, such as presence in a zone.</summary>
    Inferred,
    /// <summary>Counted there by a person.</summary>
    Count,
    /// <summary>Scanned there.</summary>
    Scan,
    /// <summary>Carried through a door.</summary>
    Passage,
}

/// <summary>One fact that puts an item into a location.</summary>
/// <param name="EventUs">When it was there; the greatest wins, so that a week-old backlog cannot move an item back.</param>
/// <param name="Portal">Where it was observed: portal, scanner or count; decides between equal times.</param>
/// <param name="VisitStartUs">First read of the visit, or the event time again; decides between equal portals.</param>
/// <param name="Location">Where that puts the item.</param>
/// <param name="Basis">What kind of fact it is.</param>
/// <param name="Confidence">0…1; 1 where a person said so.</param>
public sealed record Whereabouts(long EventUs, string Portal, long VisitStartUs, string Location, LocationBasis Basis, double Confidence) : IComparable<Whereabouts>
{
    public int CompareTo(Whereabouts? other)
    {
        if (other is null) return 1;
        var order = EventUs.CompareTo(other.EventUs);
        if (order == 0) order = string.CompareOrdinal(Portal, other.Portal);
        if (order == 0) order = VisitStartUs.CompareTo(other.VisitStartUs);
        if (order == 0) order = Basis.CompareTo(other.Basis);
        if (order == 0) order = string.CompareOrdinal(Location, other.Location);
        return order != 0 ? order : Confidence.CompareTo(other.Confidence);
    }

    public static bool operator <(Whereabouts left, Whereabouts right) => left.CompareTo(right) < 0;
    public static bool operator >(Whereabouts left, Whereabouts right) => left.CompareTo(right) > 0;
    public static bool operator <=(Whereabouts left, Whereabouts right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Whereabouts left, Whereabouts right) => left.CompareTo(right) >= 0;
}

/// <summary>Where anything last heard or saw the item, whether or not it says in which location it is.</summary>
public sealed record LastSeen(long EventUs, string Portal);

/// <summary>Where an item is, on what basis, and when it was last seen: the greatest of all facts about it, in whatever order they came.</summary>
/// <param name="Is">The winning fact; null while the item has only been heard.</param>
/// <param name="Seen">The newest sign of it.</param>
public sealed record ItemLocation(Whereabouts? Is, LastSeen? Seen)
{
    public static readonly ItemLocation Unknown = new(null, null);

    /// <summary>What one visit says. A passage moves the item, a zone infers presence, everything else only hears it.</summary>
    public static ItemLocation From(Visit visit, PortalModel model)
    {
        var (location, basis) = (model.Kind, visit.Direction) switch
        {
            (PortalKind.Door, Direction.In) => (model.Inside, LocationBasis.Passage),
            (PortalKind.Door, Direction.Out) => (model.Outside, LocationBasis.Passage),
            (PortalKind.Zone, _) => (model.Inside, LocationBasis.Inferred),
            _ => (null, LocationBasis.Inferred),
        };
        var whereabouts = location is null ? null : new Whereabouts(visit.LastUs, visit.Portal, visit.FirstUs, location, basis, visit.Confidence);
        return new(whereabouts, new LastSeen(visit.LastUs, visit.Portal));
    }

    /// <summary>A person's scan or count at a place.</summary>
    public static ItemLocation From(long eventUs, string place, string location, LocationBasis basis) =>
        new(new Whereabouts(eventUs, place, eventUs, location, basis, 1), new LastSeen(eventUs, place));

    /// <summary>Commutative, associative and idempotent.</summary>
    public ItemLocation Merge(ItemLocation other) =>
        new(Is is null || Is.CompareTo(other.Is) < 0 ? other.Is : Is, Newer(Seen, other.Seen));

    static LastSeen? Newer(LastSeen? a, LastSeen? b)
    {
        if (a is null) return b;
        if (b is null) return a;
        if (a.EventUs != b.EventUs) return a.EventUs > b.EventUs ? a : b;
        return string.CompareOrdinal(a.Portal, b.Portal) >= 0 ? a : b;
    }
}
