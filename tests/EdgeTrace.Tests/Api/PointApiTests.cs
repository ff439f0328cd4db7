using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Readings;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Api;

public class PointApiTests
{
    static readonly DateTimeOffset s_from = EventTime.FromUs(SmallHospital.StartUs);
    static readonly string s_period = Period(s_from, s_from.AddMinutes(5));

    [Fact]
    public async Task A_warm_spell_is_an_episode_of_its_period_with_who_answered_it_and_why()
    {
        await using var rig = await ApiRig.StartAsync();
        foreach (var logged in SmallHospital.Log(new Random(1)).Where(b => b.Id.Stream.EndsWith("/fridge-1", StringComparison.Ordinal)))
            await rig.AppendAsync(EdgeTrace.Contract.Batch.Parser.ParseFrom(logged.Body.Span));
        await ApiRig.UntilAsync(() => rig.Ledger.EpisodesOf("fridge-1", SmallHospital.StartUs, SmallHospital.EndUs, 10).Any(e => e is { Rule: "excursion-high", RaisedUs: not null }), "the excursion is told");
        await ApiRig.UntilAsync(() => rig.Services.GetRequiredService<ReadingsStore>().Kept.Samples == 300, "the samples are stored");

        var period = (await rig.Http.GetFromJsonAsync<PointPeriod>($"/api/v1/points/fridge-1/period?{s_period}", ApiJson.Options))!;
        // 300 readings, a second apart; 90 of them above 8 °C; the last holds until the next, and there is none within the gap.
        Assert.Equal((209.0, 90.0, 0.0, 300L, 300L), (period.Figures.SecondsIn, period.Figures.SecondsAbove, period.Figures.SecondsBelow, period.Figures.Readings, period.Figures.Expected));
        Assert.Equal((9.249, s_from), (period.Figures.Highest!.Value, period.Begins!.Value));
        Assert.Equal(s_from.AddSeconds(149), period.Figures.HighestAt);
        var episode = Assert.Single(period.Episodes, e => e.Alarm.Kind == "excursion-high");
        Assert.Equal((s_from.AddSeconds(60), s_from.AddSeconds(80)), (episode.Alarm.Since, episode.Raised));
        Assert.Null(episode.AcknowledgedAt);

        await rig.Http.PostAsJsonAsync($"/api/v1/alarms/{episode.Alarm.Id}/acknowledge", new { reason = "Door was open" });
        period = (await rig.Http.GetFromJsonAsync<PointPeriod>($"/api/v1/points/fridge-1/period?{s_period}", ApiJson.Options))!;
        episode = Assert.Single(period.Episodes, e => e.Alarm.Kind == "excursion-high");
        Assert.Equal(("machine:rig", "Door was open"), (episode.Alarm.AcknowledgedBy, episode.AcknowledgedReason));
        // A period that it does not touch does not have it.
        var before = (await rig.Http.GetFromJsonAsync<PointPeriod>($"/api/v1/points/fridge-1/period?{Period(s_from.AddMinutes(-5), s_from.AddSeconds(60))}", ApiJson.Options))!;
        Assert.Empty(before.Episodes);
    }

    [Fact]
    public async Task Csv_holds_every_reading_of_the_period_over_pages_and_over_the_end_of_summer_time()
    {
        await using var rig = await ApiRig.StartAsync();
        var store = rig.Services.GetRequiredService<ReadingsStore>();
        var autumn = new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero);
        const int count = 25_001;   // two pages and a bit
        store.Write([.. Enumerable.Range(0, count).Select(i => new StoredSample(
            "fridge-1", "temperature", EventTime.ToUs(autumn.AddSeconds(i)) * 1000, i == 3 ? null : 4000 + i % 10, null, i == 3 ? "Checksum" : ""))], [], store.Cursor);

        var answer = await rig.Http.GetAsync($"/api/v1/points/fridge-1/samples.csv?{Period(autumn, autumn.AddSeconds(count))}", TestContext.Current.CancellationToken);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("fridge-1 20261025T003000Z to 20261025T072641Z.csv", answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\r\n");
        Assert.Equal(count + 2, lines.Length);
        Assert.Equal("point,utc,site_time,celsius,fault", lines[0]);
        Assert.Equal("fridge-1,2026-10-25T00:30:00.000Z,2026-10-25T01:30:00.000+01:00,4.000,", lines[1]);
        Assert.Equal("fridge-1,2026-10-25T00:30:03.000Z,2026-10-25T01:30:03.000+01:00,,Checksum", lines[4]);
        Assert.Equal("fridge-1,2026-10-25T01:30:00.000Z,2026-10-25T01:30:00.000+00:00,4.000,", lines[3601]);
        Assert.Equal(count, lines[1..^1].Distinct().Count());
    }

    [Fact]
    public async Task A_point_that_is_not_there_and_a_period_turned_round_are_refused_with_a_cure()
    {
        await using var rig = await ApiRig.StartAsync();
        foreach (var what in (string[])["samples", "samples.csv", "period"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await rig.Http.GetAsync($"/api/v1/points/none/{what}", TestContext.Current.CancellationToken)).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await rig.Http.GetAsync($"/api/v1/points/fridge-1/{what}?{Period(s_from, s_from.AddSeconds(-1))}", TestContext.Current.CancellationToken)).StatusCode);
        }
        var empty = (await rig.Http.GetFromJsonAsync<PointPeriod>($"/api/v1/points/fridge-1/period?{s_period}", ApiJson.Options))!;
        Assert.Null(empty.Begins);
        Assert.Equal((0L, 0L, 0.0), (empty.Figures.Readings, empty.Figures.Expected, empty.Figures.SecondsUnseen));
    }

    static string Period(DateTimeOffset from, DateTimeOffset to) => string.Create(CultureInfo.InvariantCulture, $"from={from.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}&to={to.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
}
