using EdgeTrace.Contract;

namespace EdgeTrace.Benchmarks.Batches;

/// <summary>What a portal hears in one second, as a gateway gathers it: reads in order of time, whole readings of an antenna, no compressible padding.</summary>
/// <remarks>
/// Times at random distances around the mean, four antennas, RSSI over 40 dB in steps of a half (an R420's), phases over the whole turn.
/// Its bytes cannot get below what is random in it: 11.4 bits of time, 2 of antenna, 6.3 of RSSI, 12 of phase.
/// </remarks>
sealed class BatchRows
{
    /// <param name="reads">Reads in the second.</param>
    /// <param name="tags">Tags in the field in that second.</param>
    public BatchRows(int reads, int tags, bool phase)
    {
        var random = new Random(7);
        Epcs = TagSet.Epcs(tags, seed: 7);
        Rows = new ReadRow[reads];
        Tag = new int[reads];
        var atUs = TagSet.StartUs;
        for (var i = 0; i < reads; i++)
        {
            atUs += (long)(-Math.Log(1 - random.NextDouble()) * 1_000_000 / reads);
            // Where as many tags as reads are wanted each is heard once, as when a pallet is driven through.
            Tag[i] = tags == reads ? i : random.Next(tags);
            Rows[i] = new(atUs, (ushort)random.Next(1, 5), (short)(-3500 - 50 * random.Next(80))) { Phase = phase ? (short)random.Next(4096) : ReadRow.PhaseNotTold };
        }
    }

    public byte[][] Epcs { get; }
    public ReadRow[] Rows { get; }
    public int[] Tag { get; }
}
