using System.Globalization;

namespace EdgeTrace.Web.Points;

/// <summary>A stretch of a point's record as somebody chose it: the newest so-and-so much, which goes on with the clock, or from one moment to another.</summary>
/// <param name="Last">How much, for the first kind.</param>
public sealed record PeriodChoice(TimeSpan? Last, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>What a point shows when nobody chose: the shift that is on.</summary>
    public static readonly PeriodChoice Usual = Newest(TimeSpan.FromHours(1));

    /// <summary>Word in the address, name on the page, length. 13 months is how long a cold chain's record is kept at the least.</summary>
    public static readonly IReadOnlyList<(string Word, string Name, TimeSpan Length)> Presets =
    [
        ("1h", "1 h", TimeSpan.FromHours(1)), ("24h", "24 h", TimeSpan.FromHours(24)), ("7d", "7 days", TimeSpan.FromDays(7)),
        ("30d", "30 days", TimeSpan.FromDays(30)), ("1y", "Year", TimeSpan.FromDays(365)), ("13mo", "13 months", TimeSpan.FromDays(396)),
    ];

    public static PeriodChoice Newest(TimeSpan length) => new(length, default, default);

    /// <summary>Reads the address; what makes no sense is the usual period.</summary>
    public static PeriodChoice Of(string? last, string? from, string? to)
    {
        if (Instant(from) is { } start && Instant(to) is { } end && start < end) return new(null, start, end);
        return Presets.FirstOrDefault(preset => preset.Word == last) is { Name: not null } chosen ? Newest(chosen.Length) : Usual;
    }

    /// <summary>The query that <see cref="Of"/> reads.</summary>
    public string Address => Last is { } length
        ? $"last={Presets.First(preset => preset.Length == length).Word}"
        : $"from={Text(From)}&to={Text(To)}";

    /// <summary>Both ends, for one who looks now.</summary>
    public (DateTimeOffset From, DateTimeOffset To) At(DateTimeOffset now) => Last is { } length ? (now - length, now) : (From, To);

    /// <summary>Whether more may come into it.</summary>
    public bool GoesOn(DateTimeOffset now) => Last is not null || To > now;

    static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime() : null;

    static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(at.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
