namespace EdgeTrace.ColdChain;

/// <summary>The alarms of WHO PQS E003: what spoils vaccine in the field, far too slow to be a hospital's only rules.</summary>
/// <remarks>Strictness as in the WHO equipment-monitoring code systems: heat is above +8.0, frost at or below −0.5 °C.</remarks>
public static class WhoRules
{
    public static readonly AlarmRule Heat = new()
    {
        Code = "HEAT", Severity = Severity.Breach, Compare = Compare.Above, Limit = 8.0, Delay = TimeSpan.FromHours(10),
    };

    public static readonly AlarmRule Freeze = new()
    {
        Code = "FRZE", Severity = Severity.Breach, Compare = Compare.AtOrBelow, Limit = -0.5, Delay = TimeSpan.FromMinutes(60),
    };

    public static readonly AlarmRule Door = new() { Code = "DOOR", Severity = Severity.Warn, Watches = Watches.Door, Delay = TimeSpan.FromMinutes(5) };

    public static readonly AlarmRule Power = new() { Code = "POWR", Severity = Severity.Excursion, Watches = Watches.Mains, Delay = TimeSpan.FromHours(24) };

    public static readonly IReadOnlyList<AlarmRule> All = [Heat, Freeze, Door, Power];
}
