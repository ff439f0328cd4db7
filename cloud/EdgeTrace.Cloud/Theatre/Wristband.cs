using System.Text.RegularExpressions;
using EdgeTrace.Identity;

namespace EdgeTrace.Cloud.Theatre;

/// <summary>Tells a patient's wristband, so that what it says stays out of the feed and of every list of scans.</summary>
static partial class Wristband
{
    /// <summary>What is shown instead.</summary>
    public const string Words = "A patient's wristband";

    /// <summary>A patient's GSRN, or ten digits that were meant to be an NHS number, right or wrong.</summary>
    public static bool IsOne(ScanCode code) => code["8018"] is not null || IsNumber(code.Raw);

    public static bool IsNumber(string raw) => Number().IsMatch(raw.Trim());

    /// <summary>In one piece or 3-3-4, behind a symbology identifier or not.</summary>
    [GeneratedRegex(@"\A(\][A-Za-z][0-9A-Za-z])?\d{3}[ -]?\d{3}[ -]?\d{4}\z")]
    private static partial Regex Number();
}
