using System.Globalization;
using System.Text.Json.Nodes;
using EdgeTrace.Store;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Readings;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>
/// A cloud with one fridge that has been read every ten seconds for a year, and a browser. The fridge froze once, was too warm once, was not read
/// for two days, and is a blood fridge since 60 days.
/// </summary>
public sealed class YearOfAFridge : IAsyncLifetime
{
    const string Point = "fridge-year";
    const long Second = 1_000_000;

    IPlaywright? _playwright;
    IBrowser? _chromium;
    IBrowserContext? _person;

    internal Chain Chain { get; private set; } = null!;

    /// <summary>Whole minutes, so that what a test looks for can be said in minutes.</summary>
    public static readonly DateTimeOffset End = new(TimeProvider.System.GetUtcNow().Ticks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
    public static readonly DateTimeOffset Froze = End.AddDays(-40);
    public static readonly DateTimeOffset Warm = End.AddDays(-12);
    public static readonly DateTimeOffset Unread = End.AddDays(-100);
    public static readonly DateTimeOffset Changed = End.AddDays(-60);

    public async ValueTask InitializeAsync()
    {
        Chain = await Chain.MakeAsync(7, TimeSpan.FromSeconds(30));
        Chain.Amend("site.json", site =>
        {
            JsonObject Model(string @class, DateTimeOffset? from, string until) => new()
            {
                ["id"] = Point, ["name"] = "Blood fridge 7", ["location"] = "pharmacy", ["gateway"] = "gw-1", ["class"] = @class, ["every"] = "00:00:10", ["validFrom"] = from?.ToString("O", CultureInfo.InvariantCulture),
                ["probe"] = new JsonObject { ["serial"] = "28-000005e2fdc3", ["certificate"] = "UKAS 0123 / 4711", ["calibratedAt"] = "2025-03-01", ["calibratedUntil"] = until },
            };
            site["points"] = new JsonArray(Model("fridge-2-8", null, "2026-03-01"), Model("blood-2-6", Changed, DateOnly.FromDateTime(End.AddDays(12).Date).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                new JsonObject { ["id"] = "fridge-new", ["name"] = "New fridge", ["location"] = "pharmacy", ["gateway"] = "gw-1", ["class"] = "fridge-2-8" });
        });
        var data = Path.Combine(Chain.Folder, "cloud-data");
        FillReadings(Path.Combine(data, "readings.db"));
        await FillLedgerAsync(Path.Combine(data, "ledger.db"));
        await Chain.StartCloudAsync();
        _playwright = await Playwright.CreateAsync();
        (_chromium, _person) = await Browser.LaunchAsync(_playwright, Chain.Url);
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        _playwright?.Dispose();
        if (Chain is not null) await Chain.DisposeAsync();
    }

    internal async Task<Visit> OpenAsync(string query, string point = Point)
    {
        var visit = await Visit.OpenAsync(_person!, Chain, Screen.Desk);
        await visit.Page.GotoAsync($"/points/{point}{query}");
        await Expect(visit.Page.GetByTestId("live-dot")).ToHaveAttributeAsync("data-state", "live");
        return visit;
    }

    /// <summary>By SQL, since three million rows one by one would be the longest part of the test; the roll-ups as an older file gets them.</summary>
    static void FillReadings(string path)
    {
        ReadingsStore.Open(path).Dispose();
        using var connection = SqliteFile.OpenForWriting(path);
        static long S(DateTimeOffset at) => at.ToUnixTimeSeconds();
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA synchronous = OFF;
            BEGIN;
            WITH RECURSIVE t(s) AS (SELECT {S(End) - 365 * 86400} UNION ALL SELECT s + 10 FROM t WHERE s + 10 < {S(End)})
            INSERT INTO samples SELECT '{Point}', 'temperature', s * 1000000000,
                CASE WHEN s % 86400 = 43200 THEN NULL
                     WHEN s BETWEEN {S(Froze)} AND {S(Froze) + 10800} THEN 4200 - min(s - {S(Froze)}, {S(Froze) + 10800} - s)
                     WHEN s BETWEEN {S(Warm)} AND {S(Warm) + 7200} THEN 4500 + min(s - {S(Warm)}, {S(Warm) + 7200} - s) * 3 / 2
                     ELSE 3700 + CASE WHEN s % 1500 < 900 THEN s % 1500 * 10 / 9 ELSE (1500 - s % 1500) * 10 / 6 END + (s * 7919) % 97 - 48 END,
                NULL, CASE WHEN s % 86400 = 43200 THEN 'Checksum' ELSE '' END
                FROM t WHERE s < {S(Unread)} OR s >= {S(Unread) + 2 * 86400};
            WITH RECURSIVE d(s) AS (SELECT {S(End) - 30 * 86400} UNION ALL SELECT s + 5400 FROM d WHERE s + 5400 < {S(End)})
            INSERT INTO samples SELECT '{Point}', 'door', s * 1000000000, NULL, 1, '' FROM d UNION ALL SELECT '{Point}', 'door', (s + 25) * 1000000000, NULL, 0, '' FROM d;
            INSERT INTO sample_minutes SELECT point, ns / 60000000000, count(milli_celsius), sum(milli_celsius), min(milli_celsius), max(milli_celsius), count(*) - count(milli_celsius)
                FROM samples WHERE kind = 'temperature' GROUP BY 1, 2;
            INSERT INTO sample_hours SELECT point, at / 60, sum(count), sum(sum), min(lowest), max(highest), sum(faults) FROM sample_minutes GROUP BY 1, 2;
            UPDATE kept SET samples = (SELECT count(*) FROM samples);
            COMMIT;
            PRAGMA wal_checkpoint(TRUNCATE);
            """));
    }

    static async Task FillLedgerAsync(string path)
    {
        await using var ledger = LedgerWriter.Open(path, TimeProvider.System);
        var said = new LedgerCommit("system:test");
        void Episode(string id, string rule, DateTimeOffset from, double minutes, int peak)
        {
            var startUs = from.ToUnixTimeMilliseconds() * 1000;
            said.LocalEpisodes.Add(new(id, Point, rule, startUs, startUs + 5 * 60 * Second, startUs + (long)(minutes * 60) * Second, peak));
        }
        Episode("froze", "excursion-low", Froze.AddMinutes(37), 106, -1200);
        Episode("warm", "excursion-high", Warm.AddMinutes(17), 86, 9900);
        Episode("quiet", "silence", Unread.AddSeconds(-10), 2 * 1440, 0);
        said.Acknowledgements.Add(new("froze", "Sister Ruth Adeyemi", "Thermostat replaced, contents quarantined and destroyed", Froze.AddHours(1).ToUnixTimeMilliseconds() * 1000));
        await ledger.CommitAsync(said);
    }
}
