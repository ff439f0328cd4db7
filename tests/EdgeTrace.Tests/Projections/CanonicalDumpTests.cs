using EdgeTrace.Cloud.Projections;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Projections;

/// <summary>The first property of the house: order of arrival, batching and crashes cannot be seen in what the ledger says.</summary>
public sealed class CanonicalDumpTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-dump-");
    int _files;

    [Fact]
    public async Task The_same_events_in_any_order_any_batching_and_with_crashes_anywhere_give_the_same_dump()
    {
        var undisturbed = await RunAsync(new Random(1), crashes: false);
        Assert.NotEmpty(undisturbed);
        for (var seed = 2; seed < 14; seed++)
        {
            var disturbed = await RunAsync(new Random(seed), crashes: true);
            Assert.True(undisturbed.SequenceEqual(disturbed), $"seed {seed}: {FirstDifference(undisturbed, disturbed)}");
        }
    }

    [Fact]
    public async Task The_dump_holds_what_happened()
    {
        var lines = await RunAsync(new Random(3), crashes: true);
        // 12 walks at each of 2 doors, two tags a walk: half in, a quarter out, a quarter along.
        Assert.Equal(48, lines.Count(l => Is(l, "visit")));
        Assert.Equal(24, lines.Count(l => l.Contains("\"direction\":\"in\"", StringComparison.Ordinal)));
        Assert.Equal(12, lines.Count(l => l.Contains("\"direction\":\"out\"", StringComparison.Ordinal)));
        Assert.Equal(36, lines.Count(l => Is(l, "movement")));
        Assert.Equal(8, lines.Count(l => Is(l, "scan")));
        // Eight tags, one of them printed twice.
        Assert.Equal(9, lines.Count(l => Is(l, "tagChip")));
        Assert.Contains(lines, l => Is(l, "episode") && l.Contains("\"rule\":\"excursion-high\"", StringComparison.Ordinal)
            && !l.Contains("\"raisedUs\":null", StringComparison.Ordinal) && !l.Contains("\"gatewayRaisedUs\":null", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_replay_of_the_log_alone_says_the_same()
    {
        var log = SmallHospital.Log(new Random(5));
        var live = await RunAsync(new Random(6), crashes: true, log);
        var path = NewPath();
        await LedgerReplay.RunAsync(
            (after, max) => Page(log, after, max), [], path, SmallHospital.Site, SmallHospital.Names,
            new Dictionary<ZoneId, long> { [new("point", "fridge-1")] = SmallHospital.EndUs }, TimeProvider.System);
        Assert.Equal(live, CanonicalDump.Lines(new(path)));
    }

    static bool Is(string line, string kind) => line.StartsWith($"{{\"kind\":\"{kind}\"", StringComparison.Ordinal);

    async Task<IReadOnlyList<string>> RunAsync(Random random, bool crashes, List<LoggedBatch>? log = null)
    {
        log ??= SmallHospital.Log(random);
        var path = NewPath();
        var writer = LedgerWriter.Open(path, new FakeTimeProvider());
        var ledger = new LedgerReader(path);
        var owners = new Dictionary<ZoneId, ZoneOwner>();
        var factory = NewFactory(ledger);
        long floor = 0;
        var durable = new Dictionary<ZoneId, ZonePosition>();
        for (long position = 0; position < log.Count;)
        {
            var logged = log[(int)position++];
            var route = factory.RouteOf(logged.Id, ProjectionPump.EventTimeOf(logged));
            if (!owners.TryGetValue(route.Zone, out var owner))
                owners[route.Zone] = owner = new(route.Zone, factory, ledger, (a, m) => Page(log, a, m), durable.GetValueOrDefault(route.Zone, ZonePosition.None), floor);
            owner.Apply(logged, route);
            if (random.Next(3) == 0) await CommitAsync(writer, owners.Values);
            if (random.Next(8) == 0)
            {
                foreach (var one in owners.Values) one.Checkpoint(position);
                await CommitAsync(writer, owners.Values);
                // A crash may come between the snapshots and the floor that they allow.
                if (random.Next(2) == 0) await writer.CommitAsync(new("system:test") { Checkpoint = position });
            }
            if (!crashes || random.Next(10) != 0) continue;
            await writer.DisposeAsync();
            writer = LedgerWriter.Open(path, new FakeTimeProvider());
            factory = NewFactory(ledger);
            owners.Clear();
            position = floor = ledger.Checkpoint();
            durable = ledger.Zones().ToDictionary(z => z.Zone, z => z.Position);
        }
        // A promise opens its zone, also where nothing came for it since the last crash.
        foreach (var zone in ledger.Zones().Where(z => !owners.ContainsKey(z.Zone)))
            owners[zone.Zone] = new(zone.Zone, factory, ledger, (a, m) => Page(log, a, m), zone.Position, floor);
        foreach (var owner in owners.Values) owner.AdvanceTo(SmallHospital.EndUs);
        await CommitAsync(writer, owners.Values);
        await writer.DisposeAsync();
        return CanonicalDump.Lines(ledger);
    }

    static ZoneFactory NewFactory(LedgerReader ledger) => new(SmallHospital.Site, SmallHospital.Names, new PointBoard(), new EquipmentBoard(ledger));

    static async Task CommitAsync(LedgerWriter writer, IEnumerable<ZoneOwner> owners)
    {
        foreach (var owner in owners)
        {
            if (owner.Seal() is not { } commit) continue;
            await writer.CommitAsync(commit);
            owner.Committed(commit);
        }
    }

    static IReadOnlyList<LoggedBatch> Page(List<LoggedBatch> log, long after, int max) => [.. log.Skip((int)after).Take(max)];

    static string FirstDifference(IReadOnlyList<string> a, IReadOnlyList<string> b) =>
        string.Join("\n", a.Except(b).Take(2).Select(l => "- " + l).Concat(b.Except(a).Take(2).Select(l => "+ " + l)));

    string NewPath() => Path.Combine(_folder.FullName, $"ledger-{_files++}.db");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
