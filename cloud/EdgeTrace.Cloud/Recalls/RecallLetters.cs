using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Recalls;

/// <summary>The lists that go to others: the stock to whoever fetches it or credits it, the patients to whoever writes to them.</summary>
sealed class RecallLetters(RecallFinder finder, SiteModel site, LedgerReader ledger, AuditBook audit)
{
    /// <summary>Null: there is no such notice.</summary>
    public IResult? Stock(string id)
    {
        if (ledger.Recall(id) is not { Opened.What: var notice }) return null;
        var table = new Csv("notice", "product", "name", "lot", "serial", "expiry", "pieces", "status", "where", "since", "sure", "held");
        foreach (var thing in finder.Find(notice).Things.Where(thing => thing.Where != Whereabouts.InPatient).OrderBy(thing => thing.Where).ThenBy(thing => thing.Place, StringComparer.Ordinal).ThenBy(thing => thing.Key, StringComparer.Ordinal))
            table.Line(notice.Reference, thing.Product, thing.Name.Name, thing.Lot, thing.Serial, thing.Expiry, thing.Pieces, thing.Status, Where(thing), Local(thing.SinceUs), thing.Sure, thing.Held);
        return table.File($"recall-{Safe(notice.Reference)}-stock.csv");
    }

    /// <summary>Who has or had one in them. Returns once it is written down who looked.</summary>
    public async Task<IResult?> PatientsAsync(string id, Person person)
    {
        if (ledger.Recall(id) is not { Opened.What: var notice }) return null;
        var implants = finder.Find(notice).Implants.OrderBy(implant => implant.Patient, StringComparer.Ordinal).ThenBy(implant => implant.At).ToList();
        await audit.LookedAtAsync(person, $"recall/{id}", "NHS number, names, birth date and postcode", $"{implants.Select(implant => implant.Patient).Distinct().Count()} patients");
        var table = new Csv("notice", "patient", "nhs number", "family", "given", "born", "postcode", "case", "product", "name", "lot", "serial", "pieces", "what", "when", "side", "sure");
        foreach (var implant in implants)
        {
            var who = implant.Patient is { } pseudonym ? ledger.Patient(pseudonym) : null;
            table.Line(notice.Reference, implant.Patient, who?.NhsNumber, who?.Family, who?.Given, who?.Born, who?.Postcode, implant.Case, notice.Product, implant.Name.Name, implant.Lot, implant.Serial, implant.Pieces, implant.What, TimeZoneInfo.ConvertTime(implant.At, site.TimeZone), implant.Side, implant.Sure);
        }
        return table.File($"recall-{Safe(notice.Reference)}-letters.csv");
    }

    string Where(NamedThing thing) => thing.Where switch
    {
        Whereabouts.OnItsWay => $"on its way to {site.LocationName(thing.Place)}",
        Whereabouts.Unknown => "nobody knows",
        Whereabouts.Gone => "used up or thrown away",
        _ => site.LocationName(thing.Place),
    };

    DateTimeOffset? Local(long? us) => us is { } at ? TimeZoneInfo.ConvertTime(EventTime.FromUs(at), site.TimeZone) : null;

    /// <summary>A file's name.</summary>
    static string Safe(string reference) => string.Concat(reference.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
}
