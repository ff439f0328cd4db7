using System.Globalization;

namespace EdgeTrace.Identity;

/// <summary>What the fields of labels without application identifiers are called where elements stand: HIBC, ISBT 128 and the NHS number.</summary>
/// <remarks>Words, so that none is ever taken for an application identifier. Dates are written 2029-03-31, or 2029-03 when the label names no day, with Thh:mm behind when it names an hour.</remarks>
public static class FieldName
{
    public const string Lot = "lot";
    public const string Serial = "serial";
    public const string Expiry = "expiry";
    public const string Produced = "produced";
    public const string Quantity = "quantity";

    /// <summary>HIBC: the labeler identification code, LIC.</summary>
    public const string Labeler = "lic";

    /// <summary>HIBC: the labeler's product or catalogue number, PCN.</summary>
    public const string ProductCode = "pcn";

    /// <summary>HIBC: the level of packaging, 0 the unit of use.</summary>
    public const string UnitOfMeasure = "unitOfMeasure";

    /// <summary>HIBC: the check character of the primary symbol a secondary belongs to.</summary>
    public const string Link = "link";

    /// <summary>ISBT 128: donation identification number, 13 characters.</summary>
    public const string Donation = "din";

    /// <summary>ISBT 128: the two flags behind the donation identification number.</summary>
    public const string Flags = "flags";

    /// <summary>ISBT 128: the facility that processed it, FIN(P).</summary>
    public const string Processor = "processor";

    /// <summary>ISBT 128: the facility's own product code, FPC.</summary>
    public const string FacilityProduct = "facilityProduct";

    /// <summary>ISBT 128: product description code, PDC.</summary>
    public const string Description = "description";

    /// <summary>ISBT 128: a blood component's product code, with type of donation and divisions.</summary>
    public const string Component = "component";

    public const string Divisions = "divisions";
    public const string BloodGroup = "bloodGroup";
    public const string Collected = "collected";
    public const string ContainerMaker = "containerMaker";
    public const string ContainerLot = "containerLot";

    public const string NhsNumber = "nhsNumber";

    internal static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The day a written date means; a month means its last day.</summary>
    internal static DateOnly? Day(string? text) =>
        text is null ? null
        : DateOnly.TryParseExact(text.AsSpan(0, Math.Min(10, text.Length)), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) ? month.AddMonths(1).AddDays(-1)
        : null;
}
