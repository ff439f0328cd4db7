using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Devices.Llrp;

/// <summary>One RFID reader and the portals its antennas watch.</summary>
sealed class LlrpOptions
{
    public string Name { get; set; } = "";
    public string Host { get; set; } = "";

    /// <summary>LLRP's registered port; 5085 is LLRP over TLS, which few readers have.</summary>
    public int Port { get; set; } = 5084;

    public IReadOnlyList<LlrpPortalOptions> Portals { get; set; } = [];

    /// <summary>Transmit power in dBm; null: the highest the reader offers.</summary>
    public double? PowerDbm { get; set; }

    /// <summary>Octane advises 10 s or more; two missed are the end of the connection.</summary>
    public TimeSpan Keepalive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Tell each tag's own number (TID) with its reads, so that two tags with one EPC are two. Off: each tag then has more to say in the same moment before the antennas.</summary>
    public bool Tid { get; set; }

    public IEnumerable<string> Mistakes(string path)
    {
        if (!GatewayTopics.IsWord(Name)) yield return $"{path}.Name: '{Name}' cannot be a name here; use 1 to 40 of a-z, 0-9 and -.";
        if (Host.Length == 0) yield return $"{path}.Host: give the reader's address.";
        if (Port is < 1 or > 65535) yield return $"{path}.Port: {Port} is not a TCP port; LLRP's is 5084.";
        if (Keepalive < TimeSpan.FromSeconds(1) || Keepalive > TimeSpan.FromMinutes(5)) yield return $"{path}.Keepalive: {Keepalive} is outside 1 s to 5 min; 00:00:10 is usual.";
        if (PowerDbm is < 0 or > 36) yield return $"{path}.PowerDbm: {PowerDbm} is outside 0 to 36 dBm; ETSI EN 302 208 allows 33 dBm ERP.";
        if (Portals.Count == 0) yield return $"{path}.Portals: name at least one portal and its antennas.";
        for (var i = 0; i < Portals.Count; i++)
            foreach (var mistake in Portals[i].Mistakes($"{path}.Portals[{i}]")) yield return mistake;
        foreach (var shared in Portals.SelectMany(portal => portal.Antennas).GroupBy(antenna => antenna).Where(group => group.Count() > 1))
            yield return $"{path}.Portals: antenna {shared.Key} is in {shared.Count()} portals; an antenna watches one.";
        foreach (var shared in Portals.SelectMany(portal => portal.Beacon?.Ports ?? []).GroupBy(port => port).Where(group => group.Count() > 1))
            yield return $"{path}.Portals: output {shared.Key} is the beacon of {shared.Count()} portals; a lamp belongs to one.";
    }
}

/// <summary>A portal and the reader's ports that watch it.</summary>
sealed class LlrpPortalOptions
{
    /// <summary>The portal's word in the site model; its stream is <c>reads/{name}</c>.</summary>
    public string Name { get; set; } = "";

    public IReadOnlyList<ushort> Antennas { get; set; } = [];

    /// <summary>The lamps at this portal; null: there are none.</summary>
    public BeaconOptions? Beacon { get; set; }

    public IEnumerable<string> Mistakes(string path)
    {
        if (!GatewayTopics.IsWord(Name)) yield return $"{path}.Name: '{Name}' cannot be part of a topic; use 1 to 40 of a-z, 0-9 and -.";
        if (Antennas.Count == 0) yield return $"{path}.Antennas: list the reader's ports that watch this portal, as [1, 2].";
        if (Antennas.Contains((ushort)0)) yield return $"{path}.Antennas: ports count from 1.";
        if (Beacon is { } beacon && (!beacon.Ports.Any() || beacon.Ports.Contains((ushort)0))) yield return $"{path}.Beacon: give AmberPort, RedPort or both, the reader's outputs (GPO) that the lamps hang on; they count from 1.";
    }
}

/// <summary>The reader's outputs (GPO) that the lamps of a portal hang on. One lamp for both colours is lit for either.</summary>
sealed class BeaconOptions
{
    public ushort? AmberPort { get; set; }
    public ushort? RedPort { get; set; }

    public IEnumerable<ushort> Ports => new[] { AmberPort, RedPort }.OfType<ushort>().Distinct();
}
