using System.Collections.Frozen;
using EdgeTrace.Api;
using static EdgeTrace.Api.Permission;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>The one table of who may what. A test holds cloud/README.md to it.</summary>
static class RoleTable
{
    /// <summary>
    /// Who keeps the accounts is not who owns the data (MHRA's guidance on data integrity, 6.16): an administrator neither touches stock nor
    /// sees a patient, and an auditor changes nothing.
    /// </summary>
    static readonly FrozenDictionary<StaffRole, FrozenSet<Permission>> s_may = new Dictionary<StaffRole, FrozenSet<Permission>>
    {
        [StaffRole.Estates] = [SeeSite, SeeColdChain, AnswerAlarms, PlanWork],
        [StaffRole.Pharmacy] = [SeeSite, SeeColdChain, AnswerAlarms, SeeStock, HandleStock, HoldStock, ReleaseExcursions, DeclareWrong, ImportCatalogue, Permission.Recall, JudgeExits],
        [StaffRole.Operations] = [SeeSite, SeeColdChain, AnswerAlarms, PlanWork, SeeStock, HandleStock, HoldStock, DeclareWrong, ImportCatalogue, Permission.Recall, JudgeExits],
        [StaffRole.Theatre] = [SeeSite, SeeColdChain, AnswerAlarms, SeeStock, HandleStock, HoldStock, DeclareWrong, Permission.Theatre, SeePatients, Permission.Recall],
        [StaffRole.Auditor] = [SeeSite, SeeColdChain, SeeStock, SeeAudit],
        [StaffRole.Administrator] = [SeeSite, SeeColdChain, SeeAudit, Administer],
    }.ToFrozenDictionary();

    /// <summary>What a screen on a wall shows: nothing of a patient, and nothing can be done from it.</summary>
    public static readonly FrozenSet<Permission> Display = [SeeSite, SeeColdChain, SeeStock];

    public static bool May(this StaffRole role, Permission permission) => s_may[role].Contains(permission);

    /// <summary>Everything that any of these roles may.</summary>
    public static FrozenSet<Permission> Of(IEnumerable<StaffRole> roles) => roles.SelectMany(role => s_may[role]).ToFrozenSet();

    /// <summary>The roles that may, as words for a sentence: "estates and operations".</summary>
    public static string WhoMay(Permission permission) => s_may.Where(row => row.Value.Contains(permission)).Select(row => row.Key.ToString().ToLowerInvariant()).Order(StringComparer.Ordinal).ToList() switch
    {
        [var only] => only,
        [.. var more, var last] => $"{string.Join(", ", more)} and {last}",
        _ => "nobody",
    };
}
