namespace EdgeTrace.Api;

/// <summary>What somebody may do. Every address of the API needs one of these, or says that it needs none; cloud/README.md has the table.</summary>
public enum Permission
{
    /// <summary>What is so now: doors, equipment, faults, completeness, storage.</summary>
    SeeSite,

    /// <summary>Points, their readings and their record.</summary>
    SeeColdChain,

    AnswerAlarms,
    PlanWork,

    /// <summary>Items, places, products; never a patient.</summary>
    SeeStock,

    /// <summary>Goods in, put-away, pick, issue, return, stock-take.</summary>
    HandleStock,

    /// <summary>Raise and release holds; waste.</summary>
    HoldStock,

    /// <summary>Say that what was outside its temperature may still be used.</summary>
    ReleaseExcursions,

    DeclareWrong,
    ImportCatalogue,

    /// <summary>Cases and implants.</summary>
    Theatre,

    /// <summary>Fields that identify a patient; every look is audited.</summary>
    SeePatients,

    Recall,
    JudgeExits,
    SeeAudit,

    /// <summary>Accounts, roles and tokens.</summary>
    Administer,
}

/// <summary>What somebody works as at a site; what each may is one table in the cloud.</summary>
public enum StaffRole
{
    Estates,
    Pharmacy,
    Operations,
    Theatre,
    Auditor,
    Administrator,
}

/// <summary>How somebody has shown who they are.</summary>
public enum SignInWith
{
    Password,

    /// <summary>On a shared terminal; not enough to keep the accounts.</summary>
    Pin,

    Token,
}

/// <summary>Who is signed in here, and what this browser is.</summary>
/// <param name="SetUp">There is no administrator yet: the page shows set-up.</param>
/// <param name="Site">The site's name, for the page that asks who you are.</param>
/// <param name="Who">Null: nobody.</param>
/// <param name="Terminal">Null: a browser of one person's own.</param>
public sealed record SessionView(bool SetUp, string Site, WhoView? Who, TerminalView? Terminal);

/// <param name="HasPin">They can switch to themselves on a shared terminal.</param>
public sealed record WhoView(string Id, string Name, IReadOnlyList<StaffRole> Roles, IReadOnlyList<Permission> Permissions, SignInWith With, bool HasPin);

/// <summary>A browser that several people share.</summary>
/// <param name="IdleMinutes">After so long without a key or a touch it locks.</param>
public sealed record TerminalView(string Name, int IdleMinutes);

/// <summary>Somebody who may sign in.</summary>
/// <param name="Disabled">Since when they may not.</param>
/// <param name="LockedUntil">Too many wrong passwords: so long none is looked at.</param>
/// <param name="HasPassword">False: invited, and has not set one yet.</param>
public sealed record AccountView(string Id, string Name, string? Badge, IReadOnlyList<StaffRole> Roles, DateTimeOffset? Disabled, DateTimeOffset? LockedUntil, bool HasPassword, bool HasPin, DateTimeOffset Since);

public sealed record PeopleView(IReadOnlyList<AccountView> People, IReadOnlyList<RoleView> Roles);

/// <summary>A role and what it may.</summary>
public sealed record RoleView(StaffRole Role, IReadOnlyList<Permission> Permissions);

/// <summary>A code that lets somebody set a new password once; shown once, for only its hash is kept.</summary>
public sealed record InvitationView(string Account, string Code, DateTimeOffset Until);

/// <summary>One row of the audit.</summary>
public sealed record AuditRowView(long Seq, DateTimeOffset At, string Actor, string Action, string Subject, string Detail);

/// <param name="Next">Ask again with <c>before=</c> this for older rows; null: there are none.</param>
public sealed record AuditPage(IReadOnlyList<AuditRowView> Rows, long? Next);
