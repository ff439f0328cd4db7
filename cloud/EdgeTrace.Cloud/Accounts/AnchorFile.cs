using System.Globalization;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Accounts;

/// <summary><c>audit-anchors</c> beside the ledger: once a day how far the audit was, a line each, <c>time seq hash</c>. The process's log says the same.</summary>
static class AnchorFile
{
    const string Name = "audit-anchors";

    public static void Add(string folder, AuditAnchor anchor) => File.AppendAllText(Path.Combine(folder, Name), Line(anchor) + "\n");

    public static string Line(AuditAnchor anchor) => string.Create(CultureInfo.InvariantCulture, $"{anchor.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} {anchor.Seq} {anchor.Hash}");

    /// <exception cref="InvalidDataException">A line is not one of ours.</exception>
    public static IReadOnlyList<AuditAnchor> Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        // A power cut can leave the newest line half written; a line is whole with its end.
        return !File.Exists(path) ? [] : [.. File.ReadAllText(path).Split('\n')[..^1].Select(line =>
            TryParse(line, out var anchor) ? anchor : throw new InvalidDataException($"{path} has a line that is no anchor: '{line}'. It was changed by hand."))];
    }

    public static bool TryParse(string line, out AuditAnchor anchor)
    {
        anchor = new(default, 0, "");
        if (line.Split(' ') is not [var at, var seq, { Length: 64 } hash]) return false;
        if (!DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when) || !long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        anchor = new(when, number, hash.ToLowerInvariant());
        return true;
    }
}
