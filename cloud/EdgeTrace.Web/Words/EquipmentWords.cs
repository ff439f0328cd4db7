using EdgeTrace.Api;
using EdgeTrace.Web.Live;

namespace EdgeTrace.Web.Words;

/// <summary>What a piece of equipment is called by people: its configuration names it in one word, the site knows it better.</summary>
static class EquipmentWords
{
    public static string NameIn(this EquipmentView each, SiteState? state) => each.Kind switch
    {
        "gateway" => $"Gateway {each.Gateway}",
        "link" => $"Link of {each.Gateway} to the cloud",
        "outbox" => $"Outbox of {each.Gateway}",
        "probe" => state?.Points.FirstOrDefault(known => known.Id == each.Name)?.Name is { } point ? $"Probe of {point}" : Spoken(each.Name),
        "scanner" => state?.Scans.FirstOrDefault(scan => scan.Scanner == each.Name)?.ScannerName ?? Spoken(each.Name),
        _ => Spoken(each.Name),
    };

    /// <summary>Its state, and why.</summary>
    public static string Sentence(this EquipmentView each) => each.Reason.Length == 0 ? $"{Capital(each.State)}." : $"{Capital(each.State)}: {each.Reason}";

    static string Spoken(string name) => Capital(name.Replace('-', ' '));

    static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
