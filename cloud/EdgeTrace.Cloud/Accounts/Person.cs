using System.Collections.Frozen;
using System.Security.Claims;
using EdgeTrace.Api;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>Who acts: a person who has signed in, or a machine with a token.</summary>
/// <param name="Id">The name they sign in with; a machine's begins with <c>machine:</c>.</param>
/// <param name="Name">As people call them.</param>
/// <param name="Roles">What they work as at this site; a machine has none.</param>
/// <param name="Sites">The sites where they have any role.</param>
/// <param name="Permissions">What they may at this site.</param>
sealed record Person(string Id, string Name, IReadOnlyList<StaffRole> Roles, IReadOnlyList<string> Sites, FrozenSet<Permission> Permissions)
{
    /// <summary>How facts and the audit name them: legible, and never mistaken for somebody of the same name.</summary>
    public string Actor => Name == Id ? Id : $"{Name} ({Id})";

    public bool May(Permission permission) => Permissions.Contains(permission);
}

/// <summary>A person as ASP.NET Core carries them through a request.</summary>
sealed class PersonIdentity(Person person, Session session, string scheme) : ClaimsIdentity(session.Claims, scheme)
{
    public Person Person { get; } = person;
    public Session Session { get; } = session;
}

static class PersonOfRequest
{
    /// <summary>Who asks. Behind <see cref="Gate.Needs"/> there always is somebody.</summary>
    /// <exception cref="InvalidOperationException">The address lets anybody in, and nobody has signed in.</exception>
    public static Person Person(this HttpContext context) =>
        context.PersonOrNull() ?? throw new InvalidOperationException($"{context.Request.Path} asks who it is without needing anybody.");

    public static Person? PersonOrNull(this HttpContext context) => context.User.PersonOrNull();

    public static Person? PersonOrNull(this ClaimsPrincipal user) => user.Identities.OfType<PersonIdentity>().FirstOrDefault()?.Person;

    /// <summary>By what they are known; null where nobody is.</summary>
    public static Session? Session(this HttpContext context) => context.User.Identities.OfType<PersonIdentity>().FirstOrDefault()?.Session;
}
