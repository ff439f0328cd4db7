using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Contract;
using EdgeTrace.Tests.Api;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Completeness;

public class CompletenessApiTests
{
    /// <summary>An hour of now, whole seconds.</summary>
    static readonly long s_endUs = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() * 1_000_000;

    static async Task<ApiRig> RigAsync()
    {
        var rig = await ApiRig.StartAsync();
        var first = Stream.Samples(1, s_endUs - 1_200_000_000, 600, everyUs: 1_000_000);
        var second = Stream.Samples(2, s_endUs - 540_000_000, 540, everyUs: 1_000_000).With(
            new Loss { Cause = LossCause.Blind, FromUs = s_endUs - 601_000_000, ToUs = s_endUs - 541_000_000, Detail = "the gateway was restarted" },
            new Loss { Cause = LossCause.Full, Readings = 7, FromUs = s_endUs - 530_000_000, ToUs = s_endUs - 530_000_000, Detail = "the disk refused the outbox" });
        await rig.AppendAsync(first);
        await rig.AppendAsync(second);
        var counted = rig.Services.GetRequiredService<CompletenessProjection>();
        await ApiRig.UntilAsync(() => counted.Position == 2, "both batches are counted");
        return rig;
    }

    [Fact]
    public async Task A_day_says_n_of_n_by_the_names_of_the_site_and_each_interval_with_its_cause_and_what_to_do()
    {
        await using var rig = await RigAsync();
        rig.Promises.Say(new(SmallHospital.Gateway, Stream.Fridge, Stream.Epoch, 40, s_endUs));
        var today = rig.Services.GetRequiredService<CompletenessQuery>().Today;
        var (received, lost, blind) = (0L, 0L, 0.0);
        // Twenty minutes may lie on both sides of midnight.
        foreach (var day in (DateOnly[])[today.AddDays(-1), today])
        {
            var view = await Get<CompletenessView>(rig, $"/api/v1/completeness?day={day:yyyy-MM-dd}");
            var fridge = view.Streams.FirstOrDefault(s => s.Stream == Stream.Fridge);
            if (fridge is null) continue;
            Assert.Equal(("Vaccine fridge 1", "Pharmacy", "samples", 37L), (fridge.Name, fridge.Place, fridge.Kind, fridge.OnTheWay));
            Assert.Equal(view.Hours.Count, fridge.Cells.Count);
            (received, lost, blind) = (received + fridge.Totals.Received, lost + fridge.Totals.Lost, blind + fridge.Totals.BlindSeconds);
            Assert.All(view.Intervals, i => Assert.True(i.Sentence.Length > 0 && i.Remedy.Length > 0, $"{i}"));
        }
        Assert.Equal((1140L, 7L, 60.0), (received, lost, blind));
        // A door of the site model that has never said a word is not full either.
        Assert.Contains((await Get<CompletenessView>(rig, "/api/v1/completeness")).Streams, s => s.Name == "Store 1 door" && s.Cells.Any(c => c.State == HourState.Unknown));
    }

    [Fact]
    public async Task A_month_has_a_line_a_day_and_both_can_be_had_as_csv()
    {
        await using var rig = await RigAsync();
        var today = rig.Services.GetRequiredService<CompletenessQuery>().Today;
        var month = await Get<CompletenessDays>(rig, $"/api/v1/completeness?from={today.AddDays(-29):yyyy-MM-dd}&to={today:yyyy-MM-dd}");
        Assert.Equal((30, 1140L, 7L, false), (month.Days.Count, month.Totals.Received, month.Totals.Lost, month.Totals.Complete));
        Assert.True(month.Days[0].Totals.Complete);

        var csv = await rig.Http.GetStringAsync($"/api/v1/completeness.csv?from={today.AddDays(-29):yyyy-MM-dd}&to={today:yyyy-MM-dd}", TestContext.Current.CancellationToken);
        Assert.Equal(32, csv.Split("\r\n").Length);
        Assert.StartsWith("day,received,lost,of,", csv, StringComparison.Ordinal);
        var day = await rig.Http.GetStringAsync("/api/v1/completeness.csv", TestContext.Current.CancellationToken);
        Assert.Contains("Vaccine fridge 1,Pharmacy,", day, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("day=yesterday", "no day")]
    [InlineData("day=2999-01-01", "has not begun")]
    [InlineData("day=2026-11-01&from=2026-11-01", "both given")]
    [InlineData("from=2026-11-03&to=2026-11-01", "from is after to")]
    [InlineData("from=2020-01-01&to=2026-01-01", "days")]
    public async Task A_wrong_question_is_answered_with_what_is_wrong_and_the_cure(string query, string title)
    {
        await using var rig = await ApiRig.StartAsync();
        using var answer = await rig.Http.GetAsync($"/api/v1/completeness?{query}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken);
        Assert.Contains(title, (string?)problem!["title"], StringComparison.Ordinal);
        Assert.True(((string?)problem["detail"])?.Length > 20);
    }

    [Fact]
    public async Task Before_anything_was_ever_received_there_is_nothing_to_show()
    {
        await using var rig = await ApiRig.StartAsync();
        var view = await Get<CompletenessView>(rig, "/api/v1/completeness");
        Assert.Equal((0, 0L), (view.Streams.Count, view.Totals.Received));
    }

    [Fact]
    public async Task The_same_log_counted_by_another_process_says_the_same()
    {
        await using var rig = await RigAsync();
        var before = rig.Ledger.Received(0, long.MaxValue);
        var tally = Stream.Tally(rig.Log.Read(0, 100));
        Assert.Equal(tally.Received.OrderBy(r => r.HourUs), before);
        Assert.Equal(tally.Losses, rig.Ledger.Losses(long.MinValue, long.MaxValue, 100));
    }

    static async Task<T> Get<T>(ApiRig rig, string path) => (await rig.Http.GetFromJsonAsync<T>(path, ApiJson.Options, TestContext.Current.CancellationToken))!;
}
