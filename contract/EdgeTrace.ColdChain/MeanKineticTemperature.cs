namespace EdgeTrace.ColdChain;

/// <summary>A temperature and for how long it held, in any unit, the same for all.</summary>
public readonly record struct WeightedTemperature(double Celsius, double Weight);

/// <summary>What is assumed between two samples; it belongs into every report.</summary>
public enum Interpolation
{
    /// <summary>A sample holds until the next one.</summary>
    StepHold,
    /// <summary>The mean of two samples holds between them.</summary>
    Midpoint,
}

/// <summary>Why no mean kinetic temperature is given.</summary>
public enum MktRefusal
{
    None,
    NoSamples,
    /// <summary>It describes chemical decay at rates nobody measured below freezing.</summary>
    FrozenClass,
    /// <summary>Less than 90 % of the window was seen.</summary>
    CoverageTooLow,
    /// <summary>It must not be used to excuse cold: any sample below 2 °C in a 2–8 °C class.</summary>
    TooCold,
}

/// <summary>A mean kinetic temperature with what must stand beside it, or the reason why there is none.</summary>
/// <param name="Celsius">Null when refused.</param>
/// <param name="Refusal">Why it is null.</param>
/// <param name="Mean">Weighted arithmetic mean, °C.</param>
/// <param name="Lowest">°C.</param>
/// <param name="Peak">°C.</param>
/// <param name="Coverage">Share of the window that was seen, 0…1.</param>
public sealed record MktResult(double? Celsius, MktRefusal Refusal, double Mean, double Lowest, double Peak, double Coverage);

/// <summary>The one temperature that would have aged the stock as much as the real ones did (USP &lt;1079.2&gt;).</summary>
public static class MeanKineticTemperature
{
    /// <summary>ΔH/R in kelvin: 83.144 kJ/mol over 8.3144 J/(mol·K), the convention of the pharmacopoeia.</summary>
    public const double ActivationKelvin = 10_000;

    /// <summary>0 °C in kelvin.</summary>
    public const double ZeroCelsius = 273.15;

    /// <summary>Below this share of the window, what was not seen could be worse than what was.</summary>
    public const double CoverageMin = 0.9;

    /// <summary>The bare formula. Weights must not be negative, and not all zero.</summary>
    public static double Of(ReadOnlySpan<WeightedTemperature> temperatures)
    {
        double sum = 0, weights = 0;
        foreach (var (celsius, weight) in temperatures)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(temperatures));
            sum += weight * Math.Exp(-ActivationKelvin / (celsius + ZeroCelsius));
            weights += weight;
        }
        if (!(weights > 0)) throw new ArgumentException("No temperature has a weight.", nameof(temperatures));
        return ActivationKelvin / -Math.Log(sum / weights) - ZeroCelsius;
    }

    /// <summary>The formula with the cases in which it must not be used.</summary>
    /// <param name="temperatures">What was seen.</param>
    /// <param name="coverage">Share of the window that was seen, 0…1.</param>
    /// <param name="storage">The class it was stored in.</param>
    public static MktResult Evaluate(ReadOnlySpan<WeightedTemperature> temperatures, double coverage, StorageClass storage)
    {
        double weights = 0, mean = 0, lowest = double.PositiveInfinity, peak = double.NegativeInfinity;
        foreach (var (celsius, weight) in temperatures)
        {
            weights += weight;
            mean += weight * celsius;
            lowest = Math.Min(lowest, celsius);
            peak = Math.Max(peak, celsius);
        }
        if (!(weights > 0)) return new(null, MktRefusal.NoSamples, double.NaN, double.NaN, double.NaN, coverage);
        var refusal =
            storage.IsFrozen ? MktRefusal.FrozenClass
            : !(coverage >= CoverageMin) ? MktRefusal.CoverageTooLow
            : storage.High <= 8 && lowest < 2 ? MktRefusal.TooCold
            : MktRefusal.None;
        return new(refusal == MktRefusal.None ? Of(temperatures) : null, refusal, mean / weights, lowest, peak, coverage);
    }

    /// <summary>Weighs samples by the time between them. The last sample of a step-hold opens no interval and has no weight.</summary>
    /// <param name="samples">In event-time order.</param>
    /// <param name="interpolation">What holds between two samples.</param>
    /// <param name="gapMax">Longer intervals are gaps: nothing is assumed about them, and they lower the coverage.</param>
    public static (WeightedTemperature[] Temperatures, double Coverage) Weigh(
        ReadOnlySpan<(long TimeUs, double Celsius)> samples, Interpolation interpolation, TimeSpan gapMax)
    {
        var weighed = new List<WeightedTemperature>(samples.Length);
        long seenUs = 0;
        for (var i = 1; i < samples.Length; i++)
        {
            var lasted = samples[i].TimeUs - samples[i - 1].TimeUs;
            if (lasted <= 0 || lasted > gapMax.Ticks / TimeSpan.TicksPerMicrosecond) continue;
            seenUs += lasted;
            var celsius = interpolation == Interpolation.StepHold ? samples[i - 1].Celsius : (samples[i - 1].Celsius + samples[i].Celsius) / 2;
            weighed.Add(new(celsius, lasted));
        }
        var wholeUs = samples.Length < 2 ? 0 : samples[^1].TimeUs - samples[0].TimeUs;
        return ([.. weighed], wholeUs == 0 ? 0 : seenUs / (double)wholeUs);
    }
}

/// <summary>When a mean kinetic temperature may excuse an excursion (USP &lt;659&gt;, &lt;1079.2&gt;).</summary>
/// <param name="Name">For reports.</param>
/// <param name="Window">The stretch the mean is taken over, the excursion included.</param>
/// <param name="MktMax">°C.</param>
/// <param name="AllowedHigh">Time above this is an excursion, °C.</param>
/// <param name="ExcursionMax">How long it may last together.</param>
/// <param name="PeakMax">°C that must never be passed.</param>
public sealed record MktRule(string Name, TimeSpan Window, double MktMax, double AllowedHigh, TimeSpan ExcursionMax, double PeakMax)
{
    /// <summary>Controlled cold: 2–8 °C, up to 15 °C for 24 h while the mean kinetic temperature stays at 8 °C or below.</summary>
    public static readonly MktRule ControlledCold = new("CCT", TimeSpan.FromHours(24), 8, 8, TimeSpan.FromHours(24), 15);

    /// <summary>Controlled room: 20–25 °C, 15–30 °C allowed, up to 40 °C for 24 h while the mean kinetic temperature stays at 25 °C or below.</summary>
    public static readonly MktRule ControlledRoom = new("CRT", TimeSpan.FromDays(30), 25, 30, TimeSpan.FromHours(24), 40);

    /// <summary>Why the rule is not met; empty when it is. Weights are hours.</summary>
    public IReadOnlyList<string> Failures(ReadOnlySpan<WeightedTemperature> hours)
    {
        var failures = new List<string>();
        double above = 0, peak = double.NegativeInfinity;
        foreach (var (celsius, weight) in hours)
        {
            if (celsius > AllowedHigh) above += weight;
            peak = Math.Max(peak, celsius);
        }
        var mkt = MeanKineticTemperature.Of(hours);
        if (mkt > MktMax) failures.Add(FormattableString.Invariant($"MKT {mkt:F4} °C is above {MktMax} °C"));
        if (peak > PeakMax) failures.Add(FormattableString.Invariant($"peak {peak} °C is above {PeakMax} °C"));
        if (above > ExcursionMax.TotalHours) failures.Add(FormattableString.Invariant($"{above} h above {AllowedHigh} °C, at most {ExcursionMax.TotalHours} h"));
        return failures;
    }
}
