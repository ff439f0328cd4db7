namespace EdgeTrace.Api;

/// <summary><c>GET /api/v1/catalogue?q=</c>: products whose name, maker, category or number contains every word.</summary>
/// <param name="Count">How many products there are in all.</param>
public sealed record CatalogueView(int Count, IReadOnlyList<ProductView> Products, bool More);

/// <param name="Key">A GTIN of 14 digits, or <c>+</c>, LIC and PCN of a HIBC.</param>
/// <param name="LifeDaysMin">Days of life it must have left when it comes in.</param>
public sealed record ProductView(
    string Key, string Name, string Manufacturer, string Category, string? CatalogueNumber, bool Implant, string? Component, string? Side, double? SizeMm, string? Taper, string? Brand, string? Storage,
    int? LifeDaysMin, long? Pence, bool Serialised, bool Controlled);

/// <summary>The answer to a CSV that was sent to be taken, or only to be looked at.</summary>
/// <param name="Done">Whether anything was written: never while a line is wrong.</param>
/// <param name="Lines">Lines with content, the first not counted.</param>
/// <param name="New">What was not there before.</param>
/// <param name="Changed">What is there and will be, or has been, different.</param>
/// <param name="Same">What is there already, just so.</param>
/// <param name="Errors">Each with its line, at most a hundred.</param>
/// <param name="Notes">What is worth knowing and stops nothing.</param>
/// <param name="Examples">The first few lines as they were understood.</param>
public sealed record ImportView(bool Done, int Lines, int New, int Changed, int Same, IReadOnlyList<string> Errors, int MoreErrors, IReadOnlyList<string> Notes, IReadOnlyList<string> Examples);

/// <summary>A line of <c>POST /api/v1/stock/opening</c>, as it goes on; the last has the outcome.</summary>
public sealed record ImportProgress(int Done, int Of, ImportView? Outcome = null);

/// <summary><c>GET /api/v1/pars</c>: how many of a product there should be in a place, and how many there are that may be used.</summary>
public sealed record ParView(string Product, string Name, string Place, string PlaceName, int Par, int Available, long? Pence)
{
    /// <summary>How many are wanting; 0: none.</summary>
    public int Short => Math.Max(0, Par - Available);
}

/// <summary>The body of <c>POST /api/v1/stock/label</c>: the codes of one label in the order they were scanned.</summary>
public sealed record LabelCodes(IReadOnlyList<string> Codes);

/// <summary>What a label's codes come to together.</summary>
/// <param name="Outcome">open (more is wanted), complete, repeated, noise, unreadable, other-product or other-item: from repeated on, the last code was not added.</param>
/// <param name="Key">The thing's key; null while the label names none.</param>
/// <param name="IsLot">It has no number of its own: pieces are counted.</param>
/// <param name="Says">What to do next, in one sentence.</param>
public sealed record LabelView(string Outcome, string? Key, bool IsLot, ItemName? Name, string? Product, string? Lot, string? Serial, DateOnly? Expiry, int? DaysLeft, string Says);

/// <summary><c>GET /api/v1/scanners</c>: fixed scanners and where people use them.</summary>
/// <param name="Does">The act each of its scans is by itself; null: none.</param>
public sealed record ScannerView(string Id, string Name, string? Place, string? Does);

/// <summary><c>GET /api/v1/reports/{name}?from&amp;to&amp;days</c>: a table with a headline. Cells are as in its CSV; the page says them as people do.</summary>
/// <param name="Says">The headline: what it comes to.</param>
/// <param name="Method">How it was counted.</param>
public sealed record ReportView(string Name, string Title, DateTimeOffset At, string Says, string Method, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<ReportRow> Rows, int MoreRows);

/// <param name="Kind">text, count, pounds, day or days.</param>
public sealed record ReportColumn(string Name, string Title, string Kind);

/// <param name="Key">The thing it is about, where it is one.</param>
public sealed record ReportRow(IReadOnlyList<string> Cells, string? Key = null);
