using System.Collections.Frozen;
using System.Text.Encodings.Web;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>Who asks, what they may, and what is written down of it.</summary>
static class AccountServices
{
    const string Here = "here";

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddAuthentication(Here).AddScheme<AuthenticationSchemeOptions, WhoeverIsHere>(Here, null);
        return services.AddGate().AddSingleton<AuditBook>().AddSingleton<AuditWatch>().AddHostedService(s => s.GetRequiredService<AuditWatch>());
    }

    /// <summary>The page is on loopback only: who reaches it stands at the server and may do everything.</summary>
    sealed class WhoeverIsHere(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, SiteModel site) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var person = new Person("local", "local", Enum.GetValues<StaffRole>(), [site.Site.Id], Enum.GetValues<Permission>().ToFrozenSet());
            return Task.FromResult(AuthenticateResult.Success(new(new(new PersonIdentity(person, Here)), Here)));
        }
    }
}
