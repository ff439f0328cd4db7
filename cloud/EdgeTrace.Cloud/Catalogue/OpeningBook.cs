using System.Security.Cryptography;
using System.Text;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Identity;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Catalogue;

/// <summary>
/// Takes what was there when the books began, from a CSV: each line becomes an event of its own. Its acts are named by place and thing, so that a file
/// sent twice, or sent again with its mistakes put right, adds nothing a second time.
/// </summary>
sealed class OpeningBook(SiteModel site, ItemNames names, CodeBook codes, StockBook book, LedgerReader ledger, LedgerWriter writer, TimeProvider time)
{
    /// <summary>More than any hospital's stock.</summary>
    const int LinesMax = 500_000;

    /// <summary>An act reads what it has done before: few enough lines each for that to cost nothing.</summary>
    const int ActsAPlace = 64;

    static readonly string[] s_columns = ["place"];

    sealed record Line(string Place, string Key, string Name, StockLine What);

    /// <summary>Columns <c>place</c> and <c>code</c>, or <c>gtin</c> with <c>lot</c>, <c>serial</c> and <c>expiry</c>; <c>quantity</c> for what has no number of its own; <c>epc</c> in hex where a tag is on it.</summary>
    /// <param name="progress">Told after each act: lines done, of how many.</param>
    public async Task<ImportView> ImportAsync(TextReader text, bool check, Person person, Func<int, int, Task> progress)
    {
        var (errors, notes) = (new List<string>(), new List<string>());
        var read = CsvRows.Read(text, s_columns, LinesMax, errors, row => Read(row, notes));
        // What is on two lines of one place is there once, or so many pieces together.
        var lines = read.GroupBy(line => (line.Place, line.Key)).Select(g => g.First() with { What = g.First().What with { Quantity = g.First().What.Quantity is null ? null : g.Sum(line => line.What.Quantity) } }).ToList();
        var there = lines.Where(line => line.What.Quantity is null && ledger.StockItem(line.Key) is { Now.Status: not ItemStatus.Unbooked }).ToHashSet();
        if (there.Count > 0) notes.Insert(0, $"{there.Count} things are in the books already: they stay as they are.");
        var fresh = lines.Where(line => !there.Contains(line)).ToList();
        var (done, already) = (!check && errors.Count == 0, there.Count);
        if (done)
        {
            var (sent, refused) = (0, new List<string>());
            foreach (var act in fresh.GroupBy(line => (line.Place, Part: SHA256.HashData(Encoding.UTF8.GetBytes(line.Key))[0] % ActsAPlace)))
            {
                var outcome = await book.DoAsync(new($"opening-{act.Key.Place}-{act.Key.Part}", "opening", [.. act.Select(line => line.What)]) { Place = act.Key.Place }, EventKind.Opening, time.NowUs(), person);
                already += outcome.Lines.Count(line => line.Outcome == "already");
                refused.AddRange(outcome.Lines.Where(line => line.Outcome == "refused").Select(line => $"{line.Name?.Name ?? line.Code}: {string.Join(" ", line.Says.Select(says => says.Says))}"));
                await progress(sent += act.Count(), fresh.Count);
            }
            errors.AddRange(refused);
            var commit = new LedgerCommit(person.Actor);
            commit.Audit.Add(new(time.NowUs(), person.Actor, "import-opening", "stock", $"{lines.Count} lines, {already} there already, {refused.Count} refused"));
            await writer.CommitAsync(commit);
        }
        return new(
            done, read.Count, lines.Count - already, 0, already, Imports.First(errors), Imports.Beyond(errors), [.. notes.Distinct().Take(Imports.ExamplesMax)],
            [.. fresh.Take(Imports.ExamplesMax).Select(line => $"{site.LocationName(line.Place)} · {line.Name}{(line.What.Quantity is { } pieces ? $" · {pieces} pieces" : "")}")]);
    }

    Line? Read(CsvRow row, List<string> notes)
    {
        var place = row["place"] is { } word ? ParBook.PlaceOf(site, word) : null;
        if (place is null) row.Wrong($"\"{row["place"]}\" is no place of this site.");
        var quantity = row.Count("quantity", 1);
        if (Code(row) is not { } code) return null;
        var (label, error) = codes.Read(code, null, quantity is not null);
        if (label is null)
        {
            row.Wrong(error!);
            return null;
        }
        if (label.IsLot && quantity is null) row.Wrong("it has no number of its own: say how many as quantity.");
        else if (!label.IsLot && quantity > 1) row.Wrong($"it has a serial, so there is one of it and not {quantity}.");
        else if (row["epc"] is { } epc && (label.IsLot || !Epc.TryParse(epc, out _))) row.Wrong($"epc \"{epc}\" is no tag of one thing: send its bits in hex, or leave it empty.");
        else if (place is not null)
        {
            if (names.Products.Find(label.Parts.Product) is null && label.Parts.Product is { } unknown) notes.Add($"{unknown} is not in the catalogue.");
            var name = label.Parts.Product is { } product ? names.Named(label.Key, product, label.Parts.Serial, label.Parts.Lot) : new(label.Key, label.Key, "");
            return new(place.Id, label.Key, $"{name.Name}{(name.Detail.Length > 0 ? $", {name.Detail}" : "")}", new(code, label.IsLot ? quantity : null, Epc: row["epc"]?.ToUpperInvariant()));
        }
        return null;
    }

    /// <summary>What a label would say, when the columns say it one by one.</summary>
    static string? Code(CsvRow row)
    {
        if (row["code"] is { } code) return code;
        if (row["gtin"] is not { } gtin)
        {
            row.Wrong("it has neither code nor gtin.");
            return null;
        }
        var elements = new List<Gs1Element> { new("01", Imports.ProductKey(gtin)) };
        if (row["expiry"] is { } expiry)
        {
            if (!DateOnly.TryParseExact(expiry, "yyyy-MM-dd", out var day))
            {
                row.Wrong($"expiry \"{expiry}\" is no date as 2027-03-31.");
                return null;
            }
            elements.Add(new("17", day.ToString("yyMMdd", System.Globalization.CultureInfo.InvariantCulture)));
        }
        if (row["lot"] is { } lot) elements.Add(new("10", lot));
        if (row["serial"] is { } serial) elements.Add(new("21", serial));
        return ElementString.ToBracketed(elements);
    }
}
