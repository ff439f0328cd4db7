using System.Text;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;
using EdgeTrace.Store.Ledger;
using Microsoft.AspNetCore.Mvc;

namespace EdgeTrace.Cloud.Theatre;

/// <summary>The addresses of the theatre: the list, scans, what is done with a component, and whose case it is.</summary>
static class TheatreEndpoints
{
    const int IdLettersMax = 64;
    const int ReasonLettersMax = 2000;
    const int ImportBytesMax = 4 << 20;   // 5,000 lines of 800 letters

    public static IServiceCollection AddTheatre(this IServiceCollection services)
    {
        services.AddOptions<TheatreOptions>().BindConfiguration(TheatreOptions.Section).ValidateOnStart()
            .Validate(o => o.PatientPrefix is null || CompanyPrefix.TryParse(o.PatientPrefix, out var prefix) && prefix.Length == 7, "Theatre.PatientPrefix is no company prefix of seven digits: it is what stands before the NHS number in the GSRN of your wristbands.");
        return services.AddSingleton<TheatreTurn>().AddSingleton<TheatreCode>().AddSingleton<CaseFold>().AddSingleton<CaseList>().AddSingleton<ComponentReader>().AddSingleton<SecondPerson>().AddSingleton<TheatreViews>()
            .AddSingleton<TheatreBook>().AddSingleton<TheatreActs>();
    }

    public static void MapTheatre(this RouteGroupBuilder api)
    {
        api.MapGet("/theatre/list", List).Needs(Permission.Theatre);
        api.MapGet("/theatre/cases/{id}", Case).Needs(Permission.Theatre);
        api.MapGet("/theatre/cases/{id}/patient", PatientAsync).Needs(Permission.SeePatients);
        api.MapPost("/theatre/cases", AddAsync).Needs(Permission.Theatre);
        api.MapPost("/theatre/cases/import", ImportAsync).Needs(Permission.Theatre);
        api.MapPost("/theatre/scans", ScanAsync).Needs(Permission.Theatre);
        api.MapPost("/theatre/acts", ActAsync).Needs(Permission.Theatre);
    }

    static IResult List(SiteModel site, CaseList list, TheatreViews views, string? place, DateOnly? day)
    {
        var rooms = site.Locations.Where(l => l.Kind == "theatre").Select(l => new TheatreRoom(l.Id, l.Name)).ToList();
        var (room, on) = (rooms.Find(r => r.Id == place), day ?? list.Today);
        return Results.Ok(new TheatreDay(room?.Id, room?.Name, on, rooms, room is null ? [] : [.. site.Scanners.Where(s => s.Location == room.Id).Select(s => s.Id)], room is null ? [] : [.. list.Of(room.Id, on).Select(views.View)]));
    }

    static IResult Case(CaseFold fold, TheatreViews views, string id) => fold.Of(id) is { } open ? Results.Ok(views.View(open)) : NoCase(id);

    static async Task<IResult> PatientAsync(HttpContext context, AuditBook audit, LedgerReader ledger, string id)
    {
        if (ledger.Case(id) is not { } row || ledger.Patient(row.Patient) is not { } patient) return NoCase(id);
        await audit.LookedAtAsync(context.Person(), $"case/{row.Number}", "nhsNumber", "family", "given", "born", "postcode");
        return Results.Ok(TheatreViews.View(patient));
    }

    static async Task<IResult> AddAsync(HttpContext context, CaseList list, TheatreViews views, [FromBody] CaseNotice notice)
    {
        if (notice.Id is not { Length: > 0 and <= IdLettersMax }) return NoId("case");
        var (open, _, error) = await list.AddAsync(notice, context.Person());
        return open is not null ? Results.Ok(views.View(open)) : Problems.Wrong("This is no case yet", $"{char.ToUpperInvariant(error![0])}{error[1..]}");
    }

    static async Task<IResult> ImportAsync(HttpContext context, CaseList list)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 14];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0;)
        {
            if (bytes.Length + read > ImportBytesMax) return Problems.Wrong("The file is larger than a theatre's list can be", $"Send at most {CaseList.LinesMax} cases and {ImportBytesMax >> 20} MB at a time.");
            bytes.Write(buffer, 0, read);
        }
        bytes.Position = 0;
        using var text = new StreamReader(bytes, Encoding.UTF8);
        return Results.Ok(await list.ImportAsync(text, context.Person()));
    }

    static async Task<IResult> ScanAsync(HttpContext context, TheatreBook book, LedgerReader ledger, [FromBody] TheatreScan scan)
    {
        if (scan.Id is not { Length: > 0 and <= IdLettersMax }) return NoId("scan");
        if (book.Room(scan.Place) is null) return Problems.NotFound($"There is no theatre {scan.Place}", "Theatres are the locations of kind theatre of the site model.");
        var raw = scan.Code ?? (scan.Scan is { } id ? ledger.Scan(id) is { } kept ? Encoding.Latin1.GetString(kept.Raw) : null
            : scan is { NoSerial: true, After: { } after } ? ComponentReader.CodesOf(ledger.CaseEntry(after)?.Label) is [var first, ..] ? first : null : null);
        if (string.IsNullOrWhiteSpace(raw) || raw.Length > ScanCode.RawMax) return Problems.Wrong("Nothing was scanned", "Send the code as it came as code, or a scan of the live feed as scan.");
        return Results.Ok(await book.ScanAsync(scan, raw, context.Person()));
    }

    static async Task<IResult> ActAsync(HttpContext context, TheatreActs acts, [FromBody] TheatreAct act)
    {
        if (act.Id is not { Length: > 0 and <= IdLettersMax }) return NoId("act");
        var kind = Enum.GetValues<CaseEntryKind>().FirstOrDefault(k => k.Word() == act.Kind, CaseEntryKind.Other);
        if (kind is CaseEntryKind.Wristband or CaseEntryKind.Staff or CaseEntryKind.Component or CaseEntryKind.Other) return Problems.Wrong($"Nobody does \"{act.Kind}\" in a theatre", "kind is opened, implanted, wasted, explanted, put-back, closed or cancelled.");
        if (act.Reason?.Length > ReasonLettersMax) return Problems.Wrong("The reason is too long", $"Send at most {ReasonLettersMax} letters.");
        if (string.IsNullOrWhiteSpace(act.Reason) && kind is CaseEntryKind.Wasted or CaseEntryKind.Explanted or CaseEntryKind.Cancelled) return Problems.Wrong("Nobody says why", "Send what happened as reason.");
        if (kind == CaseEntryKind.Opened && act.SealWhole is null) return Problems.Wrong("Nobody has looked at the seal", "Send sealWhole: whether seal and sterile indicator were looked at and are right.");
        return await acts.DoAsync(act, kind, context.Person()) is { } answer ? Results.Ok(answer) : Problems.NotFound("There is no such component in a case", "Send the component's scan as scan, or the case as case.");
    }

    static IResult NoId(string what) => Problems.Wrong($"The {what} has no id", "Draw a UUID before the first sending and send it again with every repeat.");

    static IResult NoCase(string id) => Problems.NotFound($"There is no case {id}", "GET /api/v1/theatre/list?place= lists a theatre's cases.");
}
