using System.Text.Encodings.Web;
using System.Threading.RateLimiting;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Store.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>Who asks, what they may, and what is written down of it.</summary>
static class AccountServices
{
    public const string SignInLimit = "sign-in", Cookie = "cookie";

    /// <summary>What every call of the page that changes something carries. Another site's form cannot set it, and its script would have to ask first, which this server never grants.</summary>
    public const string OwnPageHeader = "X-EdgeTrace";

    const string Either = "edgetrace", Token = "token";

    /// <summary>A shift; somebody who works goes on.</summary>
    static readonly TimeSpan SessionLasts = TimeSpan.FromHours(12);

    /// <summary>OWASP's figure for PBKDF2 with HMAC-SHA-512 (2023); about a tenth of a second here.</summary>
    const int HashRounds = 210_000;

    /// <summary>Waiting to sign in: a whole ward at the change of shift. One is looked at at a time, so that nobody can use up the processor with passwords.</summary>
    const int SignInsWaitingMax = 32;

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton(s => Opened(Path.Combine(ProjectionServices.DataDirectory(s), AccountsFile.Name)));
        services.AddSingleton<AccountBook>().AddSingleton<AccountStore>().AddSingleton<AccountDesk>().AddSingleton<SignInDesk>().AddSingleton<SessionEndpoints.Sessions>().AddSingleton<AuditBook>();
        services.AddSingleton<RefusalBook>().AddHostedService(s => s.GetRequiredService<RefusalBook>());
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = HashRounds);
        services.Configure<IdentityOptions>(o => (o.Lockout.MaxFailedAccessAttempts, o.Lockout.DefaultLockoutTimeSpan) = (10, TimeSpan.FromMinutes(15)));
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>().AddSingleton<IPasswordValidator<Account>, PasswordRules>().AddSingleton<AccountManager>();
        services.AddSingleton<SetUp>().AddHostedService(s => s.GetRequiredService<SetUp>());
        services.AddSingleton<AuditWatch>().AddHostedService(s => s.GetRequiredService<AuditWatch>());
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, o => o.ForwardDefaultSelector = context => context.Request.Headers.ContainsKey("Authorization") ? Token : Cookie)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(Token, null)
            .AddCookie(Cookie, Set);
        // The keys are beside the accounts, for the process's own user only; without them everybody would sign in again after a restart.
        services.AddDataProtection().SetApplicationName("edgetrace-cloud");
        services.AddOptions<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>().Configure<IServiceProvider>((o, s) => o.XmlRepository = Keys(ProjectionServices.DataDirectory(s)));
        services.AddLogging(l => l.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
        services.AddRateLimiter(o =>
        {
            o.AddPolicy(SignInLimit, _ => RateLimitPartition.GetConcurrencyLimiter("all", _ => new() { PermitLimit = 1, QueueLimit = SignInsWaitingMax }));
            o.OnRejected = async (rejected, _) => await Problems.Write(rejected.HttpContext, StatusCodes.Status503ServiceUnavailable, "Too many sign in at once", "Try again in a few seconds.");
        });
        // A proxy on this machine says whether the browser came by https, and from where.
        services.Configure<ForwardedHeadersOptions>(o => o.ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedFor);
        return services.AddGate();
    }

    /// <summary>Before the addresses: who asks, whether from our own page, and whether they may.</summary>
    public static void UseAccounts(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseAuthentication();
        app.Use((context, next) =>
            HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || context.Request.Headers.ContainsKey("Authorization") || context.Request.Headers.ContainsKey(OwnPageHeader)
                ? next(context)
                : Problems.Write(context, StatusCodes.Status400BadRequest, "This did not come from EdgeTrace's own page", $"Send a token as Authorization: Bearer, or the header {OwnPageHeader} beside the session's cookie."));
        app.UseAuthorization();
        app.UseRateLimiter();
    }

    static void Set(CookieAuthenticationOptions o)
    {
        o.Cookie.Name = "edgetrace";
        o.Cookie.HttpOnly = true;
        o.Cookie.SameSite = SameSiteMode.Strict;
        o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        (o.ExpireTimeSpan, o.SlidingExpiration) = (SessionLasts, true);
        // The cookie says only who; whether they still may is looked up at every request.
        o.Events.OnValidatePrincipal = context =>
        {
            var book = context.HttpContext.RequestServices.GetRequiredService<AccountBook>();
            if (Session.From(context.Principal) is { } session && book.Of(session) is { } person) context.ReplacePrincipal(new(new PersonIdentity(person, session, Cookie)));
            else context.RejectPrincipal();
            return Task.CompletedTask;
        };
    }

    static Microsoft.AspNetCore.DataProtection.Repositories.FileSystemXmlRepository Keys(string folder)
    {
        var keys = new DirectoryInfo(Path.Combine(folder, "keys"));
        if (OperatingSystem.IsWindows()) keys.Create();
        else Directory.CreateDirectory(keys.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new(keys, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
    }

    static AccountsFile Opened(string path)
    {
        try
        {
            return AccountsFile.Open(path);
        }
        catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{path} cannot be opened ({error.Message}): nobody could sign in. Check its owner and mode; if it is damaged, put the newest backup's back.", error);
        }
    }

    /// <summary>Machines: <c>Authorization: Bearer edgetrace_…</c>.</summary>
    sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, AccountBook book) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && book.Token(header[7..].Trim()) is { } session && book.Of(session) is { } person
                ? AuthenticateResult.Success(new(new(new PersonIdentity(person, session, Token)), Token))
                : AuthenticateResult.NoResult());
    }
}
