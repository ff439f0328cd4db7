namespace EdgeTrace.Gateway.Devices.Policy;

/// <summary>One rule about EPCs: doors hear visitors' clothes and staff badges too. The first rule that matches decides.</summary>
sealed class EpcRuleOptions
{
    public string Name { get; set; } = "";

    /// <summary>The EPC's first byte in hex, as <c>30</c> for SGTIN-96.</summary>
    public string? Header { get; set; }

    /// <summary>The EPC's first hex digits.</summary>
    public string? Prefix { get; set; }

    /// <summary>Keep, Count or Drop.</summary>
    public EpcVerdict Do { get; set; }

    public IEnumerable<string> Mistakes(string path)
    {
        if (Name.Length == 0) yield return $"{path}.Name: give the rule a name; dropped reads are counted under it.";
        if (Do == EpcVerdict.None) yield return $"{path}.Do: say Keep, Count (count only) or Drop.";
        if (Header is not null && (Header.Length != 2 || !Header.All(char.IsAsciiHexDigit))) yield return $"{path}.Header: '{Header}' is not one byte of hex, as 30.";
        if (Prefix is not null && (Prefix.Length == 0 || Prefix.Length > 124 || !Prefix.All(char.IsAsciiHexDigit))) yield return $"{path}.Prefix: '{Prefix}' is not 1 to 124 hex digits.";
        if (Header is not null && Prefix is not null) yield return $"{path}: give Header or Prefix, not both.";
    }
}

enum EpcVerdict
{
    None,
    Keep,
    Count,
    Drop,
}

/// <summary>Decides what becomes of a read before anything is stored. Pure; shared by all portals.</summary>
sealed class EpcPolicy(IReadOnlyList<EpcRuleOptions> rules)
{
    readonly Rule[] _rules = [.. rules.Select(rule =>
    {
        var hex = rule.Header ?? rule.Prefix ?? "";
        return new Rule(rule.Name, Convert.FromHexString(Even(hex)), hex.Length, rule.Do);
    })];

    /// <summary>Null when the read is to be stored; else the rule under which it is counted: its name, or for Drop no more than that it was dropped.</summary>
    public string? DroppedAs(ReadOnlySpan<byte> epc)
    {
        foreach (ref readonly var rule in _rules.AsSpan())
        {
            if (!rule.Matches(epc)) continue;
            return rule.Do switch { EpcVerdict.Keep => null, EpcVerdict.Count => rule.Name, _ => Unnamed };
        }
        return null;
    }

    /// <summary>What is dropped unseen is not told by rule: a count of one badge's reads would say where its owner walks.</summary>
    public const string Unnamed = "dropped";

    static string Even(string hex) => hex.Length % 2 == 0 ? hex : hex + "0";

    readonly record struct Rule(string Name, byte[] Bytes, int HexDigits, EpcVerdict Do)
    {
        public bool Matches(ReadOnlySpan<byte> epc)
        {
            var whole = HexDigits / 2;
            if (epc.Length * 2 < HexDigits || !epc[..whole].SequenceEqual(Bytes.AsSpan(0, whole))) return false;
            return HexDigits % 2 == 0 || epc[whole] >> 4 == Bytes[whole] >> 4;
        }
    }
}
