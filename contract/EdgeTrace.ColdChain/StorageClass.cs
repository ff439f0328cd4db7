namespace EdgeTrace.ColdChain;

/// <summary>A kind of cold (or cool) place with the rules it ships with. Presets are read-only; a point takes a copy and may override any rule.</summary>
/// <param name="Code">Topic word: <c>fridge-2-8</c>.</param>
/// <param name="Name">For people.</param>
/// <param name="Low">Lower end of the range, °C; −∞ where there is none.</param>
/// <param name="High">Upper end of the range, °C.</param>
/// <param name="IsFrozen">Mean kinetic temperature says nothing of frozen stock.</param>
/// <param name="SilenceAfter">No sample for this long is an alarm.</param>
/// <param name="Rules">What the class is judged by.</param>
public sealed record StorageClass(string Code, string Name, double Low, double High, bool IsFrozen, TimeSpan SilenceAfter, IReadOnlyList<AlarmRule> Rules)
{
    /// <summary>Medicines and vaccines, aim +5 °C (UKHSA vaccine incident guidance; Green Book ch. 3). Three tiers: drifting, outside, and the WHO's breach.</summary>
    public static readonly StorageClass Fridge = Of("fridge-2-8", "Fridge 2–8 °C", 2, 8, frozen: false, silence: 5,
        Over("warn-high", Severity.Warn, 7.5, 10, clearAt: 7.5, clear: 5), Under("warn-low", Severity.Warn, 2.5, 10, clearAt: 2.5, clear: 5),
        Over("excursion-high", Severity.Excursion, 8, 15, clearAt: 7.5, clear: 5), Under("excursion-low", Severity.Excursion, 2, 15, clearAt: 2.5, clear: 5),
        Over("excursion-hot", Severity.Excursion, 12, 5, clearAt: 7.5, clear: 5), Under("excursion-cold", Severity.Excursion, 0, 5, clearAt: 2.5, clear: 5),
        Under("freezing", Severity.Excursion, -0.5, 0, clearAt: 2.5, clear: 5) with { Compare = Compare.AtOrBelow },
        PerDay("daily-high", Compare.Above, 8, 30), PerDay("daily-low", Compare.Below, 2, 30),
        WhoRules.Heat, WhoRules.Freeze, WhoRules.Door, WhoRules.Power);

    /// <summary>Red cells and whole blood, core temperature (Blood Safety and Quality Regulations 2005, Sch. Part 4).</summary>
    /// <remarks>Above 10 or below 1 °C the unit is lost at once.</remarks>
    public static readonly StorageClass Blood = Of("blood-2-6", "Blood 2–6 °C", 2, 6, frozen: false, silence: 3,
        Over("warn-high", Severity.Warn, 5.5, 5, clearAt: 5.5, clear: 5), Under("warn-low", Severity.Warn, 2.5, 5, clearAt: 2.5, clear: 5),
        Over("excursion-high", Severity.Excursion, 6, 5, clearAt: 5.5, clear: 5), Under("excursion-low", Severity.Excursion, 2, 5, clearAt: 2.5, clear: 5),
        Over("discard-high", Severity.Breach, 10, 0, clearAt: 5.5, clear: 5), Under("discard-low", Severity.Breach, 1, 0, clearAt: 2.5, clear: 5),
        WhoRules.Door);

    /// <summary>Platelets, agitated (same regulations).</summary>
    public static readonly StorageClass Platelets = Of("platelets-20-24", "Platelets 20–24 °C", 20, 24, frozen: false, silence: 5,
        Over("warn-high", Severity.Warn, 23.5, 10, clearAt: 23.5, clear: 5), Under("warn-low", Severity.Warn, 20.5, 10, clearAt: 20.5, clear: 5),
        Over("excursion-high", Severity.Excursion, 24, 15, clearAt: 23.5, clear: 5), Under("excursion-low", Severity.Excursion, 20, 15, clearAt: 20.5, clear: 5),
        PerDay("daily-high", Compare.Above, 24, 30), PerDay("daily-low", Compare.Below, 20, 30));

    /// <summary>A freezer set between −25 and −15 °C; the delays leave room for its defrost.</summary>
    public static readonly StorageClass Freezer = Of("freezer", "Freezer −25…−15 °C", -25, -15, frozen: true, silence: 10,
        Over("warn-high", Severity.Warn, -17, 20, clearAt: -17, clear: 5),
        Over("excursion-high", Severity.Excursion, -15, 30, clearAt: -17, clear: 5),
        PerDay("daily-high", Compare.Above, -15, 60));

    /// <summary>An ultra-low freezer set at −80 °C.</summary>
    public static readonly StorageClass UltraLow = Of("ult", "Ultra-low −90…−60 °C", -90, -60, frozen: true, silence: 5,
        Over("warn-high", Severity.Warn, -70, 20, clearAt: -72, clear: 5),
        Over("excursion-high", Severity.Excursion, -65, 20, clearAt: -72, clear: 5),
        PerDay("daily-high", Compare.Above, -65, 30));

    /// <summary>A medicines room, 15–25 °C.</summary>
    public static readonly StorageClass Ambient = Of("ambient-15-25", "Room 15–25 °C", 15, 25, frozen: false, silence: 30,
        Over("warn-high", Severity.Warn, 24, 60, clearAt: 24, clear: 5),
        Over("excursion-high", Severity.Excursion, 25, 60, clearAt: 24.5, clear: 5), Under("excursion-low", Severity.Excursion, 15, 60, clearAt: 15.5, clear: 5),
        Over("excursion-hot", Severity.Excursion, 30, 15, clearAt: 24.5, clear: 5));

    /// <summary>All presets.</summary>
    public static readonly IReadOnlyList<StorageClass> All = [Fridge, Blood, Platelets, Freezer, UltraLow, Ambient];

    /// <summary>The preset of that code, or null.</summary>
    public static StorageClass? Find(string code) => All.FirstOrDefault(c => c.Code == code);

    /// <summary>This class's rules for one point; override with <c>with</c>, <see cref="PointLimits.With"/> and <see cref="PointLimits.Without"/>.</summary>
    public PointLimits For(string point, long validFromUs = long.MinValue) =>
        new() { Point = point, Class = Code, ValidFromUs = validFromUs, Rules = Rules, GapMax = SilenceAfter };

    static StorageClass Of(string code, string name, double low, double high, bool frozen, int silence, params AlarmRule[] rules)
    {
        var after = TimeSpan.FromMinutes(silence);
        return new(code, name, low, high, frozen, after,
        [
            .. rules,
            new AlarmRule { Code = "silence", Watches = Watches.Silence, Delay = after },
            new AlarmRule { Code = "probe-fault", Watches = Watches.ProbeFault, Delay = TimeSpan.FromMinutes(1) },
        ]);
    }

    static AlarmRule Over(string code, Severity severity, double limit, int minutes, double clearAt, int clear) => new()
    {
        Code = code, Severity = severity, Compare = Compare.Above, Limit = limit, Delay = TimeSpan.FromMinutes(minutes),
        ClearAt = clearAt, ClearDelay = TimeSpan.FromMinutes(clear),
    };

    static AlarmRule Under(string code, Severity severity, double limit, int minutes, double clearAt, int clear) =>
        Over(code, severity, limit, minutes, clearAt, clear) with { Compare = Compare.Below };

    static AlarmRule PerDay(string code, Compare compare, double limit, int minutes) =>
        new() { Code = code, Compare = compare, Limit = limit, Delay = TimeSpan.FromMinutes(minutes), Timing = Timing.CumulativePerDay };
}
