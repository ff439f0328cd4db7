using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Tests.Projections;

namespace EdgeTrace.Tests.Completeness;

/// <summary>Batches of one stream by hand, and what a tally says of them.</summary>
static class Stream
{
    public const string Fridge = "samples/fridge-1";
    public const ulong Epoch = 7;

    public static long Us(string utc) => DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMicroseconds();

    public static Batch Samples(ulong sequence, long fromUs, int count, long everyUs = 10_000_000)
    {
        var samples = Enumerable.Range(0, count).Select(i => new Sample { TimeUs = fromUs + i * everyUs, MilliCelsius = 4_600 }).ToList();
        return new()
        {
            Header = new()
            {
                Gateway = SmallHospital.Gateway, Stream = Fridge, Epoch = Epoch, Sequence = sequence, Boot = "boot", FirstUs = fromUs, LastUs = samples[^1].TimeUs,
                ThroughUs = samples[^1].TimeUs, SealedUs = samples[^1].TimeUs + 1_000_000, Readings = (uint)count, TimeQuality = TimeQuality.Ntp,
            },
            Samples = new() { Samples = { samples } },
        };
    }

    public static Batch With(this Batch batch, params Loss[] losses)
    {
        batch.Header.Losses.AddRange(losses);
        return batch;
    }

    public static LoggedBatch Unreadable(long position, ulong sequence, long receivedUs) =>
        new(position, new(SmallHospital.Gateway, Fridge, Epoch, sequence), receivedUs, "its bytes are no batch", new byte[] { 1, 2, 3 });

    public static LoggedBatch At(this Batch batch, long position, long? receivedUs = null) =>
        SmallHospital.Logged(position, batch) with { ReceivedUs = receivedUs ?? batch.Header.SealedUs + 500_000 };

    public static LoggedGap Gap(ulong from, ulong to, long recordedUs) => new(SmallHospital.Gateway, Fridge, Epoch, from, to, "already forgotten by the gateway", recordedUs);

    /// <summary>Everything one tally says of a log, a page at a time.</summary>
    public static LedgerCommit Tally(IReadOnlyList<LoggedBatch> log, IReadOnlyList<LoggedGap>? gaps = null, int page = 1024, TimeZoneInfo? zone = null)
    {
        var tally = new CompletenessTally(zone ?? SmallHospital.Site.TimeZone, []);
        var byStream = (gaps ?? []).ToLookup(g => (g.Gateway, g.Stream, g.Epoch));
        var all = new LedgerCommit("system:test");
        for (var at = 0; at <= log.Count; at += page)
        {
            var facts = CompletenessProjection.Count(tally, [.. log.Skip(at).Take(page)], byStream);
            tally.Seal(facts);
            all.Add(facts);
        }
        return all;
    }
}
