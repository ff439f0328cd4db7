using System.Buffers.Binary;
using EdgeTrace.Contract;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>What a start makes of what recovery found: every number that was given is sent, every loss is told, and what can no longer be trusted goes on in a new epoch.</summary>
sealed partial class DurableOutbox
{
    /// <summary>A damaged newest file may have hidden streams, and which it was only tells when their devices have something to say; one that is first heard of later is new.</summary>
    static readonly TimeSpan DoubtFor = TimeSpan.FromDays(1);

    static readonly long s_earliestUs = Health.KernelClock.Earliest.ToUnixTimeMilliseconds() * 1000;

    void Repair(Recovery recovered)
    {
        foreach (var number in _disk.Numbers) _live[number] = 0;
        foreach (var book in _books.Values)
            foreach (var run in book.Runs)
                for (var sequence = run.Forgotten + 1; run.TryGet(sequence, out var batch); sequence++)
                    if (batch.Segment != 0) _live[batch.Segment]++;

        foreach (var finding in recovered.Findings) LogDamage(finding.Segment, finding.At, finding.Bytes, finding.What);
        foreach (var lost in recovered.Lost) TellLost(_books[lost.Stream], lost);
        foreach (var name in recovered.Untrusted)
        {
            var book = _books[name];
            Redraw(book, keepFrom: ulong.MaxValue);
            TellCorrupt(book, "the end of this stream could not be read back; batches may be missing");
        }
        // Durable before the file that is doubted is set aside.
        if (recovered.MayHideStreams) Enqueue(null, Doubt());
        foreach (var number in recovered.Damaged) _toQuarantine.Enqueue(number);
    }

    // A number that was given is always sent, so that the cloud waits for none; what it held is told by it, or by the last of a stretch.
    void TellLost(StreamBook book, LostBatch lost)
    {
        if (lost.Sequence == 0)
        {
            var run = new EpochRun(DrawEpoch()) { Place = lost.Place, ReadingsBefore = lost.ReadingsTotal - lost.Readings };
            book.Runs.Insert(book.Runs.FindIndex(next => next.Epoch == lost.Epoch), run);
            Enqueue(book, new(RecordKind.Position, book.Name) { Epoch = run.Epoch, Sequence = 1, Body = PositionWords(run) });
            lost = lost with { Epoch = run.Epoch, Sequence = run.Next++ };
        }
        if (lost.Words is not null) LogLostBatch(lost.Stream, lost.Epoch, lost.Sequence, lost.Readings);
        Enqueue(book, new(RecordKind.Batch, book.Name)
        {
            Flags = RecordFlags.Copy | RecordFlags.Emptied, Epoch = lost.Epoch, Sequence = lost.Sequence, Readings = (uint)Math.Min(lost.Readings, uint.MaxValue),
            SealedUs = lost.SealedUs, Body = EmptiedBatch.Stone(Gateway, Boot, lost),
        }, readingsTotal: lost.ReadingsTotal);
    }

    void TellCorrupt(StreamBook book, string detail)
    {
        var loss = new Loss { Cause = LossCause.Corrupt, Detail = detail };
        book.PendingLosses.Add(loss);
        Enqueue(book, new(RecordKind.Loss, book.Name) { Body = loss.ToByteArray() });
    }

    /// <summary>
    /// From the last thing this outbox knows of a device's stream until now nobody listened, and what was in memory is gone: a blind interval,
    /// which the stream's next header tells. Says nothing of streams that have never been.
    /// </summary>
    public void TellRestart()
    {
        lock (_gate)
        {
            var nowUs = NowUs;
            foreach (var book in _books.Values)
            {
                if (book.Kind is not (StreamKind.Reads or StreamKind.Scans or StreamKind.Samples) || book.LastSealedUs is not { } from || from >= nowUs) continue;
                // A clock that had never been set says 1970 or 2000: a blind half century would be no truth, and since when nobody can tell.
                var loss = from >= s_earliestUs
                    ? new Loss { Cause = LossCause.Blind, FromUs = from, ToUs = nowUs, Detail = "the gateway was restarted" }
                    : new Loss { Cause = LossCause.Blind, FromUs = nowUs, ToUs = nowUs, Detail = "the gateway was restarted; its clock had never been set, so nobody can tell since when it was blind" };
                book.PendingLosses.Add(loss);
                Enqueue(book, new(RecordKind.Loss, book.Name) { Body = loss.ToByteArray() });
            }
        }
    }

    bool MayHideStreams => _doubtedUs is { } since && NowUs - since >= 0 && NowUs - since < DoubtFor.TotalMicroseconds;

    Record Doubt() => new(RecordKind.Doubt, "") { SealedUs = _doubtedUs ?? 0 };

    // Batches from `keepFrom` on go on under new numbers; those before keep theirs and are sent first.
    void Redraw(StreamBook book, ulong keepFrom)
    {
        var old = book.Current;
        List<Record> renumbered = [];
        for (var sequence = Math.Max(keepFrom, old.Forgotten + 1); keepFrom != ulong.MaxValue && old.TryGet(sequence, out var stored); sequence++)
        {
            if (stored.Segment == 0) continue;   // what takes its place waits below
            var body = ReadStored(stored);
            if (body is null) LogLostBatch(book.Name, old.Epoch, sequence, stored.Readings);
            renumbered.Add(new(RecordKind.Batch, book.Name)
            {
                Sequence = sequence, Readings = stored.Readings, SealedUs = stored.SealedUs, Flags = Flags(stored) | (body is null ? RecordFlags.Emptied : 0),
                Body = body ?? EmptiedBatch.Stone(Gateway, Boot, Gone(book, old, stored)),
            });
        }
        var waiting = _pending.FindAll(entry => entry.Book == book && entry.Record.Kind == RecordKind.Batch && entry.Record.Epoch == old.Epoch && entry.Record.Sequence >= keepFrom);
        foreach (var entry in waiting)
        {
            _pending.Remove(entry);
            _pendingBytes -= entry.Record.Length;
            renumbered.Add(entry.Record);
        }

        var total = renumbered.Aggregate(book.ReadingsTotal, (left, record) => left - Math.Min(left, record.Readings));
        var run = new EpochRun(DrawEpoch()) { Place = (ushort)Math.Min(old.Place + 1, ushort.MaxValue), ReadingsBefore = total };
        var words = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(words, old.Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(words.AsSpan(8), keepFrom);
        var redrawn = Enqueue(book, new(RecordKind.Redrawn, book.Name) { Epoch = run.Epoch, Body = words }, readingsTotal: total);
        old.Retire(keepFrom, stored => redrawn.Releases.Add(stored.Segment));
        book.Runs.Add(run);
        foreach (var record in renumbered.OrderBy(record => record.Sequence))
        {
            var sequence = run.Next++;
            total += record.Readings;
            Enqueue(book, record with { Epoch = run.Epoch, Sequence = sequence, Body = EmptiedBatch.Renumber(record.Body, run.Epoch, sequence) }, readingsTotal: total);
        }
        LogEpoch(book.Name, old.Epoch, run.Epoch, renumbered.Count);
    }

    static LostBatch Gone(StreamBook book, EpochRun run, in StoredBatch stored) =>
        new(book.Name, run.Epoch, run.Place, stored.Sequence, stored.Readings, stored.ReadingsTotal, stored.SealedUs, "the disk no longer gives this batch back");

    [LoggerMessage(2001, LogLevel.Warning, "Outbox segment {Segment:x} at {At}, {Bytes} bytes: {What}")]
    partial void LogDamage(ulong segment, int at, int bytes, string what);

    [LoggerMessage(2002, LogLevel.Error, "{Stream} epoch {Epoch:x} sequence {Sequence} could not be read back: {Readings} readings lost (0 = not countable)")]
    partial void LogLostBatch(string stream, ulong epoch, ulong sequence, ulong readings);

    [LoggerMessage(2003, LogLevel.Warning, "{Stream} goes on in a new epoch: {OldEpoch:x} ended, {NewEpoch:x} drawn, {Renumbered} batches numbered anew")]
    partial void LogEpoch(string stream, ulong oldEpoch, ulong newEpoch, int renumbered);
}
