using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace EdgeTrace.Demo;

/// <summary>
/// What the hospital's staff do in the demo's day, over the same addresses as the page: they enter what is on the shelves, book in what is delivered, are stopped
/// twice in theatre and go on once, recall a lot, find which of two tags with one number is right, and answer for what left over the loading bay.
/// </summary>
sealed class Day(CloudApi api, Shelves shelves, TimeProvider time)
{
    /// <summary>A second look at the feed and the exits.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    const int LinesMax = 200;

    readonly List<DayStep> _steps = [];
    long _cursor;
    int _booked;
    string? _exit;
    bool _isBack, _isSettled;

    /// <summary>What was done, in order; each says whether it came out as it should.</summary>
    public IReadOnlyList<DayStep> Steps => _steps;

    public bool AllWell => _steps.TrueForAll(step => step.IsWell);

    /// <summary>Does it all; goes on booking in deliveries until it is told that the day is over.</summary>
    public async Task LiveAsync(CancellationToken over)
    {
        try
        {
            await OpenTheBooksAsync();
            await OperateAsync("the hip of two makers", "9434765919", "right", "Cementless hip stem, size 12", "Metal femoral head, 32 mm", "Ceramic femoral head, 36 mm");
            await OperateAsync("the left knee in a right leg", "4010232137", "right", null, "Knee femoral component, left", "Knee femoral component, right");
            await RecallAsync("Drug-eluting stent, 3.0 × 18 mm");
            using var timer = new PeriodicTimer(LookEvery, time);
            while (await timer.WaitForNextTickAsync(over))
            {
                await BookInAsync();
                await WatchTheExitAsync();
                await LookForTwoTagsAsync();
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The day is over: what is still to be done is done once more.
        }
        await BookInAsync();
        await WatchTheExitAsync();
        await LookForTwoTagsAsync();
        _steps.Add(new("deliveries booked in by one scan", $"{_booked} things", _booked > 0));
        if (!_isSettled && shelves.DayIsLong) _steps.Add(new("two tags with one number", "nobody noticed the mesh", false));
        if (_exit is null && shelves.DayIsLong) _steps.Add(new("left over the loading bay", "nobody noticed the pacemaker", false));
        await LookAtTheStockAsync();
    }

    async Task OpenTheBooksAsync()
    {
        var done = 0;
        foreach (var place in shelves.Things.GroupBy(thing => thing.Place))
            foreach (var some in place.Chunk(LinesMax))
                done += Done(await ActAsync("opening", place.Key, [.. some.Select(thing => thing.Line())]));
        _steps.Add(new("shelves counted into the books", $"{done} of {shelves.Things.Count} things", done == shelves.Things.Count));
    }

    /// <summary>Wristband, then the components: the first wrong one must be stopped before its pack is opened, the right one goes in.</summary>
    async Task OperateAsync(string what, string nhsNumber, string side, string? first, string wrong, string right)
    {
        var id = NewId();
        await api.PostAsync("/api/v1/theatre/cases", new JsonObject
        {
            ["id"] = id, ["number"] = $"DEMO-{nhsNumber[..3]}", ["place"] = "theatre-1", ["plannedFor"] = time.GetUtcNow().ToString("o", CultureInfo.InvariantCulture), ["side"] = side,
            ["procedure"] = first is null ? "Total knee replacement" : "Total hip replacement", ["nhsNumber"] = nhsNumber, ["family"] = "Example", ["given"] = "Pat", ["born"] = "1951-03-02", ["postcode"] = "ZZ99 3WZ",
        });
        await ScanAsync(id, nhsNumber);
        if (first is not null) await ImplantAsync(id, first);
        var started = Stopwatch.GetTimestamp();
        var stopped = await ScanAsync(id, shelves.Label(wrong, "theatre-1"));
        var took = Stopwatch.GetElapsedTime(started);
        var colour = stopped.GetProperty("colour").GetString();
        _steps.Add(new($"theatre: {what}", string.Create(CultureInfo.InvariantCulture, $"{colour} in {took.TotalMilliseconds:0} ms: {stopped.GetProperty("says").GetString()}"), colour == "red" && took < TimeSpan.FromSeconds(1)));
        var implanted = await ImplantAsync(id, right);
        _steps.Add(new($"theatre: {right}", implanted.GetProperty("says").GetString() ?? "", implanted.GetProperty("outcome").GetString() == "done"));
    }

    async Task<JsonElement> ImplantAsync(string caseId, string product)
    {
        var scan = NewId();
        await ScanAsync(caseId, shelves.Label(product, "theatre-1"), scan);
        await api.PostAsync("/api/v1/theatre/acts", new JsonObject { ["id"] = NewId(), ["kind"] = "opened", ["case"] = caseId, ["scan"] = scan, ["sealWhole"] = true });
        return await api.PostAsync("/api/v1/theatre/acts", new JsonObject { ["id"] = NewId(), ["kind"] = "implanted", ["case"] = caseId, ["scan"] = scan });
    }

    Task<JsonElement> ScanAsync(string caseId, string code, string? id = null) =>
        api.PostAsync("/api/v1/theatre/scans", new JsonObject { ["id"] = id ?? NewId(), ["place"] = "theatre-1", ["code"] = code, ["case"] = caseId });

    async Task RecallAsync(string product)
    {
        var (gtin, lot, known) = shelves.CommonestLot(product);
        var started = Stopwatch.GetTimestamp();
        var recall = await api.PostAsync("/api/v1/recalls", new JsonObject { ["id"] = NewId(), ["reference"] = "FSN-DEMO-1", ["product"] = gtin, ["lots"] = new JsonArray(lot), ["said"] = "Delivery balloon may not deflate." });
        var took = Stopwatch.GetElapsedTime(started);
        var found = recall.GetProperty("found");
        var places = found.GetProperty("places").EnumerateArray().ToList();
        var (pieces, perhaps) = (found.GetProperty("pieces").GetInt32(), found.GetProperty("mayBeMeant").GetInt32());
        _steps.Add(new("recall in one press", string.Create(CultureInfo.InvariantCulture, $"{pieces - perhaps} of {known} held in {took.TotalMilliseconds:0} ms in {places.Count} places, {perhaps} more may be meant"), pieces - perhaps == known));
    }

    /// <summary>Whatever comes in over the loading bay is booked in by one scan of its tag.</summary>
    async Task BookInAsync()
    {
        var page = await api.GetAsync($"/api/v1/feed?after={_cursor}&max=1000");
        _cursor = page.GetProperty("next").GetInt64();
        var came = page.GetProperty("events").EnumerateArray().Select(e => e.TryGetProperty("movement", out var movement) && movement.ValueKind == JsonValueKind.Object ? movement : default)
            .Where(movement => movement.ValueKind == JsonValueKind.Object && movement.GetProperty("portal").GetString() == "loading-bay-door" && movement.GetProperty("direction").GetString() == "in")
            .Select(movement => movement.GetProperty("item").GetProperty("key").GetString()!).Distinct().ToList();
        var lost = shelves.Lost;
        if (came.Remove(lost) && !_isBack)
        {
            _isBack = true;
            var back = Done(await ActAsync("found", "goods-in", [new JsonObject { ["code"] = lost }]));
            _steps.Add(new("found again", "the pacemaker came back over the loading bay", back == 1));
        }
        if (came.Count > 0) _booked += Done(await ActAsync("received", "goods-in", [.. came.Select(code => new JsonObject { ["code"] = code })]));
    }

    async Task WatchTheExitAsync()
    {
        if (_exit is not null) return;
        var exits = await api.GetAsync("/api/v1/exits");
        if (exits.GetProperty("open").EnumerateArray().FirstOrDefault(exit => exit.GetProperty("item").GetProperty("key").GetString() == shelves.Lost) is not { ValueKind: JsonValueKind.Object } left) return;
        _exit = left.GetProperty("id").GetString();
        var after = left.GetProperty("recordedAt").GetDateTimeOffset() - left.GetProperty("at").GetDateTimeOffset();
        _steps.Add(new("left over the loading bay", string.Create(CultureInfo.InvariantCulture, $"{left.GetProperty("state").GetString()} {after.TotalSeconds:0.0} s later: {left.GetProperty("sentence").GetString()}"), true));
        await api.PostAsync($"/api/v1/exits/{_exit}/answer", new JsonObject { ["answer"] = "returned", ["reason"] = "Taken to the wrong van; on its way back." });
    }

    /// <summary>The doors alone find that two tags carry one number; a person looks at both, says which is right, and puts it away where it belongs.</summary>
    async Task LookForTwoTagsAsync()
    {
        if (_isSettled) return;
        var faults = (await api.GetAsync("/api/v1/faults")).GetProperty("faults").EnumerateArray();
        if (faults.FirstOrDefault(fault => fault.GetProperty("kind").GetString() == "tags") is not { ValueKind: JsonValueKind.Object } fault) return;
        _isSettled = true;
        var found = time.GetUtcNow();
        var item = await api.GetAsync($"/api/v1/items/{shelves.PrintedTwice}");
        var tags = item.GetProperty("tags").EnumerateArray().ToList();
        var (copy, held) = (tags[^1], !item.GetProperty("thing").GetProperty("available").GetBoolean());
        var line = new JsonObject { ["code"] = shelves.PrintedTwice, ["hold"] = "two-tags", ["tid"] = tags[0].GetProperty("tid").GetString() };
        var released = Done(await api.PostAsync("/api/v1/stock/acts", new JsonObject { ["id"] = NewId(), ["kind"] = "released", ["lines"] = new JsonArray(line), ["reason"] = "The box in theatre is another product; its label was printed twice." }));
        await ActAsync("stored", "store-3", [new JsonObject { ["code"] = shelves.PrintedTwice }]);
        var isFree = (await api.GetAsync($"/api/v1/items/{shelves.PrintedTwice}")).GetProperty("thing").GetProperty("available").GetBoolean();
        _steps.Add(new("two tags with one number", string.Create(CultureInfo.InvariantCulture, $"found {(found - copy.GetProperty("first").GetDateTimeOffset()).TotalSeconds:0.0} s after the copy came to {copy.GetProperty("firstWhere").GetString()}; {(held ? "on hold" : "not held")} until a person said which is right"),
            tags.Count == 2 && held && released == 1 && isFree));
    }

    async Task LookAtTheStockAsync()
    {
        var things = (await api.GetAsync("/api/v1/stock")).GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("things").EnumerateArray()).ToList();
        int Count(Func<JsonElement, bool> which) => things.Count(which);
        var wrong = Count(thing => thing.GetProperty("available").GetBoolean() && (thing.GetProperty("holds").GetArrayLength() > 0 || thing.GetProperty("daysLeft") is { ValueKind: JsonValueKind.Number } days && days.GetInt32() < 0));
        _steps.Add(new("stock at the end", $"{things.Count} things, {Count(thing => thing.GetProperty("available").GetBoolean())} may be used, {wrong} of them held or expired", wrong == 0 && things.Count > 0));
    }

    Task<JsonElement> ActAsync(string kind, string place, JsonArray lines) => api.PostAsync("/api/v1/stock/acts", new JsonObject { ["id"] = NewId(), ["kind"] = kind, ["place"] = place, ["lines"] = lines });

    static int Done(JsonElement outcome) => outcome.GetProperty("lines").EnumerateArray().Count(line => line.GetProperty("outcome").GetString() is "done" or "already");

    static string NewId() => Guid.NewGuid().ToString();

    public void Show(IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("What the staff did").AddColumns("", "came to", "");
        foreach (var step in _steps) table.AddRow(Markup.Escape(step.What), Markup.Escape(step.CameTo), step.IsWell ? "[green]as it should[/]" : "[red]not as it should[/]");
        console.Write(table);
    }
}

/// <param name="IsWell">It came out as it should.</param>
sealed record DayStep(string What, string CameTo, bool IsWell);
