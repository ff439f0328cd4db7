using EdgeTrace.ColdChain;
using EdgeTrace.Store.Readings;

namespace EdgeTrace.Cloud.Api;

/// <summary>What a point is held to from a moment on; the first also judges what is older than itself.</summary>
/// <param name="LowMilli">−∞ where there is no limit.</param>
/// <param name="GapUs">A longer time between two good readings is a gap: nothing is assumed of it.</param>
readonly record struct LimitStep(long FromUs, double LowMilli, double HighMilli, long GapUs, long EveryUs);

/// <summary>A period added up. Times are µs.</summary>
/// <param name="Held">For how long each temperature (m°C) held: what a mean kinetic temperature is made from.</param>
sealed record PeriodSums(
    long InUs, long AboveUs, long BelowUs, long Readings, long Faulty, double MeanMilli,
    (int Milli, long AtUs) Lowest, (int Milli, long AtUs) Highest, IReadOnlyDictionary<int, long> Held)
{
    public long SeenUs => InUs + AboveUs + BelowUs;
}

/// <summary>
/// Adds up a period. A good reading holds until the next good one, unless that is a gap; it is judged by the limits in force while it holds. Stretches
/// are put in from one gap before the period to one gap after it, so that two periods side by side add up to the period that holds both.
/// </summary>
/// <param name="limits">In order of time, at least one.</param>
/// <param name="nowUs">Beyond it nothing holds.</param>
sealed class PeriodFold(IReadOnlyList<LimitStep> limits, long fromUs, long toUs, long nowUs)
{
    readonly Dictionary<int, long> _held = [];
    SampleStretch? _last;
    long _inUs, _aboveUs, _belowUs, _readings, _faulty;
    double _sumMilli;
    (int, long) _lowest, _highest;

    /// <summary>The first moment that can matter to the period.</summary>
    public long SinceUs => fromUs - limits.Max(l => l.GapUs);

    /// <summary>Up to where the next reading decides whether the last one held.</summary>
    public long UntilUs => Math.Min(nowUs, toUs + limits.Max(l => l.GapUs));

    /// <summary>Readings, or minutes of them, in order of time.</summary>
    public void Add(in SampleStretch next)
    {
        if (next.TimeUs >= fromUs && next.TimeUs < toUs)
        {
            if (next.Count > 0 && (_readings == 0 || next.LowestMilli < _lowest.Item1)) _lowest = (next.LowestMilli, next.TimeUs);
            if (next.Count > 0 && (_readings == 0 || next.HighestMilli > _highest.Item1)) _highest = (next.HighestMilli, next.TimeUs);
            _readings += next.Count;
            _faulty += next.Faults;
            _sumMilli += next.MeanMilli * next.Count;
        }
        // A faulty sample ends nothing: the judge, too, goes from good reading to good reading.
        if (next.Count == 0) return;
        if (_last is { } last) Hold(last, next.TimeUs);
        _last = next;
    }

    public PeriodSums End()
    {
        if (_last is { } last && UntilUs > last.TimeUs) Hold(last, UntilUs);
        _last = null;
        return new(_inUs, _aboveUs, _belowUs, _readings, _faulty, _readings == 0 ? double.NaN : _sumMilli / _readings, _lowest, _highest, _held);
    }

    void Hold(in SampleStretch stretch, long untilUs)
    {
        var ownUs = stretch.TimeUs + stretch.WidthUs;
        // Before a gap a minute or an hour stands for itself, and a single reading for nothing.
        if (untilUs - ownUs > limits[StepAt(untilUs)].GapUs) untilUs = ownUs;
        var (startUs, endUs) = (Math.Max(stretch.TimeUs, fromUs), Math.Min(untilUs, toUs));
        if (startUs >= endUs) return;
        Weigh(stretch, endUs - startUs);
        for (var step = StepAt(startUs); startUs < endUs; step++)
        {
            var partUs = (step + 1 < limits.Count ? Math.Min(limits[step + 1].FromUs, endUs) : endUs) - startUs;
            switch (SideOf(stretch.MeanMilli, step))
            {
                case > 0: _aboveUs += partUs; break;
                case < 0: _belowUs += partUs; break;
                default: _inUs += partUs; break;
            }
            startUs += partUs;
        }
    }

    /// <summary>
    /// What is known of a minute or an hour only by its lowest, mean and highest counts as so much of the lowest and of the highest as gives the mean: with a
    /// steady rhythm no other temperatures give a greater mean kinetic temperature, so it is not said too low.
    /// </summary>
    void Weigh(in SampleStretch stretch, long us)
    {
        var (low, high) = (stretch.LowestMilli, stretch.HighestMilli);
        var highUs = low == high ? 0 : (long)Math.Round(us * (stretch.MeanMilli - low) / (high - low));
        if (us > highUs) _held[low] = _held.GetValueOrDefault(low) + us - highUs;
        if (highUs > 0) _held[high] = _held.GetValueOrDefault(high) + highUs;
    }

    /// <summary>Whether a limit runs through the stretch, or changes in it, or a gap may be in it: then its mean does not say on which side it was, and how long.</summary>
    public bool NeedsCloserLook(in SampleStretch stretch, long widthUs)
    {
        var step = StepAt(stretch.TimeUs);
        if (step != StepAt(stretch.TimeUs + widthUs - 1)) return true;
        // Two stretches side by side may each miss half a gap's readings where they meet.
        var (gapUs, everyUs) = (limits[step].GapUs, limits[step].EveryUs);
        var missing = widthUs / everyUs - stretch.Count;
        if (widthUs > gapUs && Math.Abs(missing) > gapUs / everyUs / 2 - 1) return true;
        var (low, high) = (limits[step].LowMilli, limits[step].HighMilli);
        return stretch.LowestMilli < low && stretch.HighestMilli >= low || stretch.HighestMilli > high && stretch.LowestMilli <= high;
    }

    public bool SameLimits(in SampleStretch one, in SampleStretch other) => StepAt(one.TimeUs) == StepAt(other.TimeUs);

    /// <summary>−1 below the limits, 0 within them, 1 above.</summary>
    public int SideOf(in SampleStretch stretch) => SideOf(stretch.MeanMilli, StepAt(stretch.TimeUs));

    int SideOf(double milli, int step) => milli > limits[step].HighMilli ? 1 : milli < limits[step].LowMilli ? -1 : 0;

    int StepAt(long us)
    {
        var step = 0;
        while (step + 1 < limits.Count && limits[step + 1].FromUs <= us) step++;
        return step;
    }

    /// <summary>How many readings the rhythm makes between two moments.</summary>
    public static long Expected(IReadOnlyList<LimitStep> limits, long fromUs, long toUs)
    {
        double expected = 0;
        for (var step = 0; step < limits.Count; step++)
        {
            var startUs = step == 0 ? fromUs : Math.Max(fromUs, limits[step].FromUs);
            var endUs = step + 1 < limits.Count ? Math.Min(toUs, limits[step + 1].FromUs) : toUs;
            if (endUs > startUs) expected += (endUs - startUs) / (double)limits[step].EveryUs;
        }
        return (long)Math.Round(expected);
    }

    /// <summary>The temperatures with their weights.</summary>
    public static WeightedTemperature[] Weighted(PeriodSums sums) => [.. sums.Held.Select(h => new WeightedTemperature(h.Key / 1000.0, h.Value))];
}
