using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeTrace.Store.Readings.Lines;

/// <summary>What a store's answer to a request of lines means.</summary>
public enum LineVerdict
{
    /// <summary>All lines are written.</summary>
    Taken,

    /// <summary>The store wants fewer requests: 429, 503.</summary>
    Busy,

    /// <summary>The store itself is in trouble: 408 and 5xx.</summary>
    Failing,

    /// <summary>Nothing will be written until a person changes something: credentials, database, address.</summary>
    Refused,

    /// <summary>The request was too long, whatever is in it: 413.</summary>
    TooLong,

    /// <summary>Some or all lines are wrong: 400, 422.</summary>
    Rejected,
}

/// <summary>An answer, understood.</summary>
/// <param name="Said">What the server said, shortened for a sentence.</param>
/// <param name="Partial">Every line that is not named or counted as dropped has been written.</param>
/// <param name="Bad">The wrong lines with the server's reason; empty when it did not say which.</param>
/// <param name="Expired">So many of the oldest lines were older than the store keeps.</param>
public sealed partial record LineAnswer(
    LineVerdict Verdict, string Said, TimeSpan? RetryAfter = null, bool Partial = false, IReadOnlyDictionary<int, string>? Bad = null, int Expired = 0)
{
    const int SaidMax = 200;

    /// <summary>What the server says of one line: InfluxDB 1.x and 2.x.</summary>
    [GeneratedRegex(@"unable to parse '(?<line>.*?)': (?<why>[^\n]*?)(?= dropped=\d+|\n|$)", RegexOptions.Singleline)]
    private static partial Regex Unparsed();

    [GeneratedRegex("""field type conflict: input field "(?<field>[^"]+)" on measurement "(?<measurement>[^"]+)" is type \w+, already exists as type \w+""")]
    private static partial Regex TypeClash();

    [GeneratedRegex(@"dropped=(?<count>\d+)")]
    private static partial Regex Dropped();

    public static LineAnswer Of(HttpStatusCode status, TimeSpan? retryAfter, string body, LineBody lines, int from, int to)
    {
        var said = $"{(int)status} {Words(body)}".Trim();
        return (int)status switch
        {
            >= 200 and < 300 => new(LineVerdict.Taken, ""),
            429 or 503 => new(LineVerdict.Busy, said, retryAfter),
            408 or >= 500 => new(LineVerdict.Failing, said, retryAfter),
            413 => new(LineVerdict.TooLong, said),
            400 or 422 => Rejected(body, said, lines, from, to),
            _ => new(LineVerdict.Refused, said),
        };
    }

    static LineAnswer Rejected(string body, string said, LineBody lines, int from, int to)
    {
        var message = Message(body);
        var partial = message.Contains("partial write", StringComparison.Ordinal);
        var dropped = Dropped().Match(message) is { Success: true } match ? int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) : 0;
        if (partial && message.Contains("retention policy", StringComparison.Ordinal)) return new(LineVerdict.Rejected, said, null, true, null, Math.Min(dropped, to - from));
        var bad = ByNumber(body, from, to) ?? ByText(message, lines, from, to);
        // A clash names one field of one measurement. Only where as many lines have it as were dropped is it they.
        if (bad.Count == 0 && partial && TypeClash().Match(message) is { Success: true } clash)
        {
            var having = Having(lines, from, to, clash.Groups["measurement"].Value, clash.Groups["field"].Value);
            if (having.Count == dropped) bad = having.ToDictionary(line => line, _ => Shortened(clash.Value));
        }
        return new(LineVerdict.Rejected, said, null, partial, bad);
    }

    /// <summary>InfluxDB 3: <c>{"error":"partial write of line protocol occurred","data":[{"line_number":2,"error_message":"…"}]}</c>.</summary>
    static Dictionary<int, string>? ByNumber(string body, int from, int to)
    {
        if (Json(body) is not { ValueKind: JsonValueKind.Object } answer || !answer.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array) return null;
        var bad = new Dictionary<int, string>();
        foreach (var each in data.EnumerateArray())
            if (each.ValueKind == JsonValueKind.Object && each.TryGetProperty("line_number", out var number) && number.TryGetInt32(out var line) && line >= 1 && line <= to - from)
                bad[from + line - 1] = Shortened(each.TryGetProperty("error_message", out var why) ? why.ToString() : "");
        return bad;
    }

    static Dictionary<int, string> ByText(string message, LineBody lines, int from, int to)
    {
        var why = new Dictionary<string, string>();
        foreach (Match match in Unparsed().Matches(message)) why[match.Groups["line"].Value] = Shortened(match.Groups["why"].Value);
        return why.Count == 0 ? [] : Enumerable.Range(from, to - from).Where(line => why.ContainsKey(lines.Line(line))).ToDictionary(line => line, line => why[lines.Line(line)]);
    }

    static List<int> Having(LineBody lines, int from, int to, string measurement, string field) => [.. Enumerable.Range(from, to - from).Where(i =>
        lines.Line(i) is var line && line.StartsWith(measurement + ",", StringComparison.Ordinal)
        && (line.Contains($" {field}=", StringComparison.Ordinal) || line.Contains($",{field}=", StringComparison.Ordinal)))];

    static string Message(string body) => Json(body) is { ValueKind: JsonValueKind.Object } answer
        ? (answer.TryGetProperty("error", out var error) ? error : answer.TryGetProperty("message", out var message) ? message : answer).ToString()
        : body;

    static JsonElement? Json(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body);
        }
        catch (JsonException)
        {
            return null;   // a proxy's page, or VictoriaMetrics' plain text
        }
    }

    static string Words(string body) => Shortened(Message(body).Trim());

    static string Shortened(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= SaidMax ? line : line[..SaidMax] + "…";
    }
}
