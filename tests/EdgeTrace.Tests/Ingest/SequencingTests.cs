using CsCheck;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Store.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTrace.Tests.Ingest;

public class SequencingTests
{
    [Fact]
    public void The_next_is_accepted_the_same_is_redelivered_a_little_ahead_is_held_far_ahead_is_dropped()
    {
        var sequencer = new StreamSequencer(10);
        Assert.Equal(Verdict.Redelivered, sequencer.Offer(Batch(10)));
        Assert.Equal(Verdict.Held, sequencer.Offer(Batch(12)));
        Assert.Equal(Verdict.Redelivered, sequencer.Offer(Batch(12)));
        Assert.Equal(Verdict.Rejected, sequencer.Offer(Batch(12, crc: 99)));
        Assert.Equal(Verdict.Dropped, sequencer.Offer(Batch(11 + StreamSequencer.HeldMax)));
        Assert.Equal(Verdict.Dropped, sequencer.Offer(Batch(13), roomToHold: false));
        Assert.Equal(Verdict.Accepted, sequencer.Offer(Batch(11)));
        Assert.Equal(12ul, sequencer.Release()!.Id.Sequence);
        Assert.Null(sequencer.Release());
        Assert.Equal(12ul, sequencer.Upto);
    }

    [Fact]
    public void What_the_gateway_has_forgotten_is_skipped_but_never_what_was_received()
    {
        var sequencer = new StreamSequencer(10);
        Assert.Equal(Verdict.Held, sequencer.Offer(Batch(15)));
        Assert.Null(sequencer.Skip(11));
        Assert.Equal((11ul, 14ul), sequencer.Skip(40));
        Assert.Equal(15ul, sequencer.Release()!.Id.Sequence);
        Assert.Equal((16ul, 39ul), sequencer.Skip(40));
    }

    /// <summary>The property of the house: in any order, twice, lost and sent again, across crashes, the log is the same.</summary>
    [Fact]
    public void Shuffled_duplicated_resent_and_crashed_the_log_holds_every_batch_once_and_in_order() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 40], Gen.Int[0, 3], Gen.Int).Sample(
            (streams, batches, crashes, seed) => RunAsync(streams, batches, crashes, new Random(seed)).GetAwaiter().GetResult(),
            iter: 40, threads: 1);

    static async Task RunAsync(int streams, int batches, int crashes, Random random)
    {
        var folder = Directory.CreateTempSubdirectory("edgetrace-sequencing-").FullName;
        try
        {
            var outbox = (from stream in Enumerable.Range(0, streams) from sequence in Enumerable.Range(1, batches) select ($"scans/s{stream}", (ulong)sequence)).ToList();
            for (var life = 0; life <= crashes; life++)
            {
                await using var log = BatchLog.Open(folder, TimeProvider.System, NullLogger<BatchLog>.Instance);
                var sequencing = new Sequencing(log.Streams());
                // In every life but the last, the crash comes in the middle of things.
                var rounds = life < crashes ? random.Next(1, 3) : int.MaxValue;
                for (var round = 0; round < rounds && outbox.Count > 0; round++)
                {
                    var sent = outbox.Where(_ => random.Next(5) > 0).SelectMany(batch => Enumerable.Repeat(batch, random.Next(1, 3))).ToArray();
                    random.Shuffle(sent);
                    foreach (var (stream, sequence) in sent)
                        await TakeAsync(log, sequencing, ((Checked.Numbered)Inspection.Inspect(Batches.Inbound(stream, sequence), 0)).Batch);
                    var upto = log.Streams().ToDictionary(stream => stream.Stream, stream => stream.Upto);
                    outbox.RemoveAll(batch => batch.Item2 <= upto.GetValueOrDefault(batch.Item1));
                }
            }
            using var reader = BatchLogReader.Open(folder);
            var logged = reader.Read(0, int.MaxValue);
            Assert.Equal(streams * batches, logged.Count);
            foreach (var stream in logged.GroupBy(batch => batch.Id.Stream))
                Assert.Equal(Enumerable.Range(1, batches).Select(sequence => (ulong)sequence), stream.Select(batch => batch.Id.Sequence));
            Assert.All(logged, batch => Assert.Equal(Batches.Scan(batch.Id.Stream, batch.Id.Sequence), batch.Body.ToArray()));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task TakeAsync(BatchLog log, Sequencing sequencing, NewBatch batch)
    {
        if (sequencing.Offer(batch) != Verdict.Accepted) return;
        await log.AppendAsync(batch);
        while (sequencing.Release(batch.Id) is { } held) await log.AppendAsync(held);
    }

    static NewBatch Batch(ulong sequence, uint crc = 1) => new(new("gw-1", "scans/desk", 7, sequence), 0, 1, crc, new byte[10]);
}
