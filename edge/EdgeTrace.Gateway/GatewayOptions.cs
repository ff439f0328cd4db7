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

    public IEnumerable<string> Mistakes(string path)
    {
        foreach (var (name, value) in new[] { ("Trust", Trust), ("Site", Site), ("Id", Id) })
            if (!GatewayTopics.IsWord(value)) yield return $"{path}.{name}: '{value}' cannot be part of a topic; use 1 to 40 of a-z, 0-9 and -.";
        if (DataDirectory.Length == 0) yield return $"{path}.DataDirectory: name a folder that survives a power cut, as /var/lib/edgetrace.";
    }
}
