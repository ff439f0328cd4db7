using System.Globalization;
using EdgeTrace.ColdChain;
using Severity = EdgeTrace.Api.Severity;

namespace EdgeTrace.Cloud.Api;

/// <summary>What an alarm says: what, how bad, and what to do. The time and the place stand beside it on the page.</summary>
static class AlarmWords
{
    public static (Severity Severity, string Sentence, string Remedy) Of(AlarmRule? rule, string code, string name, double? peak)
    {
        if (rule is null) return (Severity.Warning, $"{name} breaks rule {code}.", "Look at the point and its readings.");
        var severity = rule.Severity == ColdChain.Severity.Warn ? Severity.Warning : Severity.Alarm;
        var limit = Words.Celsius(rule.Limit);
        return rule.Watches switch
        {
            Watches.Silence => (severity, $"{name} has sent no reading for {For(rule.Delay)}.", "Check the probe's connector and the gateway beside it; read the thermometer by hand meanwhile."),
            Watches.ProbeFault => (severity, $"The probe of {name} does not give a temperature.", "Check the probe's connector and cable; replace it if that does not help. Read the thermometer by hand meanwhile."),
            Watches.Door => (severity, $"The door of {name} has been open for {For(rule.Delay)}.", "Close the door."),
            Watches.Mains => (severity, $"{name} has had no mains for {For(rule.Delay)}.", "Check plug, fuse and supply; move the stock if it does not return."),
            _ when rule.Timing == Timing.CumulativePerDay => (severity, $"{name} has been {Side(rule)} {limit} for {For(rule.Delay)} in all today.", "Find out what keeps letting the temperature go: door, load, thermostat."),
            _ when severity == Severity.Warning => (severity, $"{name} drifts: {Reached(peak, rule)} {Side(rule)} {limit}, still inside its limits.", "Check that the door is shut and nothing blocks the air."),
            _ => (severity, $"{name} {Reached(peak, rule)} {Side(rule)} {limit}.", "Check the door, then the stock: mark it DO NOT USE and ask pharmacy before using any of it."),
        };
    }

    static string Reached(double? peak, AlarmRule rule) => peak is { } value ? $"reached {Words.Celsius(value)}," : "is";

    static string Side(AlarmRule rule) => rule.Compare is Compare.Above or Compare.AtOrAbove ? "above" : "below";

    static string For(TimeSpan delay) => delay switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{delay.TotalSeconds:0} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{delay.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{delay.TotalHours:0} h"),
    };
}
