using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Accounts;
using Microsoft.AspNetCore.Identity;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>An account as ASP.NET Core Identity changes it.</summary>
sealed class Account(AccountRow row)
{
    public AccountRow Row { get; set; } = row;

    /// <summary>The stamp it was read with.</summary>
    public string Stamp { get; set; } = row.Stamp;
}

/// <summary>
/// What ASP.NET Core Identity asks of a store, over <see cref="AccountsFile"/>. Entity Framework would bring six more assemblies and a model of
/// its own for five small tables, and the house opens its SQLite files in one way.
/// </summary>
sealed class AccountStore(AccountsFile file) : IUserPasswordStore<Account>, IUserSecurityStampStore<Account>, IUserLockoutStore<Account>
{
    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => Saved(user);
    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => Saved(user);
    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => throw new InvalidOperationException("Accounts are never deleted.");

    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(file.Now().Accounts.FirstOrDefault(row => row.Id == userId) is { } row ? new Account(row) : null);
    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => FindByIdAsync(normalizedUserName, cancellationToken);

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Row.Id);
    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Row.Id);
    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Row.Id);
    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => Task.CompletedTask;
    // Names are lower case from the start (SignInNames), so the normal form is the name.
    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> GetPasswordHashAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Row.PasswordHash);
    public Task<bool> HasPasswordAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Row.PasswordHash is not null);
    public Task SetPasswordHashAsync(Account user, string? passwordHash, CancellationToken cancellationToken) => Change(user, user.Row with { PasswordHash = passwordHash });

    public Task<string?> GetSecurityStampAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Row.Stamp);
    public Task SetSecurityStampAsync(Account user, string stamp, CancellationToken cancellationToken) => Change(user, user.Row with { Stamp = stamp });

    public Task<bool> GetLockoutEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(true);
    public Task SetLockoutEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task<DateTimeOffset?> GetLockoutEndDateAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Row.LockedUntilUs is { } until ? EventTime.FromUs(until) : (DateTimeOffset?)null);
    public Task SetLockoutEndDateAsync(Account user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) => Change(user, user.Row with { LockedUntilUs = lockoutEnd is { } end ? EventTime.ToUs(end) : null });
    public Task<int> GetAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Row.Failed);
    public Task ResetAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Change(user, user.Row with { Failed = 0 });

    public Task<int> IncrementAccessFailedCountAsync(Account user, CancellationToken cancellationToken)
    {
        user.Row = user.Row with { Failed = user.Row.Failed + 1 };
        return Task.FromResult(user.Row.Failed);
    }

    public void Dispose()
    {
    }

    Task<IdentityResult> Saved(Account user)
    {
        if (!file.Put(user.Row, user.Stamp)) return Task.FromResult(IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure()));
        user.Stamp = user.Row.Stamp;
        return Task.FromResult(IdentityResult.Success);
    }

    static Task Change(Account user, AccountRow row)
    {
        user.Row = row;
        return Task.CompletedTask;
    }
}

/// <summary>Identity's user manager, whose lockout asks the wall clock; here it asks ours, as everything does.</summary>
sealed class AccountManager(
    AccountStore store, Microsoft.Extensions.Options.IOptions<IdentityOptions> options, IPasswordHasher<Account> hasher, IEnumerable<IPasswordValidator<Account>> validators,
    IServiceProvider services, ILogger<UserManager<Account>> logger, TimeProvider time)
    : UserManager<Account>(store, options, hasher, [], validators, new NamesAsTheyAre(), new IdentityErrorDescriber(), services, logger)
{
    /// <summary>Judges and sets a new password: every session ends, and what wrong passwords and PINs have done is forgotten.</summary>
    public async Task<IdentityResult> SetPasswordAsync(Account user, string password)
    {
        if (await UpdatePasswordHash(user, password, validatePassword: true) is { Succeeded: false } wrong) return wrong;
        user.Row = user.Row with { Failed = 0, LockedUntilUs = null, PinFailed = 0 };
        return await UpdateAsync(user);
    }

    public override async Task<bool> IsLockedOutAsync(Account user) => await store.GetLockoutEndDateAsync(user, CancellationToken) >= time.GetUtcNow();

    public override async Task<IdentityResult> AccessFailedAsync(Account user)
    {
        if (await store.IncrementAccessFailedCountAsync(user, CancellationToken) >= Options.Lockout.MaxFailedAccessAttempts)
        {
            await store.SetLockoutEndDateAsync(user, time.GetUtcNow() + Options.Lockout.DefaultLockoutTimeSpan, CancellationToken);
            await store.ResetAccessFailedCountAsync(user, CancellationToken);
        }
        return await UpdateAsync(user);
    }

    sealed class NamesAsTheyAre : ILookupNormalizer
    {
        public string? NormalizeName(string? name) => name;
        public string? NormalizeEmail(string? email) => email;
    }
}
