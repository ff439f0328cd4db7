using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Completeness;

/// <summary>Says what is missing as people say it: what, where, since when, what it means, what to do.</summary>
sealed class CauseWords(SiteModel site, long nowUs)
{
    /// <summary>Names before "and n more": a gateway with thirty doors is one row.</summary>
    const int NamesMax = 3;

    readonly SiteHours _hours = new(site.TimeZone);

    /// <summary>One row for what is one thing: a gateway's restart is told by each of its streams, and a bad minute by each of its batches.</summary>
    public IReadOnlyList<MissingInterval> Intervals(IEnumerable<(StreamKnown Known, StreamLabel Label, Missing Missing)> all)
    {
        return [.. all.GroupBy(KeyOf).Select(Interval).OrderBy(i => i.From).ThenBy(i => i.Streams[0], StringComparer.Ordinal)];

        object KeyOf((StreamKnown Known, StreamLabel Label, Missing Missing) one) => one.Missing.Cause switch
        {
            LossCauses.Blind when one.Missing.ToUs > one.Missing.FromUs => (one.Known.Gateway, one.Missing.Cause, one.Missing.Detail, one.Missing.ToUs),
            Missing.Pending => (one.Known.Gateway, one.Missing.Cause, one.Missing.Detail, 0L),
            _ => (one.Known.Gateway, one.Known.Stream, one.Missing.Cause, one.Missing.Detail, _hours.HourOf(one.Missing.FromUs), one.Missing.Readings is null ? one.Missing.FromUs : 0),
        };
    }

    MissingInterval Interval(IEnumerable<(StreamKnown Known, StreamLabel Label, Missing Missing)> group)
    {
        var all = group.ToList();
        var (known, first) = (all[0].Known, all[0].Missing);
        var (fromUs, toUs) = (all.Min(one => one.Missing.FromUs), all.Max(one => one.Missing.ToUs));
        long? readings = all.Any(one => one.Missing.Readings is null) ? null : all.Sum(one => one.Missing.Readings);
        IReadOnlyList<string> names = [.. all.Select(one => one.Label.Name).Distinct()];
        var whole = first with { FromUs = fromUs, ToUs = toUs, Readings = readings };
        var (sentence, remedy) = Words(whole, Names(names), NameOf(site, known.Gateway));
        return new(first.Cause, first.State, known.Gateway, names, EventTime.FromUs(fromUs), EventTime.FromUs(toUs), readings, sentence, remedy);
    }

    /// <summary>For a cell: the cause alone.</summary>
    public string Short(Missing m) => m.Cause switch
    {
        LossCauses.Blind => $"Blind {When(m)}: {m.Detail}",
        Missing.Faults => $"{Count(m.Readings)} with a fault of the probe and no value",
        Missing.Silence => $"Silence {When(m)} that nothing explains",
        Missing.Pending => $"Not known yet from {Clock(m.FromUs)}: {Tail(m.Detail, "nothing has come since")}",
        LossCauses.Gap => $"Batches missing {When(m)}: {m.Detail}",
        LossCauses.Quarantined => $"A batch nobody can read, {When(m)}",
        LossCauses.Thinned => $"{Count(m.Readings)} lost: thinned, {m.Detail}",
        _ => $"{Count(m.Readings)} lost {When(m)}: {m.Detail}",
    };

    (string Sentence, string Remedy) Words(Missing m, string names, string gateway) => m.Cause switch
    {
        LossCauses.Blind => (
            $"{names} could not be seen {When(m)}: {Tail(m.Detail, "the device could not tell")}. What happened in this time is not known.",
            "For a fridge, take the time from its own display or logger and note it here; for a door, count what moved. If nobody did this on purpose, Faults says what to mend."),
        LossCauses.Thinned => (
            $"{Count(m.Readings)} of {names} {When(m)} were made and given up: gateway {gateway} was cut off for so long that its outbox was full.",
            "Find out why the cloud did not take them (Faults, and the gateway's link); a larger Outbox.DiskBudgetBytes lasts longer."),
        LossCauses.Full => (
            $"{Count(m.Readings)} of {names} {When(m)} could not be kept: the disk of gateway {gateway} refused them.",
            "Run edgetrace-gateway doctor on the box: its card is full or worn."),
        LossCauses.Corrupt => (
            $"{Count(m.Readings)} of {names} {When(m)} could not be read back from the disk of gateway {gateway}: {m.Detail}.",
            "The card of this gateway is failing or lost power while writing: replace it."),
        LossCauses.Late => (
            $"{Count(m.Readings)} of {names} {When(m)} came later than the gateway had promised and were not used.",
            "Look at the reader's clock and its network: reports arrive long after they were made."),
        LossCauses.Gap => (
            $"Batches of {names} {When(m)} will never come: {m.Detail}. How many readings were in them is not known.",
            "Was the cloud restored from a backup, or the gateway's card replaced? Note it; if neither, keep the gateway's outbox folder and ask for help."),
        LossCauses.Quarantined => (
            $"A batch of {names} {When(m)} came and nobody can read it: {m.Detail}",
            "It is kept in the batch log; edgetrace-cloud decode shows it. Send it to those who make this."),
        Missing.Faults => (
            $"{Count(m.Readings)} of {names} between {Clock(m.FromUs)} and {Clock(m.ToUs)} carry a fault of the probe instead of a temperature.",
            "Check the probe and its plug; the time is shown as a gap on the fridge's page."),
        Missing.Silence => (
            $"Nothing came of {names} {When(m)}, and nothing says why. It is not known what the temperature was.",
            "Take the time from the fridge's own display or logger; then look at the gateway's journal of this time."),
        Missing.Pending when m.Detail == Missing.Never => (
            $"{Missing.Never}: {names}. Nobody can say whether anything happened since {Clock(m.FromUs)}.",
            "A door or scanner that nobody has used yet fills in with its first reading; else check that the gateway's configuration names it as the site model does, and that its device is fine on Faults."),
        Missing.Pending => (
            $"What happened at {names} since {Clock(m.FromUs)} is not known yet. {Tail(m.Detail, "Nothing has come since")}.",
            "If the gateway still reads, it keeps everything and sends it when it is back: this row then goes by itself. Faults says what to look at."),
        _ => ($"{Count(m.Readings)} of {names} {When(m)} are lost: {Tail(m.Detail, "the gateway did not say why")}.", "Ask for help with the gateway's journal of this time."),
    };

    public static string NameOf(SiteModel site, string gateway) => site.Equipment(gateway, EquipmentBoard.GatewayKind, gateway)?.Name ?? gateway;

    string When(Missing m)
    {
        if (m.ToUs - m.FromUs < 1_000_000) return $"at {Clock(m.FromUs)}";
        return $"from {Clock(m.FromUs)} to {Clock(m.ToUs)} ({Cloud.Api.Words.Ago(TimeSpan.FromMicroseconds(m.ToUs - m.FromUs))})";
    }

    string Clock(long atUs)
    {
        var (at, now) = (_hours.Local(atUs), _hours.Local(nowUs));
        return at.ToString(at.Date == now.Date ? "HH:mm:ss" : "ddd d MMM HH:mm:ss", CultureInfo.InvariantCulture);
    }

    static string Count(long? readings) => readings switch { null => "Readings that nobody can count", 1 => "1 reading", { } many => $"{many.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202f')} readings" };

    static string Names(IReadOnlyList<string> names) => names.Count switch
    {
        1 => names[0],
        <= NamesMax => $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}",
        _ => $"{string.Join(", ", names.Take(NamesMax))} and {names.Count - NamesMax} more",
    };

    static string Tail(string detail, string otherwise) => detail.Length == 0 ? otherwise : detail.TrimEnd('.');
}
