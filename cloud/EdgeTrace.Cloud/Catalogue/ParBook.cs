using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Catalogue;

/// <summary>How many of a product there should be in a place: what is below it is low.</summary>
sealed class ParBook(SiteModel site, ItemNames names, LedgerReader ledger, LedgerWriter writer, TimeProvider time)
{
    /// <summary>Every product of a large store in each of a hundred places.</summary>
    const int LinesMax = 200_000;

    static readonly string[] s_columns = ["place", "product", "par"];

    sealed record Line(string Place, string Product, int? Par);

    public IReadOnlyDictionary<(string Product, string Place), int> All() => ledger.Pars().ToDictionary(p => (p.Product, p.Place), p => p.Par!.Value);

    /// <summary>Takes <c>place,product,par</c>: a place by its id or name, a product by its GTIN; an empty par takes it back.</summary>
    public async Task<ImportView> ImportAsync(TextReader text, bool check, Person person)
    {
        var (errors, notes) = (new List<string>(), new List<string>());
        var lines = CsvRows.Read(text, s_columns, LinesMax, errors, row => Read(row, notes)).GroupBy(line => (line.Product, line.Place)).Select(g => g.Last()).ToList();
        var before = All();
        var fresh = lines.Where(line => line.Par is not null && !before.ContainsKey((line.Product, line.Place))).ToList();
        var changed = lines.Where(line => before.TryGetValue((line.Product, line.Place), out var old) && old != line.Par).ToList();
        var done = !check && errors.Count == 0;
        if (done && fresh.Count + changed.Count > 0)
        {
            var commit = new LedgerCommit(person.Actor);
            var nowUs = time.NowUs();
            commit.Pars.AddRange(fresh.Concat(changed).Select(line => new ParLevel(line.Product, line.Place, nowUs, line.Par)));
            commit.Audit.Add(new(nowUs, person.Actor, "import-pars", "pars", $"{fresh.Count + changed.Count} par levels"));
            await writer.CommitAsync(commit);
        }
        return new(
            done, lines.Count, fresh.Count, changed.Count, lines.Count - fresh.Count - changed.Count, Imports.First(errors), Imports.Beyond(errors), [.. notes.Distinct().Take(Imports.ExamplesMax)],
            [.. fresh.Concat(changed).Take(Imports.ExamplesMax).Select(line => $"{site.LocationName(line.Place)} · {Name(line.Product)} · {(line.Par is { } par ? $"{par}" : "no par any more")}")]);
    }

    Line? Read(CsvRow row, List<string> notes)
    {
        var place = row["place"] is { } word ? PlaceOf(site, word) : null;
        if (place is null) row.Wrong($"\"{row["place"]}\" is no place of this site.");
        if (row["product"] is not { } product)
        {
            row.Wrong("it names no product.");
            return null;
        }
        var key = Imports.ProductKey(product);
        if (names.Products.Find(key) is null) notes.Add($"{key} is not in the catalogue.");
        var par = row.Count("par", 0);
        return place is null || par is null && row["par"] is not null ? null : new(place.Id, key, par);
    }

    string Name(string product) => names.Products.Find(product)?.Name ?? product;

    /// <summary>A place by its word or by what people call it.</summary>
    public static Location? PlaceOf(SiteModel site, string word) => site.Location(word) ?? site.Locations.FirstOrDefault(place => place.Name.Equals(word, StringComparison.OrdinalIgnoreCase));
}
