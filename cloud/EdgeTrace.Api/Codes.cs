using System.Text.Json.Serialization;

namespace EdgeTrace.Api;

/// <summary><c>GET /api/v1/identify?code=</c> and a line of <c>edgetrace-cloud identify</c>: what a code says. Every member is always there, null when the code does not say it.</summary>
/// <param name="Input">The code as it came.</param>
/// <param name="Kind">epc, epcUri, digitalLink, gs1, gtin, hibc, isbt128, nhsNumber, unknown.</param>
/// <param name="Scheme">SGTIN-96, DSGTIN+ …; for a tag's bits and URIs.</param>
/// <param name="Elements">By application identifier, or by the field's name where a label has none.</param>
/// <param name="Expiry">Use by, as 2029-03-31; the last day of the month when no day is named.</param>
/// <param name="Error">Why it is not to be trusted as it is.</param>
public sealed record CodeView(
    string Input, string Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Scheme,
    IReadOnlyDictionary<string, string> Elements,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? TagUri,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? PureUri,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? DigitalLink,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Lot,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Serial,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Expiry,
    IReadOnlyList<string> Warnings,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Error);

/// <summary><c>GET /api/v1/scanners/separators</c>: what a scanner makes of the separator (GS, FNC1) between a label's elements.</summary>
/// <param name="Scans">Scans of GS1 elements since <paramref name="Since"/>, raw as scanners send them.</param>
/// <param name="Repaired">Read with a separator put back, because only one reading was possible.</param>
/// <param name="Suspected">Read as they came, though a separator may be missing.</param>
/// <param name="Unrepairable">Not read: with separators put back there are several readings or none.</param>
/// <param name="Say">What it means and what to do; null when all is well.</param>
public sealed record SeparatorView(string Id, string Name, DateTimeOffset Since, int Scans, int Repaired, int Suspected, int Unrepairable, string? Say);
