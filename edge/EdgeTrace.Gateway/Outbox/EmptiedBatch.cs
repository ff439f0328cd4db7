using EdgeTrace.Contract;
using Google.Protobuf;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>Bodies that keep their number and say what they lost.</summary>
static class EmptiedBatch
{
    /// <summary>The batch without its readings; header, watermark and earlier losses stay.</summary>
    public static byte[] Thin(ReadOnlyMemory<byte> body, LossCause cause, string detail)
    {
        var batch = Batch.Parser.ParseFrom(body.Span);
        var header = batch.Header;
        header.Losses.Add(new Loss { Cause = cause, Readings = header.Readings, FromUs = header.FirstUs, ToUs = header.LastUs, Detail = detail });
        header.Readings = 0;
        Empty(batch, header.Stream);
        return batch.ToByteArray();
    }

    /// <summary>A batch in place of one that cannot be read back.</summary>
    public static byte[] Stone(string gateway, string boot, in LostBatch lost)
    {
        var batch = new Batch
        {
            Header = new() { Gateway = gateway, Stream = lost.Stream, Epoch = lost.Epoch, Sequence = lost.Sequence, Boot = boot, SealedUs = lost.SealedUs },
        };
        if (lost.Words is not null) batch.Header.Losses.Add(new Loss { Cause = LossCause.Corrupt, Readings = lost.Readings, ToUs = lost.SealedUs, Detail = lost.Words });
        Empty(batch, lost.Stream);
        return batch.ToByteArray();
    }

    /// <summary>The same batch under another number.</summary>
    public static byte[] Renumber(ReadOnlyMemory<byte> body, ulong epoch, ulong sequence)
    {
        var batch = Batch.Parser.ParseFrom(body.Span);
        (batch.Header.Epoch, batch.Header.Sequence) = (epoch, sequence);
        return batch.ToByteArray();
    }

    static void Empty(Batch batch, string stream)
    {
        if (!StreamName.TrySplit(stream, out var kind, out _)) throw new ArgumentException($"'{stream}' is no stream.");
        switch (kind)
        {
            case StreamKind.Alarms: batch.Alarms = new(); break;
            case StreamKind.Scans: batch.Scans = new(); break;
            case StreamKind.Samples: batch.Samples = new(); break;
            case StreamKind.Health: batch.Health = new(); break;
            case StreamKind.Reads: batch.Reads = new() { Dropped = { batch.Reads?.Dropped ?? [] } }; break;
        }
    }
}
