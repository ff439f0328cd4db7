using System.Security.Cryptography;
using System.Text;

namespace EdgeTrace.Cloud.Projections;

/// <summary>An id that is a function of what the fact says: RFC 9562 version 8 from a SHA-256.</summary>
static class FactId
{
    public static string Of(string kind, string source, long atUs, ReadOnlySpan<byte> content)
    {
        // kind NUL source NUL time content: no two different facts give the same bytes.
        var head = Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kind}\0{source}\0{atUs}\0"));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. head, .. content], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString();
    }
}
