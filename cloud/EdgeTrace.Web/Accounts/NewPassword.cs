namespace EdgeTrace.Web.Accounts;

/// <summary>What is said wherever somebody chooses a password; the server judges it.</summary>
static class NewPassword
{
    public const string Hint = "At least 12 letters. Three or four words that have nothing to do with each other are easy to keep.";

    /// <summary>Empty: both are the same.</summary>
    public static string Differ(string password, string again) => password == again ? "" : "The two passwords are not the same.";
}
