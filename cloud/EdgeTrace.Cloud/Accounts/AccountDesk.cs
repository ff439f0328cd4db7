using System.Security.Cryptography;
using System.Text.RegularExpressions;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Accounts;
using EdgeTrace.Store.Ledger;
using Microsoft.AspNetCore.Identity;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>What was asked cannot be done; the message says why and what to do, and is for whoever asked.</summary>
sealed class AccountRefusedException(string message) : Exception(message);

/// <summary>
/// Everything that changes who may sign in. It is written into the audit first and done then: what cannot be audited is not done.
/// Page and command line come here alike.
/// </summary>
sealed partial class AccountDesk(AccountsFile file, AccountBook book, AccountManager manager, IPasswordHasher<Account> hasher, AuditBook audit, TimeProvider time)
{
    public const int NameLettersMax = 80;

    /// <summary>A new colleague's first day, over a weekend.</summary>
    static readonly TimeSpan InvitationLasts = TimeSpan.FromDays(3);

    /// <summary>A PIN has a million values: five tries are one in two hundred thousand. Then it needs the password again.</summary>
    public const int PinTriesMax = 5;

    /// <summary>Adds an account without a password; <see cref="InviteAsync"/> or <see cref="SetPasswordAsync"/> follows.</summary>
    public async Task<AccountRow> AddAsync(string actor, string id, string name, string? badge, IReadOnlyCollection<StaffRole> roles)
    {
        id = id.Trim().ToLowerInvariant();
        if (!SignInName().IsMatch(id)) throw new AccountRefusedException("The name to sign in with is 2 to 40 of a–z, 0–9, dot, dash and underscore, as a.smith.");
        if (book.Find(id) is not null) throw new AccountRefusedException($"There is, or was, somebody who signs in as {id}: a name is never given to anybody else. Take another, or enable that account.");
        var row = new AccountRow(id, Named(name), BadgeOf(badge, id), null, null, NewStamp(), time.NowUs(), null, 0, null, 0);
        await WriteAsync(actor, "add-account", id, $"{row.Name}: {Words(roles)}");
        file.Put(row, row.Stamp, Grants(id, roles));
        return row;
    }

    public async Task SetRolesAsync(string actor, string id, IReadOnlyCollection<StaffRole> roles)
    {
        var row = Known(id);
        if (!roles.Contains(StaffRole.Administrator)) RefuseLastAdministrator(row);
        await WriteAsync(actor, "change-roles", row.Id, $"{Words(book.Of(row).Roles)} → {Words(roles)}");
        Put(row, row, Grants(row.Id, roles));
    }

    /// <summary>Changes the name people read, and the badge.</summary>
    public async Task RenameAsync(string actor, string id, string name, string? badge)
    {
        var row = Known(id);
        var next = row with { Name = Named(name), Badge = BadgeOf(badge, row.Id) };
        await WriteAsync(actor, "change-account", row.Id, $"{row.Name}, badge {row.Badge ?? "none"} → {next.Name}, badge {next.Badge ?? "none"}");
        Put(row, next);
    }

    /// <summary>Ends every session at its next request.</summary>
    public async Task DisableAsync(string actor, string id)
    {
        var row = Known(id);
        if (row.DisabledUs is not null) return;
        RefuseLastAdministrator(row);
        await WriteAsync(actor, "disable-account", row.Id, "");
        Put(row, row with { DisabledUs = time.NowUs(), Stamp = NewStamp() });
    }

    public async Task EnableAsync(string actor, string id)
    {
        var row = Known(id);
        await WriteAsync(actor, "enable-account", row.Id, "");
        Put(row, row with { DisabledUs = null, Failed = 0, LockedUntilUs = null, PinFailed = 0 });
    }

    /// <summary>A code to set a new password with; the old one holds until then.</summary>
    public async Task<InvitationView> InviteAsync(string actor, string id)
    {
        var row = Known(id);
        var (code, until) = (Secrets.Code(), time.GetUtcNow() + InvitationLasts);
        await WriteAsync(actor, "invite", row.Id, "");
        file.Add(new InvitationRow(Secrets.Hash(code), row.Id, EventTime.ToUs(until)));
        return new(row.Id, code, until);
    }

    /// <summary>Sets the password of whom the code was made for, once.</summary>
    public async Task<AccountRow> AcceptAsync(string code, string password)
    {
        var hash = Secrets.Hash(Secrets.Plain(code));
        if (file.Invitation(hash) is not { } invitation || invitation.UntilUs < time.NowUs()) throw new AccountRefusedException("This code is not known, was used, or is over: an administrator can make a new one.");
        var row = Known(invitation.Account);
        if (row.DisabledUs is not null) throw new AccountRefusedException("This account is disabled: an administrator can enable it.");
        RefuseWrong(password, row);
        if (!file.UseInvitation(hash)) throw new AccountRefusedException("This code was used a moment ago.");
        await SetPasswordAsync(Named(row), row.Id, password);
        return Known(row.Id);
    }

    /// <summary>Ends every session of the account, and what wrong passwords have done to it.</summary>
    public async Task SetPasswordAsync(string actor, string id, string password)
    {
        var row = Known(id);
        RefuseWrong(password, row);
        await WriteAsync(actor, "set-password", row.Id, "");
        if (await manager.SetPasswordAsync(new(row), password) is { Succeeded: false } wrong) throw new AccountRefusedException(string.Join(" ", wrong.Errors.Select(error => error.Description)));
    }

    /// <param name="pin">Empty takes it away.</param>
    public async Task SetPinAsync(string actor, string id, string pin)
    {
        var row = Known(id);
        if (pin.Length > 0 && PasswordRules.WrongPin(pin) is { } wrong) throw new AccountRefusedException(wrong);
        await WriteAsync(actor, pin.Length > 0 ? "set-pin" : "remove-pin", row.Id, "");
        Put(row, row with { PinHash = pin.Length > 0 ? hasher.HashPassword(new(row), pin) : null, PinFailed = 0 });
    }

    /// <summary>A key for a machine; it is told once.</summary>
    public async Task<string> AddTokenAsync(string actor, string id, IReadOnlyCollection<Permission> permissions)
    {
        if (!TokenName().IsMatch(id)) throw new AccountRefusedException("A token's name is 1 to 40 of a–z, 0–9 and dash, as wall-theatre-1.");
        if (file.Now().Tokens.Any(token => token.Id == id)) throw new AccountRefusedException($"There is, or was, a token {id}: take another name, so that the audit stays clear.");
        if (permissions.Count == 0) throw new AccountRefusedException("A token without a permission can do nothing: name at least one.");
        if (permissions.Contains(Permission.Administer)) throw new AccountRefusedException("A machine keeps no accounts: leave Administer out.");
        var key = Secrets.Key();
        var words = string.Join(' ', permissions.Distinct().Order());
        await WriteAsync(actor, "add-token", $"machine:{id}", words);
        file.Add(new TokenRow(id, Secrets.Hash(key), book.Site, words, time.NowUs(), actor, null));
        return key;
    }

    public async Task RevokeTokenAsync(string actor, string id)
    {
        if (!file.Now().Tokens.Any(token => token.Id == id && token.RevokedUs is null)) throw new AccountRefusedException($"There is no token {id} that still holds.");
        await WriteAsync(actor, "revoke-token", $"machine:{id}", "");
        file.RevokeToken(id, time.NowUs());
    }

    public AccountRow Known(string id) => file.Now().Accounts.FirstOrDefault(row => string.Equals(row.Id, id.Trim(), StringComparison.OrdinalIgnoreCase)) ?? throw new AccountRefusedException($"There is nobody who signs in as {id}.");

    /// <summary>The account as somebody who acts on themself.</summary>
    public static string Named(AccountRow row) => $"{row.Name} ({row.Id})";

    Task WriteAsync(string actor, string action, string subject, string detail) => audit.WriteAsync(new AuditEntry(time.NowUs(), actor, action, $"account/{subject}", detail));

    void Put(AccountRow read, AccountRow next, IReadOnlyList<GrantRow>? grants = null)
    {
        if (!file.Put(next, read.Stamp, grants)) throw new AccountRefusedException($"{read.Id} was changed by somebody else at the same moment: look again, then try again.");
    }

    static void RefuseWrong(string password, AccountRow row)
    {
        if (PasswordRules.Wrong(password, row.Id, row.Name) is { } wrong) throw new AccountRefusedException(wrong);
    }

    /// <summary>Without an administrator set-up would be open again.</summary>
    void RefuseLastAdministrator(AccountRow row)
    {
        var people = book.People().Where(other => other.Disabled is null && other.Roles.Contains(StaffRole.Administrator)).ToList();
        if (people is [var last] && last.Id == row.Id) throw new AccountRefusedException($"{row.Id} is the only administrator: make somebody else one first.");
    }

    string? BadgeOf(string? scanned, string id)
    {
        if (string.IsNullOrWhiteSpace(scanned)) return null;
        var badge = Badge.Of(scanned) ?? throw new AccountRefusedException($"A badge's code is at most {Badge.LettersMax} letters.");
        return file.Now().Accounts.FirstOrDefault(row => row.Badge == badge && row.Id != id) is { } other ? throw new AccountRefusedException($"That badge is {other.Name}'s ({other.Id}).") : badge;
    }

    List<GrantRow> Grants(string id, IReadOnlyCollection<StaffRole> roles) =>
        [.. file.Now().Grants.Where(grant => grant.Account == id && grant.Site != book.Site), .. roles.Distinct().Select(role => new GrantRow(id, book.Site, role.ToString()))];

    static string Named(string name) => name.Trim() is { Length: > 0 and <= NameLettersMax } trimmed && !trimmed.Any(char.IsControl)
        ? trimmed : throw new AccountRefusedException($"Give the person's name, at most {NameLettersMax} letters.");

    static string Words(IReadOnlyCollection<StaffRole> roles) => roles.Count == 0 ? "no role" : string.Join(", ", roles.Order());

    static string NewStamp() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{1,39}\z")]
    private static partial Regex SignInName();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,39}\z")]
    private static partial Regex TokenName();
}
