using System.Text.RegularExpressions;
using EdgeTrace.Identity;
using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Theatre;

/// <summary>What a code scanned in a theatre is of.</summary>
enum CodeOf
{
    Wristband,
    Staff,

    /// <summary>A label, or a code nobody knows: the checks say which.</summary>
    Label,
}

/// <summary>Tells a wristband from a badge and from a label.</summary>
sealed partial class TheatreCode(IOptions<TheatreOptions> options, TimeProvider time)
{
    readonly CompanyPrefix? _patients = CompanyPrefix.TryParse(options.Value.PatientPrefix ?? "", out var prefix) ? prefix : null;

    /// <summary>What it is, and what it says: an NHS number, a badge's number, or the label as it came. Of a wristband that cannot be trusted null.</summary>
    public (CodeOf Of, string? Says) Read(string code)
    {
        var text = (code is [']', _, _, ..] ? code[3..] : code).Trim();
        var read = Identification.Of(code, time.GetUtcNow().Year, _patients);
        if (read.Patient is { } patient) return (CodeOf.Wristband, patient.ToString());
        if (read["8018"] is not null) return (CodeOf.Wristband, null);
        if (Wristband.IsNumber(text)) return (CodeOf.Wristband, NhsNumber.TryParse(text, out var number) ? number.ToString() : null);
        if (read["8017"] is { } badge) return (CodeOf.Staff, badge);
        return Register().Match(text) is { Success: true } staff ? (CodeOf.Staff, $"{staff.Groups[1].Value.ToUpperInvariant()} {staff.Groups[2].Value}") : (CodeOf.Label, code);
    }

    /// <summary>The registers that number clinicians in the United Kingdom.</summary>
    [GeneratedRegex(@"\A(GMC|NMC|HCPC|GPHC)[ :-]?([0-9A-Z]{5,10})\z", RegexOptions.IgnoreCase)]
    private static partial Regex Register();
}
