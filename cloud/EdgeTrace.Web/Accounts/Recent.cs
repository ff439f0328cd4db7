namespace EdgeTrace.Web.Accounts;

/// <summary>Who was last at this terminal, so that a name is one touch; kept in this browser only.</summary>
static class Recent
{
    public const string Key = "recent-people";
    const int Max = 6;

    public static List<(string Id, string Name)> Read(string? kept) =>
        [.. (kept ?? "").Split('\n').Select(line => line.Split('|', 2)).Where(parts => parts is [{ Length: > 0 }, { Length: > 0 }]).Select(parts => (parts[0], parts[1])).Take(Max)];

    /// <summary>The newest first, each once.</summary>
    public static string With(string? kept, string id, string name) =>
        string.Join('\n', Read(kept).Where(one => one.Id != id).Prepend((id, name.Replace('\n', ' '))).Take(Max).Select(one => $"{one.Item1}|{one.Item2}"));
}
