using System.Security.Cryptography;
using System.Text;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>Secrets that the program itself makes, and what is kept of them.</summary>
static class Secrets
{
    /// <summary>Crockford's alphabet: nothing in it is read for something else, aloud or on paper.</summary>
    const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Four groups of five, 100 random bits: to be typed once.</summary>
    public static string Code() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Alphabet, 5)));

    /// <summary>A key for a machine; the beginning lets a scanner of repositories know it.</summary>
    public static string Key() => "edgetrace_" + RandomNumberGenerator.GetString(Alphabet, 52);

    /// <summary>What is kept: it leads nowhere back, for what it is made of has a hundred random bits or more.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>As it was meant, however it was typed.</summary>
    public static string Plain(string code) => code.Trim().ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal);
}
