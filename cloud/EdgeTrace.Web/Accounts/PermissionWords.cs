using EdgeTrace.Api;

namespace EdgeTrace.Web.Accounts;

/// <summary>Permissions as whoever gives roles reads them.</summary>
static class PermissionWords
{
    public static string Of(IEnumerable<Permission> permissions) => string.Join(", ", permissions.Select(Of));

    static string Of(Permission permission) => permission switch
    {
        Permission.SeeSite => "see what is so now",
        Permission.SeeColdChain => "see the cold chain",
        Permission.AnswerAlarms => "answer alarms",
        Permission.PlanWork => "plan work",
        Permission.SeeStock => "see stock",
        Permission.HandleStock => "handle stock",
        Permission.HoldStock => "hold and waste stock",
        Permission.DeclareWrong => "declare a fact wrong",
        Permission.ImportCatalogue => "import the catalogue",
        Permission.Theatre => "work on cases and implants",
        Permission.SeePatients => "see who a patient is (each look is audited)",
        Permission.Recall => "recall",
        Permission.JudgeExits => "judge what leaves",
        Permission.SeeAudit => "see the audit",
        Permission.Administer => "keep the accounts",
        _ => permission.ToString(),
    };
}
