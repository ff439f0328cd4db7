namespace EdgeTrace.Cloud.Theatre;

/// <summary>Section <c>Theatre</c> of cloud.json.</summary>
sealed class TheatreOptions
{
    public const string Section = "Theatre";

    /// <summary>The GS1 company prefix under which NHS England numbers patients, seven digits (DCB1077): only behind it is the GSRN (8018) of a wristband an NHS number. Without it wristbands must carry the bare number.</summary>
    public string? PatientPrefix { get; init; }
}
