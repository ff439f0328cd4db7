namespace EdgeTrace.Gateway.Devices.Llrp;

/// <summary>
/// Places what one connection's reader says on the gateway's clock. Reader clocks begin at 2000-01-01 without NTP, run ahead, or are
/// only uptimes (facts: rfid §4.4); all that is used of them is how far apart two moments are.
/// </summary>
/// <remarks>
/// The offset is the smallest of (received − said): what is larger was delayed on the way. Kept over a window, so that drift
/// (20 ppm is 1.2 ms a minute) is followed. A step of the reader's clock shows as an offset that stays far off, and anchors anew.
/// A better offset is taken up once a second, not with the report that shows it: two reads that arrive in one packet would
/// otherwise both be placed at the moment of their arrival, and be one.
/// </remarks>
sealed class ReaderClock
{
    const long WindowUs = 60_000_000;
    const long AdoptEveryUs = 1_000_000;

    /// <summary>Larger than any delay of a live report on a hospital's network; smaller than any step worth the name.</summary>
    const long StepUs = 5_000_000;

    /// <summary>Reports in a row that must agree before a delay is taken for a step: a reader that lets held reports go sends many late ones.</summary>
    const int StepReportsMin = 20;

    long _offsetUs;
    long _windowMinUs = long.MaxValue;
    long _windowBeganUs;
    long _adoptedUs;
    int _farOff;

    public ReaderClock(long saidUs, long receivedUs) => Anchor(saidUs, receivedUs);

    /// <summary>Add to the reader's time to get ours, µs.</summary>
    public long OffsetUs => _offsetUs;

    /// <summary>How often the reader's clock was found to have stepped.</summary>
    public int Steps { get; private set; }

    /// <summary>Learns from a report: the newest time it says, and when it came.</summary>
    public void Observe(long newestSaidUs, long receivedUs)
    {
        var apart = receivedUs - newestSaidUs;
        if (apart > _offsetUs + StepUs && ++_farOff >= StepReportsMin)
        {
            Anchor(newestSaidUs, receivedUs);
            Steps++;
            return;
        }
        if (apart <= _offsetUs + StepUs) _farOff = 0;
        if (apart < _offsetUs - StepUs)
        {
            Anchor(newestSaidUs, receivedUs);   // stepped forward: nothing arrives before it is said
            Steps++;
            return;
        }
        if (receivedUs - _adoptedUs >= AdoptEveryUs)
        {
            _offsetUs = Math.Min(_offsetUs, _windowMinUs);
            _adoptedUs = receivedUs;
        }
        _windowMinUs = Math.Min(_windowMinUs, apart);
        if (receivedUs - _windowBeganUs < WindowUs) return;
        // A window with nothing fresh in it says nothing.
        if (_windowMinUs < _offsetUs + StepUs) _offsetUs = _windowMinUs;
        (_windowMinUs, _windowBeganUs) = (long.MaxValue, receivedUs);
    }

    public long Place(long saidUs) => saidUs + _offsetUs;

    void Anchor(long saidUs, long receivedUs) =>
        (_offsetUs, _windowMinUs, _windowBeganUs, _adoptedUs, _farOff) = (receivedUs - saidUs, long.MaxValue, receivedUs, receivedUs, 0);
}
