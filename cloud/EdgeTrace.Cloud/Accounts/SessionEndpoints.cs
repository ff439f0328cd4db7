using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>Signing in, out and over to somebody else, setting up, and what somebody changes about themself.</summary>
static class SessionEndpoints
{
    /// <summary>Known by this, a browser is a shared terminal.</summary>
    const string TerminalCookie = "edgetrace-terminal";

    /// <summary>A ward's terminal stays where it is; ending it is a click.</summary>
    static readonly TimeSpan TerminalLasts = TimeSpan.FromDays(365);

    const int IdleMinutesMin = 1, IdleMinutesMax = 60;

    public static void MapSessions(this RouteGroupBuilder api)
    {
        api.MapGet("/session", (HttpContext context, Sessions sessions) => sessions.View(context)).AllowAnonymous();
        api.MapPost("/session", SignIn).AllowAnonymous().RequireRateLimiting(AccountServices.SignInLimit);
        api.MapPost("/session/token", UseToken).AllowAnonymous().RequireRateLimiting(AccountServices.SignInLimit);
        api.MapPost("/session/switch", Switch).AllowAnonymous().RequireRateLimiting(AccountServices.SignInLimit);
        api.MapPost("/session/end", End).AllowAnonymous();
        api.MapPost("/set-up", SetUpFirst).AllowAnonymous().RequireRateLimiting(AccountServices.SignInLimit);
        api.MapPost("/invitations/accept", Accept).AllowAnonymous().RequireRateLimiting(AccountServices.SignInLimit);
        api.MapPost("/me/password", ChangePassword).NeedsSomebody().RequireRateLimiting(AccountServices.SignInLimit);
        api.MapPost("/me/pin", ChangePin).NeedsSomebody().RequireRateLimiting(AccountServices.SignInLimit);
        api.MapPost("/terminal", MakeTerminal).NeedsSomebody();
        api.MapPost("/terminal/end", EndTerminal).NeedsSomebody();
    }

    static async Task<IResult> SignIn(HttpContext context, Sessions sessions, SignInDesk desk, [FromBody] SignInWords words) =>
        await desk.PasswordAsync(words.Name ?? "", words.Password ?? "", From(context)) is { } row
            ? Results.Ok(await sessions.BeginAsync(context, row, SignInWith.Password))
            : Results.Problem(SignInDesk.Wrong, statusCode: StatusCodes.Status401Unauthorized, title: "That name and password do not go together");

    /// <summary>A screen on a wall: nobody types there again, so it signs in for as long as its token holds.</summary>
    static async Task<IResult> UseToken(HttpContext context, Sessions sessions, AccountBook book, [FromBody] TokenWords words) =>
        book.Token(words.Token?.Trim() ?? "") is { } session && book.Of(session) is { } machine
            ? Results.Ok(await sessions.BeginAsync(context, machine, session, lasts: true))
            : Results.Problem("Tokens begin with edgetrace_ and are made by edgetrace-cloud accounts token; a lost one is made anew.", statusCode: StatusCodes.Status401Unauthorized, title: "This token is not known, or was revoked");

    static Task<IResult> Switch(HttpContext context, Sessions sessions, AccountBook book, SignInDesk desk, [FromBody] SwitchWords words) => Told(async () =>
        book.Terminal(context.Request.Cookies[TerminalCookie]) is { } terminal
            ? Results.Ok(await sessions.BeginAsync(context, await desk.PinAsync(words.Who ?? "", words.Pin ?? "", terminal), SignInWith.Pin))
            : Results.Problem("Sign in with a password, and make this a shared terminal under your name.", statusCode: StatusCodes.Status403Forbidden, title: "A PIN works on a shared terminal only"));

    static async Task<IResult> End(HttpContext context, Sessions sessions, SignInDesk desk)
    {
        if (context.PersonOrNull() is { } person) await desk.EndAsync(person, context.Request.Query["locked"] == "1" ? "locked: nobody was there" : "");
        await context.SignOutAsync(AccountServices.Cookie);
        return Results.Ok(sessions.View(context, null));
    }

    static Task<IResult> SetUpFirst(HttpContext context, Sessions sessions, AccountDesk desk, SetUp setUp, [FromBody] SetUpWords words) => Told(async () =>
    {
        if (!setUp.IsOpen) return Results.Problem("Sign in, or ask an administrator for an account.", statusCode: StatusCodes.Status409Conflict, title: "This is set up already");
        if (!setUp.IsCode(words.Code ?? "")) return Problems.Wrong("That is not the set-up code", "It is in the server's log and in the file set-up-code of its data directory, and is another after each start.");
        if (PasswordRules.Wrong(words.Password ?? "", words.Id ?? "", words.Name ?? "") is { } wrong) return Problems.Wrong("This password will not do", wrong);
        var row = await desk.AddAsync("set-up", words.Id ?? "", words.Name ?? "", null, [StaffRole.Administrator]);
        await desk.SetPasswordAsync(AccountDesk.Named(row), row.Id, words.Password ?? "");
        setUp.Close();
        return Results.Ok(await sessions.BeginAsync(context, desk.Known(row.Id), SignInWith.Password));
    });

    static Task<IResult> Accept(HttpContext context, Sessions sessions, AccountDesk desk, [FromBody] AcceptWords words) => Told(async () =>
        Results.Ok(await sessions.BeginAsync(context, await desk.AcceptAsync(words.Code ?? "", words.Password ?? ""), SignInWith.Password)));

    static Task<IResult> ChangePassword(HttpContext context, Sessions sessions, SignInDesk signIn, AccountDesk desk, [FromBody] PasswordWords words) => Told(async () =>
    {
        var row = Own(context, desk);
        if (await signIn.PasswordAsync(row.Id, words.Old ?? "", From(context)) is null) return WrongPassword();
        await desk.SetPasswordAsync(AccountDesk.Named(row), row.Id, words.New ?? "");
        return Results.Ok(await sessions.BeginAsync(context, desk.Known(row.Id), SignInWith.Password));
    });

    static Task<IResult> ChangePin(HttpContext context, Sessions sessions, SignInDesk signIn, AccountDesk desk, [FromBody] PinWords words) => Told(async () =>
    {
        var row = Own(context, desk);
        // Whoever finds a terminal unlocked must not get a PIN of their own making out of it.
        if (await signIn.PasswordAsync(row.Id, words.Password ?? "", From(context)) is null) return WrongPassword();
        await desk.SetPinAsync(AccountDesk.Named(row), row.Id, words.Pin ?? "");
        return Results.Ok(sessions.View(context));
    });

    static Task<IResult> MakeTerminal(HttpContext context, Sessions sessions, AccountsFile file, AuditBook audit, TimeProvider time, [FromBody] TerminalWords words) => Told(async () =>
    {
        var (name, idle) = (words.Name?.Trim() ?? "", words.IdleMinutes ?? 5);
        if (context.Session() is not { With: SignInWith.Password }) return Results.Problem("Sign in with your password first.", statusCode: StatusCodes.Status403Forbidden, title: "A shared terminal is made with a password");
        if (name.Length is 0 or > AccountDesk.NameLettersMax) return Problems.Wrong("The terminal has no name", $"Give where it stands, at most {AccountDesk.NameLettersMax} letters: the audit says it.");
        if (idle is < IdleMinutesMin or > IdleMinutesMax) return Problems.Wrong("That is no time to lock after", $"Give {IdleMinutesMin} to {IdleMinutesMax} minutes.");
        var secret = Secrets.Key();
        await audit.WriteAsync(audit.Entry(context.Person(), "make-terminal", $"terminal/{name}", $"locks after {idle} min"));
        file.Add(new TerminalRow(Secrets.Hash(secret), name, idle, time.NowUs(), context.Person().Actor, null));
        context.Response.Cookies.Append(TerminalCookie, secret, new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, MaxAge = TerminalLasts, IsEssential = true });
        return Results.Ok(sessions.View(context) with { Terminal = new(name, idle) });
    });

    static async Task<IResult> EndTerminal(HttpContext context, Sessions sessions, AccountBook book, AccountsFile file, AuditBook audit, TimeProvider time)
    {
        if (book.Terminal(context.Request.Cookies[TerminalCookie]) is { } terminal)
        {
            await audit.WriteAsync(audit.Entry(context.Person(), "end-terminal", $"terminal/{terminal.Name}", ""));
            file.EndTerminal(terminal.Hash, time.NowUs());
        }
        context.Response.Cookies.Delete(TerminalCookie);
        return Results.Ok(sessions.View(context) with { Terminal = null });
    }

    static AccountRow Own(HttpContext context, AccountDesk desk) =>
        context.Session() is { With: not SignInWith.Token } ? desk.Known(context.Person().Id) : throw new AccountRefusedException("A machine has no password: make it a new token.");

    static IResult WrongPassword() => Problems.Wrong("That is not your password", SignInDesk.Wrong);

    static string From(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    /// <summary>What the desk refuses is a problem with its own words.</summary>
    internal static async Task<IResult> Told(Func<Task<IResult>> act)
    {
        try
        {
            return await act();
        }
        catch (AccountRefusedException refused)
        {
            return Problems.Wrong("This cannot be done", refused.Message);
        }
    }

    /// <summary>What a session is to the page, and how one begins.</summary>
    public sealed class Sessions(AccountBook book, SetUp setUp, SiteModel site)
    {
        public SessionView View(HttpContext context) => View(context, context.PersonOrNull() is { } person && context.Session() is { } session ? Who(person, session) : null);

        public SessionView View(HttpContext context, WhoView? who) => new(
            setUp.IsOpen, site.Site.Name, who, book.Terminal(context.Request.Cookies[TerminalCookie]) is { } terminal ? new(terminal.Name, terminal.IdleMinutes) : null);

        public Task<SessionView> BeginAsync(HttpContext context, AccountRow row, SignInWith with) => BeginAsync(context, book.Of(row, with), new(with, row.Id, row.Stamp), lasts: false);

        /// <param name="lasts">The session outlives the browser's own end.</param>
        public async Task<SessionView> BeginAsync(HttpContext context, Person person, Session session, bool lasts)
        {
            var properties = lasts ? new AuthenticationProperties { IsPersistent = true, ExpiresUtc = DateTimeOffset.MaxValue } : new();
            await context.SignInAsync(AccountServices.Cookie, new(new PersonIdentity(person, session, AccountServices.Cookie)), properties);
            return View(context, Who(person, session));
        }

        WhoView Who(Person person, Session session) => new(
            person.Id, person.Name, person.Roles, [.. person.Permissions.Order()], session.With, session.With != SignInWith.Token && book.Find(person.Id)?.PinHash is not null);
    }

    sealed record SignInWords(string? Name, string? Password);
    sealed record TokenWords(string? Token);
    sealed record SwitchWords(string? Who, string? Pin);
    sealed record SetUpWords(string? Code, string? Id, string? Name, string? Password);
    sealed record AcceptWords(string? Code, string? Password);
    sealed record PasswordWords(string? Old, string? New);
    sealed record PinWords(string? Password, string? Pin);
    sealed record TerminalWords(string? Name, int? IdleMinutes);
}
