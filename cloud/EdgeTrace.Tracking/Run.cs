using EdgeTrace.Identity;

namespace EdgeTrace.Tracking;

/// <summary>An open visit: the sums of its reads. Its evidence lies beside it in <see cref="RunTable"/>.</summary>
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
    public short Peak;
    public short PeakInside;
    public short PeakOutside;
    public ushort PeakAntenna;
    public byte FirstSlots;
    public byte LastSlots;
    public bool Open;
    public bool Late;

    public void AddPeak(short rssi, ushort antenna)
    {
        if (rssi < Peak || (rssi == Peak && antenna >= PeakAntenna)) return;
        Peak = rssi;
        PeakAntenna = antenna;
    }
}
