using System.Buffers;
using CsCheck;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Contract;
using EdgeTrace.Identity;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Projections;

/// <summary>Two tags with one number: found from the reads alone, whenever and however they come.</summary>
public sealed class ChipWatchTests : IDisposable
{
    const long StartUs = SmallHospital.StartUs;

    /// <summary>The tag whose first chip somebody read at goods-in.</summary>
    const int ReadByHand = 3;

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-chips-");
    int _files;

    sealed record Heard(long AtUs, int Portal, int Tag, int Chip);

    /// <summary>Up to four minutes at three doors; tag 0 has one chip, the others up to three. Chip 0 told nothing.</summary>
    static readonly Gen<Heard> s_heard = Gen.Select(Gen.Long[0, 240_000_000], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 3]).Select((at, portal, tag, chip) => new Heard(StartUs + at, portal, tag, tag == 0 ? Math.Min(chip, 1) : chip));

    [Fact]
    public void Any_order_any_batching_and_any_restart_come_to_the_same_chips_and_the_same_holds() =>
        Gen.Select(s_heard.List[1, 60], Gen.Int[1, 1_000_000]).Sample((heard, seed) =>
        {
            var first = Run(heard, new(seed), whole: true);
            for (var again = 1; again <= 3; again++) Assert.Equal(first, Run(heard, new(seed + again), whole: false));
            Assert.Equal(Expected(heard), first.Where(line => line.Contains("tagChip", StringComparison.Ordinal)));
            Assert.Equal(Doubled(heard), first.Count(line => line.Contains("twoTags", StringComparison.Ordinal)));
        }, iter: 60, threads: 1);

    [Fact]
    public void What_is_known_is_not_told_again_before_the_next_minute()
    {
        var (watch, told) = (new ChipWatch("door-1"), new List<int>());
        foreach (var second in (int[])[0, 1, 2, 30, 59, 60, 61, 119, 120, 121])
        {
            var facts = new LedgerCommit("test");
            Look(watch, [new(StartUs / 60_000_000 * 60_000_000 + second * 1_000_000, 0, 1, 1)], facts);
            if (facts.Chips.Count > 0) told.Add(second);
        }
        Assert.Equal([0, 60, 120], told);
    }

    [Fact]
    public void Blank_and_foreign_tags_may_share_a_number_and_what_is_no_TID_tells_no_chip_from_another()
    {
        var (watch, facts) = (new ChipWatch("door-1"), new LedgerCommit("test"));
        var writer = new ReadColumnsWriter();
        foreach (var tid in (string[])["E28011602000000000000001", "E28011602000000000000002"]) writer.Add(new(StartUs, 1, -5000), new byte[12], tid: Convert.FromHexString(tid));
        foreach (var tid in (string[])["000000000000000000000000", "E280", "FFFFFFFFFFFF"]) writer.Add(new(StartUs, 1, -5000), Convert.FromHexString(SmallHospital.Tag(1)), tid: Convert.FromHexString(tid));
        Look(watch, writer, StartUs, StartUs, facts);
        Assert.Empty(facts.Chips);
    }

    IReadOnlyList<string> Run(IReadOnlyList<Heard> heard, Random random, bool whole)
    {
        var path = Path.Combine(_folder.FullName, $"ledger-{_files++}.db");
        var writer = LedgerWriter.Open(path, new FakeTimeProvider());
        var commits = Batches(heard, random, whole).ToList();
        // The books come when they come: before the doors, among them, or after.
        for (var tag = 0; tag < 4; tag++) commits.Insert(random.Next(commits.Count + 1), BookedIn(tag));
        foreach (var commit in commits) writer.CommitAsync(commit).GetAwaiter().GetResult();
        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return [.. CanonicalDump.Lines(new(path)).Where(line => line.Contains("tagChip", StringComparison.Ordinal) || line.Contains("twoTags", StringComparison.Ordinal) || line.Contains("stockItem", StringComparison.Ordinal))];
    }

    /// <summary>Each door's reads cut and shuffled as one likes, some sent twice; a watch that is new has forgotten all.</summary>
    static IEnumerable<LedgerCommit> Batches(IReadOnlyList<Heard> heard, Random random, bool whole)
    {
        foreach (var door in heard.GroupBy(read => read.Portal).OrderBy(_ => random.Next()))
        {
            var watch = new ChipWatch($"door-{door.Key}");
            var reads = whole ? [.. door.OrderBy(read => read.AtUs)] : door.Concat(door.Where(_ => random.Next(4) == 0)).OrderBy(_ => random.Next()).ToList();
            for (var at = 0; at < reads.Count;)
            {
                var take = whole ? reads.Count : Math.Min(reads.Count - at, 1 + random.Next(6));
                var commit = new LedgerCommit("test");
                if (!whole && random.Next(5) == 0) watch = new($"door-{door.Key}");
                Look(watch, reads.GetRange(at, take), commit);
                yield return commit;
                at += take;
            }
        }
    }

    static LedgerCommit BookedIn(int tag) => new("test") { StockEvents = { new($"received-{tag}", KeyOf(tag), EventKind.Received, StartUs - 1_000_000, 0, "goods-in", null, $"act-{tag}", "test", new() { Tid = tag == ReadByHand ? TidOf(tag, 1) : null }) } };

    static void Look(ChipWatch watch, IReadOnlyList<Heard> reads, LedgerCommit facts)
    {
        var writer = new ReadColumnsWriter();
        foreach (var read in reads) writer.Add(new(read.AtUs, 1, -5000), Convert.FromHexString(SmallHospital.Tag(read.Tag)), tid: read.Chip == 0 ? [] : Convert.FromHexString(TidOf(read.Tag, read.Chip)));
        Look(watch, writer, reads.Min(read => read.AtUs), reads.Max(read => read.AtUs), facts);
    }

    static void Look(ChipWatch watch, ReadColumnsWriter writer, long fromUs, long toUs, LedgerCommit facts)
    {
        var (bytes, columns) = (new ArrayBufferWriter<byte>(), new ReadColumns());
        writer.WriteTo(bytes);
        columns.Decode(bytes.WrittenSpan);
        var epcs = new Epc[columns.DistinctTags];
        for (var i = 0; i < epcs.Length; i++) epcs[i] = Epc.From(columns.Epc(i));
        watch.Look(columns, epcs, fromUs, toUs, epc => SmallHospital.Names.Of(epc) is { } named && named.Item != named.Epc ? named.Item : null, facts);
    }

    /// <summary>Straight from the reads, with nothing of what is tested: the least of all, and the least of the newest minute.</summary>
    static IEnumerable<string> Expected(IReadOnlyList<Heard> heard) => heard.Where(read => read.Chip != 0).GroupBy(read => (read.Tag, read.Chip)).Select(chip =>
    {
        var order = chip.OrderBy(read => read.AtUs).ThenBy(read => read.Portal).ToList();
        var (first, last) = (order[0], order.First(read => read.AtUs / 60_000_000 == order[^1].AtUs / 60_000_000));
        return $$"""{"kind":"tagChip","item":"{{KeyOf(chip.Key.Tag)}}","tid":"{{TidOf(chip.Key.Tag, chip.Key.Chip)}}","firstUs":{{first.AtUs}},"firstAt":"door-{{first.Portal}}","lastUs":{{last.AtUs}},"lastAt":"door-{{last.Portal}}"}""";
    }).Order(StringComparer.Ordinal);

    static int Doubled(IReadOnlyList<Heard> heard) =>
        heard.Where(read => read.Chip != 0).Select(read => (read.Tag, read.Chip)).Append((Tag: ReadByHand, Chip: 1)).Distinct().GroupBy(read => read.Tag).Count(tag => tag.Count() > 1);

    static string KeyOf(int tag) => SmallHospital.Names.Of(Epc.From(Convert.FromHexString(SmallHospital.Tag(tag)))).Item;

    static string TidOf(int tag, int chip) => $"E28011602000{tag * 10 + chip:D12}";

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
