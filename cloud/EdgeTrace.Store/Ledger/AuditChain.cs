using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>One row of the audit as it stands in the ledger.</summary>
/// <param name="Hash">SHA-256 over the hash of the row before and this row.</param>
public sealed record AuditRow(long Seq, long AtUs, string Actor, string Action, string Subject, string Detail, byte[] Hash);

/// <summary>How far the audit was at a time: noted outside the ledger, it shows a chain that was cut or written anew.</summary>
/// <param name="Hash">In hex.</param>
public sealed record AuditAnchor(DateTimeOffset At, long Seq, string Hash);

/// <summary>The chain of the audit: each row's hash covers the row before, so that what is changed, taken out or put in between shows.</summary>
/// <remarks>
/// <code>
/// hash of row n = SHA-256( hash of row n − 1 │ seq │ at_us │ actor │ action │ subject │ detail )
///                          32 B, row 0 zeros   8 B   8 B     each 4 B length in bytes, then UTF-8; numbers big-endian
/// </code>
/// </remarks>
static class AuditChain
{
    /// <summary>What stands for the row before the first.</summary>
    public static readonly byte[] Root = new byte[SHA256.HashSizeInBytes];

    public static byte[] Hash(ReadOnlySpan<byte> before, long seq, long atUs, string actor, string action, string subject, string detail)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        hash.AppendData(before);
        BinaryPrimitives.WriteInt64BigEndian(number, seq);
        hash.AppendData(number);
        BinaryPrimitives.WriteInt64BigEndian(number, atUs);
        hash.AppendData(number);
        foreach (var text in (ReadOnlySpan<string>)[actor, action, subject, detail])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(number, bytes.Length);
            hash.AppendData(number[..4]);
            hash.AppendData(bytes);
        }
        return hash.GetHashAndReset();
    }

    /// <summary>Lets the schema's own sentence chain the rows of an older ledger.</summary>
    public static void Teach(SqliteConnection connection) => connection.CreateFunction<byte[]?, long, long, string, string, string, string, byte[]>(
        "audit_hash", (before, seq, atUs, actor, action, subject, detail) => Hash(before ?? Root, seq, atUs, actor, action, subject, detail), isDeterministic: true);
}
