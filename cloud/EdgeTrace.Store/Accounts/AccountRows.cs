namespace EdgeTrace.Store.Accounts;

/// <summary>Somebody who may sign in. An account is never deleted, so that what the audit says of it can always be read.</summary>
/// <param name="Id">The name they sign in with; never given to anybody else.</param>
/// <param name="Badge">What a scan of their badge says (a GSRN of AI 8017, or a staff code).</param>
/// <param name="PasswordHash">Null: invited, and no password set yet.</param>
/// <param name="Stamp">Changes with what ends every session: a new password, being disabled. Roles are looked up at each request.</param>
public sealed record AccountRow(
    string Id, string Name, string? Badge, string? PasswordHash, string? PinHash, string Stamp, long CreatedUs, long? DisabledUs, int Failed, long? LockedUntilUs, int PinFailed);

/// <summary>A role that somebody has at a site.</summary>
public sealed record GrantRow(string Account, string Site, string Role);

/// <summary>A machine's key; what is kept is its SHA-256, which leads nowhere, for the key has 256 random bits.</summary>
/// <param name="Permissions">What it may, as words with spaces between.</param>
public sealed record TokenRow(string Id, string Hash, string Site, string Permissions, long CreatedUs, string CreatedBy, long? RevokedUs);

/// <summary>A browser that several people share: there a PIN is enough.</summary>
public sealed record TerminalRow(string Hash, string Name, int IdleMinutes, long CreatedUs, string CreatedBy, long? EndedUs);

/// <summary>A code that lets somebody set a new password once.</summary>
public sealed record InvitationRow(string Hash, string Account, long UntilUs);

/// <summary>Everything that says who is let in, as it is now.</summary>
public sealed record AccountRows(IReadOnlyList<AccountRow> Accounts, IReadOnlyList<GrantRow> Grants, IReadOnlyList<TokenRow> Tokens, IReadOnlyList<TerminalRow> Terminals);
