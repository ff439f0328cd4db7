using EdgeTrace.Api;

namespace EdgeTrace.Web.Theatre;

/// <summary>A theatre's colours as the page's five states, and what is checked by eye while nobody else can.</summary>
static class TheatreWords
{
    /// <summary>The nine checks in their order, and what a person looks at when they cannot be made.</summary>
    public static readonly (string Name, string ByEye)[] Checks =
    [
        ("Patient", "read name and date of birth with the patient's wristband"), ("Side", "read the side on the pack and on the consent"), ("Fit", "compare size, taper and brand with the other packs"),
        ("Use by", "read the date on the pack"), ("Holds and recalls", "nobody can see these by eye: ask by telephone"), ("Seal", "look at seal and indicator"), ("Never used before", "nobody can see this by eye"),
        ("Product", "read the name on the pack to the surgeon"), ("Lot and serial", "keep the sticker"),
    ];

    public static Severity Severity(string colour) => colour switch { "green" => Api.Severity.Fine, "amber" => Api.Severity.Warning, "red" => Api.Severity.Alarm, _ => Api.Severity.Unknown };

    public static string Word(string colour) => colour switch { "green" => "Go", "amber" => "Look", "red" => "Stop", _ => "Not checked" };

    public static string Step(string step) => step switch { "stopped" => "Stopped", "scanned" => "Scanned", "opened" => "Opened", "implanted" => "Implanted", "wasted" => "Wasted", _ => "Explanted" };

    public static string Side(string? side) => side?.ToUpperInvariant() ?? "No side";

    /// <summary>What comes next, in one sentence.</summary>
    public static string Next(CaseView? of) => of switch
    {
        null or { State: "closed" or "cancelled" } => "Scan the patient's wristband.",
        { Wristband: null } => "Scan the patient's wristband.",
        { Wristband.Colour: "red" } => "Scan the right patient's wristband.",
        { Components.Count: 0 } => "Scan the surgeon's badge, or the first component before its pack is opened.",
        _ when of.Components.Any(c => c.Step == "opened") => "Mark what is in as implanted, or scan the next component.",
        _ => "Scan the next component before its pack is opened, or close the case.",
    };
}
