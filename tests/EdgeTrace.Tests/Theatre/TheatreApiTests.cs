using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;
using EdgeTrace.Stock;
using EdgeTrace.Tests.Api;
using Google.Protobuf;
using static EdgeTrace.Tests.Theatre.TheatreRig;

namespace EdgeTrace.Tests.Theatre;

/// <summary>From wristband to implant over the real addresses.</summary>
public class TheatreApiTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Wristband_badge_component_opened_and_implanted_and_every_business_fact_is_there_for_the_standards()
    {
        await using var theatre = await StartAsync();
        await theatre.StockAsync(Label(Stem, 1), Label(Head, 2));
        var listed = await theatre.EnterAsync();
        var wristband = await theatre.ScanAsync("943 476 5919");
        Assert.Equal(("wristband", "green", "open"), (wristband.Kind, wristband.Colour, wristband.Case!.State));
        Assert.Equal("staff", (await theatre.ScanAsync("GMC 7654321")).Kind);
        var stem = await theatre.ScanAsync(Label(Stem, 1));
        Assert.Equal(("component", "green", "Hip stem, size 11"), (stem.Kind, stem.Colour, stem.Name!.Name));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], stem.Checks.Select(c => c.Number));
        Assert.Equal("done", (await theatre.ActAsync("opened", stem.Id)).Outcome);
        var implanted = await theatre.ActAsync("implanted", stem.Id);
        Assert.Equal(("implanted", "implanted"), (implanted.Kind, Assert.Single(implanted.Case!.Components).Step));

        var events = theatre.Rig.Ledger.StockEventsOf(theatre.Rig.Ledger.StockOfPatient(listed.Patient)[0].Item.Key, long.MaxValue, 10).Select(e => e.Event).ToList();
        Assert.Equal([EventKind.Implanted, EventKind.Opened, EventKind.Opening], events.Select(e => e.Kind));
        Assert.All(events.Take(2), e =>
        {
            var d = e.Detail;
            Assert.Equal(("T-12", listed.Patient, "left", "W37.1", "GMC 7654321", "theatre-1", Stem, "A1", "1"), (d.Case, d.Patient, d.Side, d.Procedure, d.Clinician, e.ReadPoint, d.Product, d.Lot, d.Serial));
            Assert.Equal(Label(Stem, 1), Encoding.Latin1.GetString(Convert.FromBase64String(d.Carrier!)));
        });
        var item = theatre.Rig.Ledger.StockItem(events[0].Subject)!;
        Assert.Equal((ItemStatus.Implanted, (string?)null), (item.Now.Status, item.At?.Location));
        Assert.Equal("closed", (await theatre.PostAsync<TheatreAct, TheatreAnswer>("acts", new(Guid.NewGuid().ToString(), "closed", listed.Id))).Case!.State);
    }

    [Fact]
    public async Task The_two_cases_of_the_HSIB_are_stopped_in_under_a_second_and_go_on_only_with_two_people_and_a_reason()
    {
        await using var theatre = await StartAsync();
        await theatre.StockAsync(Label(Stem, 1), Label(OtherHead, 2), Label(LeftKnee, 3));
        await theatre.EnterAsync(side: "right");
        await theatre.ScanAsync(NhsNumber);
        await theatre.ScanAsync(Label(Stem, 1));
        var slowest = TimeSpan.Zero;
        foreach (var (label, code) in new[] { (Label(OtherHead, 2), "two-brands"), (Label(LeftKnee, 3), "wrong-side") })
        {
            var started = Stopwatch.GetTimestamp();
            var stopped = await theatre.ScanAsync(label);
            var took = Stopwatch.GetElapsedTime(started);
            slowest = took > slowest ? took : slowest;
            Assert.Equal(("red", code), (stopped.Colour, Assert.Single(stopped.Checks, c => c.Colour == "red").Code));
            Assert.Equal("stopped", stopped.Case!.Components[^1].Step);
            Assert.Equal("stopped", (await theatre.ActAsync("opened", stopped.Id)).Outcome);
            Assert.Equal("stopped", (await theatre.ActAsync("opened", stopped.Id, reason: "Only one left")).Outcome);
        }
        output.WriteLine($"a red answer within {slowest.TotalMilliseconds:0} ms");
        Assert.True(slowest < TimeSpan.FromSeconds(1), $"{slowest}");
        Assert.Empty(theatre.Rig.Ledger.StockEvents(EventKind.Opened, 0, long.MaxValue, 10));

        var head = await theatre.ScanAsync(Label(OtherHead, 2));
        foreach (var nobody in (string[])["NMC 99Z9999", "ann.fox", "EST 1"]) Assert.Equal("stopped", (await theatre.ActAsync("opened", head.Id, reason: "Maker confirms the pair", second: nobody)).Outcome);
        var overridden = await theatre.ActAsync("opened", head.Id, reason: "Maker confirms the pair", second: Badge);
        Assert.Equal(("done", "red"), (overridden.Outcome, overridden.Colour));
        var component = Assert.Single(overridden.Case!.Components, c => c.Scan == head.Id);
        Assert.Equal(("opened", "Ann Fox (ann.fox)", "Maker confirms the pair", "red"), (component.Step, component.Witness, component.Reason, component.Colour));
        Assert.Contains("two-brands", Assert.Single(theatre.Rig.Ledger.Audit(new(null, null, null, "override", null, null), 10)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_patient_wrong_order_and_nobody_listed_are_red_by_name()
    {
        await using var theatre = await StartAsync();
        Assert.Equal("wristband-first", Red(await theatre.ScanAsync(Label(Stem, 1))));
        Assert.Equal("not-listed", Red(await theatre.ScanAsync(NhsNumber)));
        Assert.Equal("wristband-unreadable", Red(await theatre.ScanAsync("9434765918")));
        await theatre.EnterAsync();
        await theatre.EnterAsync("T-13", nhsNumber: OtherNhsNumber);
        Assert.Equal("green", (await theatre.ScanAsync(NhsNumber)).Colour);
        Assert.Equal("wrong-patient", Red(await theatre.ScanAsync(OtherNhsNumber)));
        // It stays red for every component until the right wristband is scanned.
        Assert.Equal("wrong-patient", Assert.Single((await theatre.ScanAsync(Label(Stem, 1))).Checks, c => c.Number == 1).Code);
        Assert.Equal("green", (await theatre.ScanAsync(NhsNumber)).Colour);
        Assert.Equal("right-patient", Assert.Single((await theatre.ScanAsync(Label(Stem, 1))).Checks, c => c.Number == 1).Code);
    }

    [Fact]
    public async Task What_is_sent_twice_is_there_once_and_gets_the_same_answer()
    {
        await using var theatre = await StartAsync();
        await theatre.StockAsync(Label(Stem, 1));
        var id = Guid.NewGuid().ToString();
        var listed = await theatre.EnterAsync(id: id);
        Assert.Equal(listed.Patient, (await theatre.EnterAsync(id: id)).Patient);
        await theatre.ScanAsync(NhsNumber);
        var (scan, act) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        var first = await theatre.ScanAsync(Label(Stem, 1), scan);
        var again = await theatre.ScanAsync(Label(Stem, 1), scan);
        Assert.Equal(("done", "already", first.Colour, first.Says), (first.Outcome, again.Outcome, again.Colour, again.Says));
        await theatre.ActAsync("opened", scan, id: act);
        Assert.Equal("already", (await theatre.ActAsync("opened", scan, id: act)).Outcome);
        Assert.Single(theatre.Rig.Ledger.StockEvents(EventKind.Opened, 0, long.MaxValue, 10));
        // Another press, another id: the pack is open already.
        Assert.Equal("already", (await theatre.ActAsync("opened", scan)).Outcome);
        Assert.Single(theatre.Rig.Ledger.StockEvents(EventKind.Opened, 0, long.MaxValue, 10));
        var twice = await theatre.ScanAsync(Label(Stem, 1));
        Assert.Equal(("scanned-twice", "opened"), (twice.Checks[0].Code, Assert.Single(twice.Case!.Components).Step));
    }

    [Fact]
    public async Task A_label_of_two_codes_is_one_component_and_says_what_is_missing()
    {
        await using var theatre = await StartAsync();
        await theatre.StockAsync(Label(Stem, 1));
        await theatre.EnterAsync();
        await theatre.ScanAsync(NhsNumber);
        var first = await theatre.ScanAsync($"(01){Stem}");
        Assert.Equal("Now scan the label's other code, with lot and serial and expiry.", first.Wants);
        var second = await theatre.ScanAsync($"(17)300131(10)A1(21)1", after: first.Id);
        Assert.Equal((null, "green"), (second.Wants, second.Colour));
        Assert.Equal(("1", "A1"), (Assert.Single(second.Case!.Components).Serial, second.Case.Components[0].Lot));
        // A second product is never merged into the first.
        var other = await theatre.ScanAsync($"(01){Head}", after: second.Id);
        Assert.Equal(2, other.Case!.Components.Count);
        Assert.Equal("done", (await theatre.ActAsync("put-back", other.Id)).Outcome);
    }

    [Fact]
    public async Task What_was_done_without_a_link_is_kept_and_judged_afterwards()
    {
        await using var theatre = await StartAsync();
        await theatre.StockAsync(Label(Stem, 1, expiry: "240131"));
        await theatre.EnterAsync();
        var at = TimeProvider.System.GetUtcNow().AddMinutes(-20);
        await theatre.ScanAsync(NhsNumber, at: at, offline: true);
        var scan = await theatre.ScanAsync(Label(Stem, 1, expiry: "240131"), at: at.AddMinutes(1), offline: true);
        var opened = await theatre.ActAsync("opened", scan.Id, offline: true);
        Assert.Equal(("done", "red", "expired"), (opened.Outcome, opened.Colour, Red(opened)));
        Assert.Equal(at.AddMinutes(1), Assert.Single(opened.Case!.Entries, e => e.Id == scan.Id).At, TimeSpan.FromMilliseconds(1));
        Assert.Single(theatre.Rig.Ledger.Audit(new(null, null, null, "went-on-offline", null, null), 10));
        var ahead = await theatre.ScanAsync(NhsNumber, at: TimeProvider.System.GetUtcNow().AddHours(3), offline: true);
        Assert.Equal(("clock-ahead", "amber"), (ahead.Checks[0].Code, ahead.Colour));
    }

    [Fact]
    public async Task Wasted_and_explanted_are_told_with_a_reason_and_a_number_is_never_used_twice()
    {
        await using var theatre = await StartAsync();
        await theatre.StockAsync(Label(Stem, 1), Label(Head, 2), $"(01){Screw}(17)300131(10)S9");
        var first = await theatre.EnterAsync();
        await theatre.ScanAsync(NhsNumber);
        var stem = await theatre.ScanAsync(Label(Stem, 1));
        Assert.Equal(HttpStatusCode.BadRequest, (await theatre.Rig.Http.PostAsJsonAsync("/api/v1/theatre/acts", new TheatreAct("x", "wasted", null, stem.Id), ApiJson.Options)).StatusCode);
        await theatre.ActAsync("wasted", stem.Id, reason: "Dropped");
        var wasted = Assert.Single(theatre.Rig.Ledger.StockEvents(EventKind.Wasted, 0, long.MaxValue, 10)).Event.Detail;
        Assert.Equal(("Dropped", 62_000L), (wasted.Reason, wasted.Pence));
        Assert.Equal("stopped", (await theatre.ActAsync("implanted", stem.Id)).Outcome);

        var head = await theatre.ScanAsync(Label(Head, 2));
        await theatre.ActAsync("opened", head.Id);
        await theatre.ActAsync("implanted", head.Id);
        foreach (var _ in (int[])[1, 2])
        {
            var screw = await theatre.ScanAsync($"(01){Screw}(17)300131(10)S9");
            Assert.Equal("green", screw.Colour);
            await theatre.ActAsync("opened", screw.Id);
            Assert.Equal("done", (await theatre.ActAsync("implanted", screw.Id)).Outcome);
        }
        Assert.Equal(18, theatre.Rig.Ledger.StockPieces("theatre-1", 10).Single().Pieces);
        await theatre.PostAsync<TheatreAct, TheatreAnswer>("acts", new(Guid.NewGuid().ToString(), "closed", first.Id));

        await theatre.EnterAsync("T-14", nhsNumber: OtherNhsNumber);
        await theatre.ScanAsync(OtherNhsNumber);
        var again = await theatre.ScanAsync(Label(Head, 2));
        Assert.Equal("used-before", Red(again));
        Assert.Equal("in-another-patient", Red(await theatre.ActAsync("explanted", again.Id, reason: "Loosening")));
        Assert.Equal(ItemStatus.Explanted, theatre.Rig.Ledger.StockOfCase("T-12").Single(row => row.Item.Serial == "2").Now.Status);
    }

    [Fact]
    public async Task Who_the_patient_is_stands_in_one_table_and_every_look_at_it_in_the_audit()
    {
        await using var theatre = await StartAsync();
        await theatre.StockAsync(Label(Stem, 1));
        var listed = await theatre.EnterAsync();
        await theatre.ScanAsync(NhsNumber);
        var stem = await theatre.ScanAsync(Label(Stem, 1));
        await theatre.ActAsync("opened", stem.Id);
        await theatre.ActAsync("implanted", stem.Id);
        var said = new StringBuilder();
        foreach (var path in (string[])["theatre/list?place=theatre-1", $"theatre/cases/{listed.Id}", "stock", "now", "feed", "events"]) said.AppendLine(await theatre.Rig.Http.GetStringAsync($"/api/v1/{path}"));
        foreach (var table in (string[])["stock_events", "stock_items", "cases", "case_entries", "case_checks", "feed", "audit", "scans"]) said.AppendLine(Table(theatre, table));
        foreach (var secret in (string[])[NhsNumber, "Okafor", "Grace", "1951-03-14", "LS1 4AP"]) Assert.DoesNotContain(secret, said.ToString(), StringComparison.OrdinalIgnoreCase);

        var patient = (await theatre.Rig.Http.GetFromJsonAsync<PatientView>($"/api/v1/theatre/cases/{listed.Id}/patient", ApiJson.Options))!;
        Assert.Equal((NhsNumber, "Okafor", "Grace", listed.Patient), (patient.NhsNumber, patient.Family, patient.Given, patient.Patient));
        Assert.Equal("case/T-12", Assert.Single(theatre.Rig.Ledger.Audit(new(null, null, null, "see-patient", null, null), 10)).Subject);
        Assert.True(Guid.TryParse(listed.Patient, out _));
    }

    [Fact]
    public async Task A_wristband_on_the_rooms_own_scanner_opens_the_case_and_the_feed_does_not_say_whose_it_is()
    {
        await using var theatre = await StartAsync();
        await theatre.EnterAsync();
        var at = EventTime.ToUs(TimeProvider.System.GetUtcNow());
        await theatre.Rig.AppendAsync(new()
        {
            Header = new() { Gateway = "gw-1", Stream = "scans/theatre-desk", Epoch = 7, Sequence = 1, Boot = "boot", FirstUs = at, LastUs = at, ThroughUs = at, Readings = 1, TimeQuality = TimeQuality.Ntp },
            Scans = new() { Scans = { new Scan { TimeUs = at, Framing = "terminator", Raw = ByteString.CopyFromUtf8($"]C0{NhsNumber}") } } },
        });
        await ApiRig.UntilAsync(() => theatre.Rig.Ledger.FeedHead() > 0, "the scan is in the feed");
        var scan = Assert.Single((await theatre.Rig.Http.GetFromJsonAsync<FeedPage>("/api/v1/feed", ApiJson.Options))!.Events).Scan!;
        Assert.Equal(("A patient's wristband", "A patient's wristband", null, null), (scan.Raw, scan.Understood, scan.Item, scan.Error));
        var answer = await theatre.PostAsync<TheatreScan, TheatreAnswer>("scans", new(scan.Id, "theatre-1", null, scan.Id));
        Assert.Equal(("wristband", "green", "T-12"), (answer.Kind, answer.Colour, answer.Case!.Number));
        Assert.Equal(NhsNumber, Encoding.Latin1.GetString(theatre.Rig.Ledger.Scan(scan.Id)!.Raw)[3..]);
    }

    [Fact]
    public async Task A_list_comes_as_csv_and_the_same_file_again_changes_nothing()
    {
        await using var theatre = await StartAsync();
        var csv = $"""
            number,place,planned_for,side,procedure,procedure_code,clinician,nhs_number,family,given,born,postcode
            T-1,theatre-1,2026-11-25 08:30,left,Total hip replacement,W37.1,GMC 1234567,{NhsNumber},Okafor,Grace,1951-03-14,LS1 4AP
            T-2,theatre-1,2026-11-25 10:30,right,Total knee replacement,W40.1,GMC 1234567,{NhsNumber},Okafor,Grace,1951-03-14,LS1 4AP
            T-3,store-1,2026-11-25 10:30,,Nothing,,,,Nobody,,,
            T-4,theatre-1,2026-11-25 11:30,up,Total knee replacement,,,9434765918,Nobody,,,
            """;
        var first = await ImportAsync(theatre, csv);
        Assert.Equal((2, 0, 2), (first.Added, first.Already, first.Errors.Count));
        Assert.StartsWith("line 4: store-1 is no theatre", first.Errors[0], StringComparison.Ordinal);
        Assert.Equal((0, 2), (await ImportAsync(theatre, csv) is var again ? (again.Added, again.Already) : default));
        var day = (await theatre.Rig.Http.GetFromJsonAsync<TheatreDay>("/api/v1/theatre/list?place=theatre-1&day=2026-11-25", ApiJson.Options))!;
        Assert.Equal(["T-1", "T-2"], day.Cases.Select(c => c.Number));
        Assert.Single(day.Cases.Select(c => c.Patient).Distinct());
        Assert.Equal(["theatre-desk"], day.Scanners);
        Assert.Equal(8.5, day.Cases[0].PlannedFor.UtcDateTime.TimeOfDay.TotalHours);
    }

    static string Red(TheatreAnswer answer) => answer.Colour == "red" ? answer.Checks.First(c => c.Colour == "red").Code : $"{answer.Colour}: {answer.Says}";

    static async Task<CaseImport> ImportAsync(TheatreRig theatre, string csv)
    {
        using var body = new StringContent(csv, Encoding.UTF8, "text/csv");
        var answer = await theatre.Rig.Http.PostAsync("/api/v1/theatre/cases/import", body);
        return (await answer.Content.ReadFromJsonAsync<CaseImport>(ApiJson.Options))!;
    }

    static string Table(TheatreRig theatre, string table)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={theatre.Rig.Ledger.Path}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {table}";
        using var rows = command.ExecuteReader();
        var said = new StringBuilder(table);
        while (rows.Read())
            for (var i = 0; i < rows.FieldCount; i++) said.Append(' ').Append(rows.GetValue(i));
        return said.ToString();
    }
}
