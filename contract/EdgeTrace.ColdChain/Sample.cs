namespace EdgeTrace.ColdChain;

/// <summary>What a sample is a sample of.</summary>
public enum Quantity { Temperature, Door, Mains }

/// <summary>Why a temperature is no temperature.</summary>
public enum ProbeFault
{
    None,
    /// <summary>The gateway said so: CRC error, vanished device, failed read.</summary>
    Reported,
    NotANumber,
    /// <summary>−127 °C: what DS18B20 libraries return when nothing answers.</summary>
    Disconnected,
    /// <summary>85.0 °C out of nowhere: the DS18B20's register after power-on, before its first conversion.</summary>
    PowerOnValue,
    /// <summary>Beyond what the instrument can measure.</summary>
    OutOfRange,
}

/// <summary>One value of a probe, door contact or mains input at a point.</summary>
/// <param name="TimeUs">UTC µs.</param>
/// <param name="Quantity">What was sampled.</param>
/// <param name="Value">°C; for a door 1 = open, for mains 1 = present.</param>
/// <param name="Fault">Why the value must not be believed; the judge finds implausible values by itself.</param>
public readonly record struct Sample(long TimeUs, Quantity Quantity, double Value, ProbeFault Fault = ProbeFault.None)
{
    public static Sample Temperature(long timeUs, double celsius) => new(timeUs, Quantity.Temperature, celsius);
    public static Sample Door(long timeUs, bool open) => new(timeUs, Quantity.Door, open ? 1 : 0);
    public static Sample Mains(long timeUs, bool present) => new(timeUs, Quantity.Mains, present ? 1 : 0);
    public static Sample Faulty(long timeUs, ProbeFault fault = ProbeFault.Reported) => new(timeUs, Quantity.Temperature, double.NaN, fault);
}
