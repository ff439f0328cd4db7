using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Accounts;
using EdgeTrace.Store.Ledger;
using Microsoft.AspNetCore.Identity;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>Looks at a password or a PIN, counts the wrong ones, and writes down each try.</summary>
sealed class SignInDesk(AccountsFile file, AccountBook book, AccountManager manager, IPasswordHasher<Account> hasher, AuditBook audit, TimeProvider time)
{
    /// <summary>The same words whether the name, the password or the account is at fault: whoever tries names learns nothing.</summary>
    public const string Wrong = "Check both. After 10 wrong passwords an account rests for 15 minutes; an administrator can end that, or make a code for a new password.";

    static readonly Account s_nobody = new(new("", "", null, null, null, "", 0, null, 0, null, 0));
    readonly Lazy<string> _nobodysHash = new(() => hasher.HashPassword(s_nobody, Secrets.Key()));

    /// <summary>Null: these do not go together, or the account is locked or disabled.</summary>
    public async Task<AccountRow?> PasswordAsync(string name, string password, string from)
    {
        if (password.Length > PasswordRules.LettersMax) return null;
        if (book.Find(name) is not { } row)
        {
            // Takes as long as a wrong password; and what was typed is not written down, for it may be a password in the wrong field.
            hasher.VerifyHashedPassword(s_nobody, _nobodysHash.Value, password);
            await WriteAsync("nobody", "sign-in-failed", "unknown", $"an unknown name, from {from}");
            return null;
        }
        var account = new Account(row);
        var locked = await manager.IsLockedOutAsync(account);
        var right = await manager.CheckPasswordAsync(account, password);
        if (locked || row.DisabledUs is not null || !right)
        {
            if (!locked && row.DisabledUs is null) await manager.AccessFailedAsync(account);
            await WriteAsync("nobody", !locked && await manager.IsLockedOutAsync(account) ? "lock-account" : "sign-in-failed", row.Id,
                $"{(row.DisabledUs is not null ? "the account is disabled" : locked ? "the account is locked" : "wrong password")}, from {from}");
            return null;
        }
        // Identity may have hashed it anew, with more rounds.
        row = account.Row;
        var clean = row with { Failed = 0, LockedUntilUs = null, PinFailed = 0 };
        if (clean != row) file.Put(clean, row.Stamp);
        await WriteAsync(AccountDesk.Named(row), "sign-in", row.Id, $"password, from {from}");
        return row;
    }

    /// <exception cref="AccountRefusedException">It is not so; the message is for whoever stands at the terminal.</exception>
    public async Task<AccountRow> PinAsync(string nameOrBadge, string pin, TerminalRow terminal)
    {
        var row = book.Find(nameOrBadge);
        if (row is not { DisabledUs: null, PinHash: { } hash })
        {
            hasher.VerifyHashedPassword(s_nobody, _nobodysHash.Value, pin);
            await WriteAsync("nobody", "switch-failed", row?.Id ?? "unknown", $"no PIN, at {terminal.Name}");
            throw new AccountRefusedException("That name and PIN do not go together. Whoever has no PIN yet signs in with the password once and sets one under their name.");
        }
        if (row.PinFailed >= AccountDesk.PinTriesMax)
        {
            await WriteAsync("nobody", "switch-failed", row.Id, $"the PIN is locked, at {terminal.Name}");
            throw new AccountRefusedException($"This PIN is locked after {AccountDesk.PinTriesMax} wrong tries. Sign in with the password: that unlocks it.");
        }
        if (hasher.VerifyHashedPassword(new(row), hash, pin) == PasswordVerificationResult.Failed)
        {
            file.Put(row with { PinFailed = row.PinFailed + 1 }, row.Stamp);
            await WriteAsync("nobody", row.PinFailed + 1 >= AccountDesk.PinTriesMax ? "lock-pin" : "switch-failed", row.Id, $"wrong PIN, at {terminal.Name}");
            throw new AccountRefusedException("That name and PIN do not go together.");
        }
        if (row.PinFailed > 0) file.Put(row with { PinFailed = 0 }, row.Stamp);
        await WriteAsync(AccountDesk.Named(row), "switch", row.Id, $"PIN, at {terminal.Name}");
        return row;
    }

    public Task EndAsync(Person who, string how) => WriteAsync(who.Actor, "sign-out", who.Id, how);

    Task WriteAsync(string actor, string action, string subject, string detail) => audit.WriteAsync(new AuditEntry(time.NowUs(), actor, action, $"account/{subject}", detail));
}
