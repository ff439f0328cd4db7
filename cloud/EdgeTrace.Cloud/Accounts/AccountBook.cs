using System.Collections.Frozen;
using System.Security.Claims;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Accounts;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>Who is let in now: answers every request from what <c>accounts.db</c> says at that moment.</summary>
sealed class AccountBook(AccountsFile file, SiteModel site, TimeProvider time)
{
    public string Site => site.Site.Id;

    /// <summary>Of the key that this process left for its own machine: for the doctor, and what else looks and touches nothing.</summary>
    public string LocalKeyHash { get; set; } = "";

    /// <summary>False until the first administrator has been set up: only then set-up is open.</summary>
    public bool HasAdministrator
    {
        get
        {
            var rows = file.Now();
            return rows.Grants.Any(grant => grant.Site == Site && grant.Role == nameof(StaffRole.Administrator) && rows.Accounts.Any(row => row.Id == grant.Account && row.DisabledUs is null));
        }
    }

    /// <summary>By the name they sign in with, or by what their badge says.</summary>
    public AccountRow? Find(string nameOrBadge)
    {
        var (typed, rows) = (nameOrBadge.Trim(), file.Now());
        return rows.Accounts.FirstOrDefault(row => string.Equals(row.Id, typed, StringComparison.OrdinalIgnoreCase)) ?? (Badge.Of(typed) is { } badge ? rows.Accounts.FirstOrDefault(row => row.Badge == badge) : null);
    }

    /// <summary>Who a session is of; null once the account is disabled, has a new password, or the token is revoked.</summary>
    public Person? Of(Session session)
    {
        var rows = file.Now();
        if (session.With == SignInWith.Token && session.Key == LocalKeyHash) return new("machine:local", "machine:local", [], [Site], RoleTable.Display);
        if (session.With == SignInWith.Token) return rows.Tokens.FirstOrDefault(token => token.Hash == session.Key && token.RevokedUs is null) is { } token ? Of(token) : null;
        return rows.Accounts.FirstOrDefault(row => row.Id == session.Key) is { DisabledUs: null } account && account.Stamp == session.Stamp ? Of(account, session.With) : null;
    }

    /// <summary>Who signs in with this; the permissions of a PIN leave out keeping the accounts, which needs the password.</summary>
    public Person Of(AccountRow account, SignInWith with = SignInWith.Password)
    {
        var grants = file.Now().Grants.Where(grant => grant.Account == account.Id).ToList();
        var roles = grants.Where(grant => grant.Site == Site).Select(grant => Enum.TryParse<StaffRole>(grant.Role, out var role) ? role : (StaffRole?)null).OfType<StaffRole>().ToList();
        var may = RoleTable.Of(roles);
        return new(account.Id, account.Name, roles, [.. grants.Select(grant => grant.Site).Distinct()], with == SignInWith.Pin ? may.Except([Permission.Administer]).ToFrozenSet() : may);
    }

    /// <summary>A machine by its key; null when there is none, or it was revoked.</summary>
    public Session? Token(string key)
    {
        var hash = Secrets.Hash(key);
        return hash == LocalKeyHash || file.Now().Tokens.Any(token => token.Hash == hash && token.RevokedUs is null) ? new(SignInWith.Token, hash, "") : null;
    }

    /// <summary>The shared terminal that has this secret; null when it is none, or is none any more.</summary>
    public TerminalRow? Terminal(string? secret) =>
        secret is { Length: > 0 } && Secrets.Hash(secret) is var hash ? file.Now().Terminals.FirstOrDefault(terminal => terminal.Hash == hash && terminal.EndedUs is null) : null;

    public IReadOnlyList<AccountView> People() => [.. file.Now().Accounts.Select(View)];

    public AccountView View(AccountRow row) => new(
        row.Id, row.Name, row.Badge, Of(row).Roles, row.DisabledUs is { } at ? EventTime.FromUs(at) : null, row.LockedUntilUs is { } until && until > time.NowUs() ? EventTime.FromUs(until) : null,
        row.PasswordHash is not null, row.PinHash is not null, EventTime.FromUs(row.CreatedUs));

    Person Of(TokenRow token) => new(
        $"machine:{token.Id}", $"machine:{token.Id}", [], [token.Site],
        token.Site == Site ? token.Permissions.Split(' ').Select(word => Enum.TryParse<Permission>(word, out var permission) ? permission : (Permission?)null).OfType<Permission>().ToFrozenSet() : []);
}

/// <summary>What a request brings to say who it is from.</summary>
/// <param name="Key">The account's name, or the hash of a token's key.</param>
/// <param name="Stamp">The account's, when the session began.</param>
sealed record Session(SignInWith With, string Key, string Stamp)
{
    const string Kind = "edgetrace/with", Id = "edgetrace/key", Mark = "edgetrace/stamp";

    public IEnumerable<Claim> Claims => [new(Kind, With.ToString()), new(Id, Key), new(Mark, Stamp)];

    public static Session? From(ClaimsPrincipal? user) =>
        Enum.TryParse<SignInWith>(user?.FindFirst(Kind)?.Value, out var with) && user?.FindFirst(Id)?.Value is { } key ? new(with, key, user.FindFirst(Mark)?.Value ?? "") : null;
}

/// <summary>What a badge's barcode says of whose it is.</summary>
static class Badge
{
    public const int LettersMax = 60;

    /// <summary>The GSRN of AI 8017 where the code carries one, in brackets or as a scanner sends it; otherwise the staff code itself. Null: nothing that can be one.</summary>
    public static string? Of(string scanned)
    {
        var text = scanned.Trim().Replace("(8017)", "8017", StringComparison.Ordinal);
        if (text.StartsWith(']') && text.Length > 3) text = text[3..];
        if (text.Length == 22 && text.StartsWith("8017", StringComparison.Ordinal) && text.All(char.IsAsciiDigit)) text = text[4..];
        return text.Length is > 0 and <= LettersMax && !text.Any(char.IsControl) ? text.ToUpperInvariant() : null;
    }
}
