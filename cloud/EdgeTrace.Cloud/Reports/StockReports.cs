using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Reports;

/// <summary>What stock looks like today: what will be out of date, what is wanting, what nobody can find.</summary>
sealed class StockReports(StockQuery stock, StockViews views, LedgerReader ledger, TimeProvider time)
{
    const int GoneMax = 10_000;

    public ReportView Expiring(int days)
    {
        var until = views.Today.AddDays(days);
        var things = stock.Expiring(until).OrderBy(thing => thing.Expiry).ThenBy(thing => thing.Name.Name, StringComparer.Ordinal).ToList();
        var (over, soon) = (things.Where(thing => thing.DaysLeft < 0).ToList(), things.Where(thing => thing.DaysLeft >= 0).ToList());
        return new(
            "expiring", $"Expiring within {days} days", time.GetUtcNow(),
            $"{Pieces(soon)} worth {Worth(soon)} run out within {days} days{(over.Count > 0 ? $", and {Pieces(over)} worth {Worth(over)} are out of date already" : "")}.",
            "Everything in the books that is not used up, by the date on its label. A date is the last day of use, at the site.",
            [new("expiry", "Expiry", "day"), new("days_left", "Days left", "days"), new("product", "Product", "text"), new("which", "Lot, serial", "text"), new("place", "Place", "text"), new("state", "May be used", "text"), new("pieces", "Pieces", "count"), new("pounds", "Cost", "pounds")],
            [.. things.Select(thing => new ReportRow(
                [Day(thing.Expiry), Number(thing.DaysLeft), thing.Name.Name, thing.Name.Detail, thing.LocationName ?? "", thing.Available ? "yes" : string.Join(", ", thing.Against), Number(thing.Pieces), Pounds(thing.Pence)], thing.Key))], 0);
    }

    public ReportView Low()
    {
        var low = stock.Pars().Where(par => par.Short > 0).ToList();
        return new(
            "low", "Low stock", time.GetUtcNow(), low.Count == 0 ? "Nothing is below its par level." : $"{low.Count} {(low.Count == 1 ? "product is" : "products are")} below par; bringing all up costs {Money(low.Sum(par => par.Short * (par.Pence ?? 0)))}.",
            "Below par is what may be used there, not what lies there: held, expired and kept stock does not count. Par levels come by CSV under Catalogue.",
            [new("product", "Product", "text"), new("place", "Place", "text"), new("par", "Par", "count"), new("available", "May be used", "count"), new("short", "Wanting", "count"), new("pounds", "Cost", "pounds")],
            [.. low.Select(par => new ReportRow([par.Name, par.PlaceName, Number(par.Par), Number(par.Available), Number(par.Short), Pounds(par.Pence * par.Short)]))], 0);
    }

    public ReportView Missing()
    {
        var gone = ledger.StockGone(GoneMax).Select(row => (View: views.View(row), SinceUs: row.Now.SinceUs, Place: ledger.PlaceBefore(row.Item.Key, row.Now.SinceUs))).Where(row => row.View.Status is "missing" or "left" or "stolen")
            .OrderByDescending(row => row.SinceUs).ToList();
        return new(
            "missing", "Missing", time.GetUtcNow(), gone.Count == 0 ? "Nothing is missing." : $"{gone.Count} {(gone.Count == 1 ? "thing is" : "things are")} missing, worth {Money(gone.Sum(row => row.View.Pence ?? 0))}.",
            "Not found by a stock-take, gone through an exit without a reason, or declared stolen; whatever sees it again takes it off this list.",
            [new("product", "Product", "text"), new("which", "Lot, serial", "text"), new("state", "State", "text"), new("since", "Since", "time"), new("place", "Last place", "text"), new("pounds", "Cost", "pounds")],
            [.. gone.Select(row => new ReportRow([row.View.Name.Name, row.View.Name.Detail, row.View.Status, Site.EventTime.FromUs(row.SinceUs).ToString("O", CultureInfo.InvariantCulture), views.PlaceName(row.Place), Pounds(row.View.Pence)], row.View.Key))], 0);
    }

    static string Pieces(IReadOnlyList<StockView> things) => things.Sum(thing => thing.Pieces) is var pieces && pieces == 1 ? "1 piece" : string.Create(CultureInfo.InvariantCulture, $"{pieces} pieces");

    static string Worth(IReadOnlyList<StockView> things) => Money(things.Sum(thing => thing.Pence ?? 0));

    public static string Money(long pence) => string.Create(CultureInfo.InvariantCulture, $"£{pence / 100m:#,0.00}").Replace(',', '\u202f');

    public static string Pounds(long? pence) => pence is { } known ? (known / 100m).ToString("0.00", CultureInfo.InvariantCulture) : "";

    public static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
