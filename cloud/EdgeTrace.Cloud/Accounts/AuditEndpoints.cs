using System.Globalization;
using System.Text;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Accounts;

/// <summary><c>/api/v1/audit</c> and the same as <c>.csv</c>: by time, person, action and subject, the newest first.</summary>
static class AuditEndpoints
{
    const int PageMax = 500;

    /// <summary>Rows of one file: a year of a busy hospital; who needs more asks for a part of the time.</summary>
    const int FileMax = 500_000;

    public static void MapAudit(this RouteGroupBuilder api)
    {
        api.MapGet("/audit", (LedgerReader ledger, DateTimeOffset? from, DateTimeOffset? to, string? person, string? action, string? subject, long? before, int max = 100) =>
        {
            var rows = ledger.Audit(Question(from, to, person, action, subject, before), Math.Clamp(max, 1, PageMax) + 1);
            var page = rows.Take(Math.Clamp(max, 1, PageMax)).ToList();
            return new AuditPage([.. page.Select(View)], rows.Count > page.Count ? page[^1].Seq : null);
        }).Needs(Permission.SeeAudit);
        api.MapGet("/audit.csv", (HttpContext context, LedgerReader ledger, AuditBook audit, SiteModel site, DateTimeOffset? from, DateTimeOffset? to, string? person, string? action, string? subject) =>
            FileAsync(context, ledger, audit, site, Question(from, to, person, action, subject, null))).Needs(Permission.SeeAudit);
    }

    static async Task<IResult> FileAsync(HttpContext context, LedgerReader ledger, AuditBook audit, SiteModel site, AuditQuestion question)
    {
        // What is taken away is taken by somebody.
        await audit.WriteAsync(audit.Entry(context.Person(), "export-audit", "audit", ""));
        return Results.Stream(output => WriteAsync(output, ledger, site, question), "text/csv; charset=utf-8", $"audit-{site.Site.Id}.csv");
    }

    static async Task WriteAsync(Stream output, LedgerReader ledger, SiteModel site, AuditQuestion question)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        await writer.WriteAsync("seq,utc,local,actor,action,subject,detail,hash\r\n");
        for (var left = FileMax; left > 0 && ledger.Audit(question, Math.Min(left, PageMax)) is { Count: > 0 } page; left -= page.Count, question = question with { Before = page[^1].Seq })
            foreach (var row in page)
            {
                var at = EventTime.FromUs(row.AtUs);
                await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture,
                    $"{row.Seq},{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'},{TimeZoneInfo.ConvertTime(at, site.TimeZone):yyyy-MM-dd'T'HH:mm:sszzz},{Cell(row.Actor)},{Cell(row.Action)},{Cell(row.Subject)},{Cell(row.Detail)},{Convert.ToHexStringLower(row.Hash)}\r\n"));
            }
    }

    /// <summary>Quoted; and what a spreadsheet would take for a formula is made text.</summary>
    static string Cell(string text) => $"\"{(text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    static AuditQuestion Question(DateTimeOffset? from, DateTimeOffset? to, string? person, string? action, string? subject, long? before) =>
        new(from is { } f ? EventTime.ToUs(f) : null, to is { } t ? EventTime.ToUs(t) : null, Given(person), Given(action), Given(subject), before);

    static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    static AuditRowView View(AuditRow row) => new(row.Seq, EventTime.FromUs(row.AtUs), row.Actor, row.Action, row.Subject, row.Detail);
}
