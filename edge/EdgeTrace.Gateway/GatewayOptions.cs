using EdgeTrace.Contract;

namespace EdgeTrace.Gateway;

/// <summary>Who this gateway is and where it keeps what it must not lose.</summary>
sealed class GatewayOptions
{
    public string Trust { get; set; } = "";
    public string Site { get; set; } = "";

    /// <summary>The gateway's word: its topics, its user name, its client id.</summary>
    public string Id { get; set; } = "";

    public string DataDirectory { get; set; } = "";

    /// <summary>
    /// How many bytes the disk under DataDirectory bears being written: what the doctor's projected life is counted from. By default half of what
    /// SanDisk rates a 32 GB High Endurance card for (2,500 h of video at 26 Mbit/s = 29 TB): a card without a rating is sold for cameras.
    /// </summary>
    public double DiskEnduranceBytes { get; set; } = 15e12;

    public IEnumerable<string> Mistakes(string path)
    {
        foreach (var (name, value) in new[] { ("Trust", Trust), ("Site", Site), ("Id", Id) })
            if (!GatewayTopics.IsWord(value)) yield return $"{path}.{name}: '{value}' cannot be part of a topic; use 1 to 40 of a-z, 0-9 and -.";
        if (DataDirectory.Length == 0) yield return $"{path}.DataDirectory: name a folder that survives a power cut, as /var/lib/edgetrace.";
        if (!(DiskEnduranceBytes >= 1e9)) yield return $"{path}.DiskEnduranceBytes: {DiskEnduranceBytes:0} is less than any disk bears; give its rated bytes written (TBW · 1e12), as 29e12.";
    }
}
