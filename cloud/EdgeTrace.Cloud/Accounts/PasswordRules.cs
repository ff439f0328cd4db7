using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>
/// What a password must be: long, not known to everybody, and not the person's own name. No rule asks for digits or signs: they make
/// passwords harder to keep and no harder to guess (NCSC, "Password policy: updating your approach").
/// </summary>
sealed class PasswordRules : IPasswordValidator<Account>
{
    public const int LettersMin = 12;

    /// <summary>A hash of what is longer costs as much as somebody likes.</summary>
    public const int LettersMax = 256;

    public const int PinDigitsMin = 6, PinDigitsMax = 12;

    const int DifferentMin = 5;

    /// <summary>Of the commonest passwords those that are long enough to pass otherwise; without digits and signs at the end, which everybody adds.</summary>
    static readonly FrozenSet<string> s_common = FrozenSet.ToFrozenSet(
    [
        "password", "passwordpassword", "mypassword", "newpassword", "password123password", "passw0rd", "p@ssword", "p@ssw0rd", "qwerty", "qwertyuiop", "qwertyuiopasdf", "qwertyuiopasdfghjkl", "asdfghjkl",
        "asdfghjklzxcvbnm", "zxcvbnm", "1q2w3e4r5t6y", "1qaz2wsx3edc", "qazwsxedcrfv", "administrator", "admin", "adminadmin", "adminadminadmin", "administration", "letmein", "letmeinplease", "letmeinnow",
        "welcome", "welcomewelcome", "iloveyou", "iloveyoubaby", "iloveyousomuch", "changeme", "changemenow", "changemeplease", "pleasechangeme", "default", "defaultpassword", "temporary", "temporarypassword",
        "secret", "secretpassword", "topsecret", "superman", "spiderman", "liverpool", "liverpoolfc", "manchester", "manchesterunited", "arsenal", "chelsea", "football", "footballclub", "princess", "sunshine",
        "abcdefghijkl", "abcdefghijklm", "abcdefghijklmnop", "abcdefghijklmnopqrstuvwxyz", "hospital", "hospitalhospital", "theatre", "operatingtheatre", "pharmacy", "pharmacypharmacy", "nationalhealth",
        "nationalhealthservice", "nhs", "nhspassword", "edgetrace", "edgetraceedgetrace", "computer", "internet", "whatever", "trustnoone", "trustno", "thisismypassword", "correcthorsebatterystaple", "unitedkingdom",
        "london", "england", "scotland", "christmas", "summer", "winter", "spring", "autumn", "monday", "january", "september", "november", "december",
    ]);

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) =>
        Task.FromResult(Wrong(password ?? "", user.Row.Id, user.Row.Name) is { } wrong ? IdentityResult.Failed(new IdentityError { Code = "Password", Description = wrong }) : IdentityResult.Success);

    /// <summary>Why not, as a sentence; null when it will do.</summary>
    public static string? Wrong(string password, string id, string name)
    {
        if (password.Length < LettersMin) return $"Take at least {LettersMin} letters: three or four words that have nothing to do with each other are easy to keep.";
        if (password.Length > LettersMax) return $"Take at most {LettersMax} letters.";
        if (password.Distinct().Count() < DifferentMin) return $"Take at least {DifferentMin} different letters.";
        var plain = password.ToLowerInvariant();
        if (s_common.Contains(plain) || s_common.Contains(Core(plain)) || Core(plain).Length == 0) return "Everybody tries this one first: take words of your own.";
        if (plain.Contains(id, StringComparison.Ordinal) || name.Length >= 4 && plain.Contains(name.ToLowerInvariant(), StringComparison.Ordinal)) return "Leave your own name out of it.";
        return null;
    }

    /// <summary>Why a PIN will not do; null when it will.</summary>
    public static string? WrongPin(string pin)
    {
        if (pin.Length is < PinDigitsMin or > PinDigitsMax || !pin.All(char.IsAsciiDigit)) return $"A PIN is {PinDigitsMin} to {PinDigitsMax} digits.";
        if (pin.Distinct().Count() < 3) return "Take at least three different digits.";
        return "01234567890123456789".Contains(pin, StringComparison.Ordinal) || "98765432109876543210".Contains(pin, StringComparison.Ordinal) ? "Digits in a row are tried first: take others." : null;
    }

    static string Core(string plain) => plain.TrimEnd([.. "0123456789!?.,*#@$-_ "]).TrimStart([.. "0123456789!?.,*#@$-_ "]);
}
