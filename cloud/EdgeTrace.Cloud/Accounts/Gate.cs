using System.Collections.Frozen;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>What an address needs of who asks; null: that somebody has signed in.</summary>
sealed record Need(Permission? Permission) : IAuthorizationRequirement;

/// <summary>
/// Who may pass: an address says <see cref="Needs"/>, <see cref="NeedsSomebody"/> or <c>AllowAnonymous</c>; one that says nothing is shut.
/// </summary>
static class Gate
{
    static readonly FrozenDictionary<Permission, AuthorizationPolicy> s_policies = Enum.GetValues<Permission>().ToFrozenDictionary(p => p, p => Policy(new(p)));
    static readonly AuthorizationPolicy s_somebody = Policy(new((Permission?)null));

    public static IServiceCollection AddGate(this IServiceCollection services)
    {
        services.AddAuthorization(o => o.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(_ => false).Build());
        return services.AddSingleton<IAuthorizationHandler, NeedHandler>().AddSingleton<IAuthorizationMiddlewareResultHandler, Refusal>();
    }

    /// <summary>Only who has this permission at this site may ask.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder address, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        address.RequireAuthorization(s_policies[permission]).WithMetadata(new Need(permission));

    /// <summary>Anybody who has signed in may ask.</summary>
    public static TBuilder NeedsSomebody<TBuilder>(this TBuilder address) where TBuilder : IEndpointConventionBuilder =>
        address.RequireAuthorization(s_somebody).WithMetadata(new Need((Permission?)null));

    static AuthorizationPolicy Policy(Need need) => new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(need).Build();

    sealed class NeedHandler : AuthorizationHandler<Need>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Need need)
        {
            if (context.User.PersonOrNull() is { } person && (need.Permission is not { } permission || person.May(permission))) context.Succeed(need);
            return Task.CompletedTask;
        }
    }

    /// <summary>Says why not, and who may, once that is written down.</summary>
    sealed class Refusal(RefusalBook refusals) : IAuthorizationMiddlewareResultHandler
    {
        public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result)
        {
            if (result.Succeeded) await next(context);
            else if (context.PersonOrNull() is not { } person)
                await Problems.Write(context, StatusCodes.Status401Unauthorized, "Nobody has signed in", "Sign in, or send a token as Authorization: Bearer.");
            else if (context.GetEndpoint()?.Metadata.GetMetadata<Need>()?.Permission is { } permission)
            {
                await refusals.RefusedAsync(context, person, permission);
                await Problems.Write(context, StatusCodes.Status403Forbidden, $"{person.Name} may not do this", $"It is for {RoleTable.WhoMay(permission)} ({permission}). An administrator gives roles under People.");
            }
            else await Problems.Write(context, StatusCodes.Status403Forbidden, "This address is open to nobody", "It does not say who may ask: report it as a mistake of this program.");
        }
    }
}
