namespace EdgeTrace.Gateway.Uplink;

/// <summary>Where the broker is and how the gateway proves who it is. The user name is the gateway's id.</summary>
sealed class BrokerOptions
{
    public string Host { get; set; } = "";

    /// <summary>1883 in the clear, 8883 over TLS.</summary>
    public int Port { get; set; } = 1883;

    /// <summary>A file with the password on its first line, readable by the gateway alone. Never the password itself.</summary>
    public string PasswordFile { get; set; } = "";

    public bool Tls { get; set; }

    /// <summary>The certificate authority to trust, PEM; empty: those of the system.</summary>
    public string? CaFile { get; set; }

    /// <summary>How long a batch may go unacknowledged before it is sent again, also on a link that looks well.</summary>
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause between two attempts; with full jitter 500 gateways then come back over about that long.</summary>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromSeconds(60);

    public IEnumerable<string> Mistakes(string path)
    {
        if (Host.Length == 0) yield return $"{path}.Host: give the broker's address.";
        if (Port is < 1 or > 65535) yield return $"{path}.Port: {Port} is not a TCP port; MQTT's are 1883 and, over TLS, 8883.";
        if (PasswordFile.Length == 0) yield return $"{path}.PasswordFile: name the file that holds this gateway's password.";
        else if (!File.Exists(PasswordFile)) yield return $"{path}.PasswordFile: {PasswordFile} is not there; write the password the broker knows this gateway by into it.";
        if (CaFile is { Length: > 0 } && !File.Exists(CaFile)) yield return $"{path}.CaFile: {CaFile} is not there.";
        if (CaFile is { Length: > 0 } && !Tls) yield return $"{path}.CaFile: a CA is of use only with Tls: true.";
        if (ResendAfter < TimeSpan.FromSeconds(1) || ResendAfter > TimeSpan.FromMinutes(10)) yield return $"{path}.ResendAfter: {ResendAfter} is outside 1 s to 10 min; 00:00:10 is usual.";
        if (RetryDelayMax < TimeSpan.FromSeconds(1) || RetryDelayMax > TimeSpan.FromHours(1)) yield return $"{path}.RetryDelayMax: {RetryDelayMax} is outside 1 s to 1 h; 00:01:00 is usual.";
    }
}
