using System.Net.Http.Headers;

namespace EdgeTrace.Store.Readings.Lines;

/// <summary>Where lines go.</summary>
/// <param name="Database">InfluxDB 1.x; else <paramref name="Bucket"/> and <paramref name="Organisation"/> (2.x, 3.x), or none of them (VictoriaMetrics).</param>
/// <param name="Credentials">Read for every request, so that a token can be changed while running. Throws as files do.</param>
public sealed record LineTarget(
    string Name, LineKind Kind, Uri Url, string Database, string Bucket, string Organisation, bool RawReads, Func<AuthenticationHeaderValue?> Credentials)
{
    /// <summary>For sentences: what it is and where, and no secret.</summary>
    public string Where => $"{Kind} at {Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}";

    public Uri WriteAddress
    {
        get
        {
            var (path, query) = this switch
            {
                { Kind: LineKind.VictoriaMetrics } => ("write", "precision=ms"),
                { Bucket.Length: > 0 } => ("api/v2/write", $"org={Uri.EscapeDataString(Organisation)}&bucket={Uri.EscapeDataString(Bucket)}&precision=ns"),
                _ => ("write", $"db={Uri.EscapeDataString(Database)}&precision=ns"),
            };
            return new($"{Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}?{query}");
        }
    }

    /// <summary>What a person does about an address or a name that the server does not know.</summary>
    internal string NameRemedy => this switch
    {
        { Kind: LineKind.VictoriaMetrics } => "Correct Url in ReadingsStores: it is the address of VictoriaMetrics (or of vminsert's /insert/0/influx), without /write.",
        { Bucket.Length: > 0 } => $"Make the bucket '{Bucket}' in organisation '{Organisation}', or correct Url, Bucket and Organisation in ReadingsStores.",
        _ => $"Make the database (CREATE DATABASE \"{Database}\"), or correct Url and Database in ReadingsStores; InfluxDB 2.x wants Bucket and Organisation instead.",
    };
}
