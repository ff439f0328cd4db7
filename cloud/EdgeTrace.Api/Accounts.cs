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
