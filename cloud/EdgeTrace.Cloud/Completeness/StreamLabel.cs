using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;

namespace EdgeTrace.Cloud.Completeness;

/// <summary>What a stream is called, and where it stands on the page: the cold chain first, for that is what has to be shown.</summary>
/// <param name="IsReading">TagReads, scans and samples; a gateway's alarms and states are listed only when something of them is missing.</param>
sealed record StreamLabel(int Order, string Kind, string Name, string? Place, bool IsReading)
{
    public static StreamLabel Of(SiteModel site, string stream, long atUs)
    {
        if (!StreamName.TrySplit(stream, out var kind, out var name)) return new(5, "unknown", stream, null, false);
        switch (kind)
        {
            case StreamKind.Samples:
                var point = site.Point(name, atUs);
                return new(0, "samples", point?.Name ?? name, PlaceOf(site, point?.Location), true);
            case StreamKind.Reads:
                var portal = site.Portal(name, atUs);
                return new(1, "reads", portal?.Name ?? name, PlaceOf(site, portal?.Model.Inside), true);
            case StreamKind.Scans:
                var scanner = site.Scanner(name);
                return new(2, "scans", scanner?.Name ?? name, PlaceOf(site, scanner?.Location), true);
            case StreamKind.Alarms: return new(3, "alarms", $"{site.Point(name, atUs)?.Name ?? name}, the gateway's own alarms", null, false);
            default: return new(4, "health", "States of the gateway's devices", null, false);
        }
    }

    static string? PlaceOf(SiteModel site, string? location) => location is null ? null : site.LocationName(location);
}
