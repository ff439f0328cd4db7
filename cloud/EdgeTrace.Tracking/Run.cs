using EdgeTrace.Identity;

namespace EdgeTrace.Tracking;

/// <summary>An open visit: the sums of its reads. Its evidence lies beside it in <see cref="EvidenceStore"/>.</summary>
struct Run
{
    public const long NotContinued = long.MinValue;

    public Epc Epc;
    public long FirstUs;
    public long LastUs;
    public long ContinuesFromUs;   // first time of the visit before the cut, or NotContinued
    public long Count;
    public int Reads;
    public int ReadsInside;
    public int ReadsOutside;
    public int Next;               // next run of the same EPC, or next free place; -1 ends
    public EvidencePlace Evidence;
    public short Peak;
    public short PeakInside;
    public short PeakOutside;
    public ushort PeakAntenna;
    public bool Open;
    public bool Only;              // open, and its EPC has no other run
    public bool Late;

    public readonly bool IsOnlyRunOf(in Epc epc) => Only && Epc.Equals(epc);

    public void AddPeak(short rssi, ushort antenna)
    {
        if (rssi < Peak || (rssi == Peak && antenna >= PeakAntenna)) return;
        Peak = rssi;
        PeakAntenna = antenna;
    }
}
