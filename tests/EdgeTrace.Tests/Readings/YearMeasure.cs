using System.Diagnostics;
using System.Globalization;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings;
using EdgeTrace.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Readings;

/// <summary>
/// How long a year and a decade of a fridge take through the API, HTTP included. Explicit, for it writes 3.6 million samples first:
/// <c>EdgeTrace.Tests --explicit only --filter-class '*YearMeasure' --show-live-output on</c>.
/// </summary>
public sealed class YearMeasure(ITestOutputHelper output)
{
    const string Point = "fridge-1";
    const int EverySeconds = 10;

    [Fact(Explicit = true)]
    public async Task A_year_of_ten_second_samples_and_a_decade_of_roll_ups()
    {
        await using var rig = await ApiRig.StartAsync();
        var store = rig.Services.GetRequiredService<ReadingsStore>();
        var end = DateTimeOffset.UnixEpoch.AddHours(Math.Floor((TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalHours));
        var began = Stopwatch.GetTimestamp();
        var written = Write(store, Samples(end.AddDays(-365), end, EverySeconds));
        Say($"{written:N0} samples written with their roll-ups in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s ({written / Stopwatch.GetElapsedTime(began).TotalSeconds:N0}/s)");
        store.MakeDurable();
        Say($"{new FileInfo(store.FilePath).Length / 1e6:0.0} MB: {new FileInfo(store.FilePath).Length / 365.0 / 1e6:0.00} MB a day");
        // Nine years before, every ten minutes: as many hours as ten years have.
        Write(store, Samples(end.AddDays(-3653), end.AddDays(-365), 600));
        foreach (var (period, days, max) in new[] { ("an hour", 1 / 24.0, 500), ("a day", 1, 500), ("a day, as fine as it goes", 1, 8000), ("a month", 30, 1000), ("a month, as fine as it goes", 30, 8000), ("a year", 365, 1000), ("a year, as fine as it goes", 365, 8000), ("a decade", 3653, 1000) })
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"/api/v1/points/{Point}/samples?from={end.AddDays(-days).UtcDateTime:o}&to={end.UtcDateTime:o}&max={max}");
            var times = new List<double>();
            var bytes = 0;
            for (var i = 0; i < 8; i++)
            {
                began = Stopwatch.GetTimestamp();
                bytes = (await rig.Http.GetByteArrayAsync(address, TestContext.Current.CancellationToken)).Length;
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            Say($"{period}, at most {max:N0} buckets: first {times[0]:0} ms, then {times.Skip(1).Order().ElementAt(3):0.0} ms, {bytes / 1e3:N0} kB");
        }
        began = Stopwatch.GetTimestamp();
        await rig.Http.GetByteArrayAsync("/api/v1/status", TestContext.Current.CancellationToken);
        Say($"status: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0.0} ms");
    }

    void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    static int Write(ReadingsStore store, IEnumerable<StoredSample> samples)
    {
        var written = 0;
        foreach (var page in samples.Chunk(10_000))
        {
            store.Write(page, [], store.Cursor);
            written += page.Length;
        }
        return written;
    }

    /// <summary>A fridge that breathes: five degrees, half a degree up and down in twenty minutes, and a fault now and then.</summary>
    static IEnumerable<StoredSample> Samples(DateTimeOffset from, DateTimeOffset to, int everySeconds)
    {
        var random = new Random(1);
        for (var us = from.ToUnixTimeMicroseconds(); us < to.ToUnixTimeMicroseconds(); us += everySeconds * 1_000_000L)
            yield return random.Next(10_000) == 0
                ? new(Point, "temperature", us * 1000, null, null, "Checksum")
                : new(Point, "temperature", us * 1000, (int)(5000 + 500 * Math.Sin(us / 1e6 * Math.PI / 600)) + random.Next(-60, 60), null, "");
    }
}
