using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Recalls;

/// <summary>What a recall has found, who has answered, and whether it is contained.</summary>
sealed class RecallQuery(SiteModel site, ItemNames names, RecallFinder finder, LedgerReader ledger, TimeProvider time)
{
    /// <summary>Notices on one page: years of a trust's.</summary>
    const int ListMax = 500;

    /// <summary>Things of one list that a page can show; the CSV has all.</summary>
    const int ShownMax = 2_000;

    public RecallList List() => new(time.GetUtcNow(), [.. ledger.Recalls(ListMax).Select(Brief)]);

    public RecallFound Preview(RecallNotice notice)
    {
        var named = finder.Find(notice);
        return Found(named, Places(named, [], []));
    }

    /// <summary>Null: there is no such notice.</summary>
    public RecallView? View(string id)
    {
        if (ledger.Recall(id) is not { } row) return null;
        var named = finder.Find(row.Opened.What);
        var places = Places(named, ledger.RecallPlaces(id), ledger.RecallAnswers(id));
        return new(
            Brief(row, places, named), Draft(row.Opened), Found(named, places),
            row.Closed is { } closed ? new(closed.Actor, EventTime.FromUs(closed.AtUs), closed.Reason, closed.Released) : null);
    }

    /// <summary>Every open notice that is not contained, the oldest first.</summary>
    public IReadOnlyList<RecallBrief> Uncontained() => [.. ledger.OpenRecalls().Select(Brief).Where(brief => brief.Contained is null)];

    RecallBrief Brief(RecallRow row)
    {
        var named = row.Closed is null ? finder.Find(row.Opened.What) : new([], [], false, default);
        return Brief(row, Places(named, ledger.RecallPlaces(row.Opened.Notice), ledger.RecallAnswers(row.Opened.Notice)), named);
    }

    RecallBrief Brief(RecallRow row, IReadOnlyList<RecallPlaceView> places, NamedThings named)
    {
        var (opened, notice) = (row.Opened, row.Opened.What);
        // Where nobody can say to where something is on its way, nobody can answer for it.
        var contained = places.All(place => place.Answered) && !named.Things.Any(thing => thing is { Where: Whereabouts.OnItsWay, Place: null });
        return new(
            notice.Id, notice.Reference, notice.Product, Name(notice.Product), RecallWords.Scope(notice), EventTime.FromUs(opened.AtUs), opened.Actor, places.Count, places.Count(place => place.Answered),
            contained ? places.Max(place => place.Answer?.At) ?? EventTime.FromUs(opened.AtUs) : null, row.Closed is { } closed ? EventTime.FromUs(closed.AtUs) : null);
    }

    public string Name(string product) => Known(product)?.Name ?? (product.StartsWith('+') ? $"HIBC {product}" : $"GTIN {product}");

    /// <summary>As the catalogue has it, in whatever unit of measure.</summary>
    public Product? Known(string product) => new RecallNotice("", "", product, []).ProductKeys().Select(names.Products.Find).FirstOrDefault(known => known is not null);

    /// <summary>Places that had some when the notice was opened, have some now, or have some coming.</summary>
    IReadOnlyList<RecallPlaceView> Places(NamedThings named, IReadOnlyList<RecallPlace> first, IReadOnlyList<RecallAnswer> answers)
    {
        var things = named.Things.Where(thing => thing is { Where: Whereabouts.Here or Whereabouts.OnItsWay, Place: not null }).ToLookup(thing => thing.Place!);
        return [.. first.Select(place => place.Place).Concat(things.Select(group => group.Key)).Distinct().Select(place => Place(place, [.. things[place]], answers.LastOrDefault(answer => answer.Place == place)))
            .OrderBy(place => place.Answered).ThenByDescending(place => place.Named).ThenBy(place => place.Name, StringComparer.Ordinal)];
    }

    RecallPlaceView Place(string place, IReadOnlyList<NamedThing> things, RecallAnswer? answer)
    {
        var count = things.Sum(thing => thing.Pieces);
        return new(
            place, site.LocationName(place), count, things.Where(thing => !thing.Sure).Sum(thing => thing.Pieces), [.. things.Where(thing => thing.Where == Whereabouts.Here).Take(ShownMax).Select(View)],
            // Who answered for three does not answer for a fourth that has come since.
            answer is not null && answer.Named >= count, answer is null ? null : new(answer.Actor, EventTime.FromUs(answer.AtUs), answer.Found, answer.Named, answer.Note));
    }

    RecallFound Found(NamedThings named, IReadOnlyList<RecallPlaceView> places)
    {
        IReadOnlyList<RecallThing> In(Whereabouts where) => [.. named.Things.Where(thing => thing.Where == where).Take(ShownMax).Select(View)];
        var sought = named.Things.Where(thing => thing.IsSought).ToList();
        return new(
            sought.Sum(thing => thing.Pieces), sought.Where(thing => !thing.Sure).Sum(thing => thing.Pieces), sought.Where(thing => !thing.Held).Sum(thing => thing.Pieces), places, In(Whereabouts.OnItsWay),
            In(Whereabouts.Unknown), [.. named.Implants.OrderByDescending(implant => implant.At)], In(Whereabouts.Gone), named.More || places.Any(place => place.Things.Count == ShownMax), named.Took.TotalMilliseconds);
    }

    RecallThing View(NamedThing thing) => new(
        thing.Unbooked?.Epc ?? thing.Key, thing.Name, thing.Lot, thing.Serial, thing.Expiry, thing.Status, thing.Pieces, thing.Sure, thing.Held, thing.Where == Whereabouts.Here ? thing.Place : null,
        thing.Where == Whereabouts.Here ? site.LocationName(thing.Place) : null, thing.SinceUs is { } at ? EventTime.FromUs(at) : null, thing.Where == Whereabouts.OnItsWay ? site.LocationName(thing.Place) : null);

    static RecallDraft Draft(RecallOpened opened)
    {
        var notice = opened.What;
        return new(notice.Id, notice.Reference, notice.Product)
        {
            Lots = notice.Lots, SerialFrom = notice.SerialFrom, SerialTo = notice.SerialTo, ExpiryFrom = notice.ExpiryFrom, ExpiryTo = notice.ExpiryTo, MadeFrom = notice.MadeFrom, MadeTo = notice.MadeTo, Said = opened.Said,
        };
    }
}
