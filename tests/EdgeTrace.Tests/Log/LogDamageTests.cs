using System.IO.Hashing;
using CsCheck;
using EdgeTrace.Store.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTrace.Tests.Log;

/// <summary>What a failing disk does to the batch log: it reads the same, or it is said what does not.</summary>
public sealed class LogDamageTests : IDisposable
{
    const int Batches = 60;

    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_thousand_ways_to_spoil_the_log_and_nothing_is_missing_or_different_unsaid()
    {
        var bodies = Enumerable.Range(1, Batches).Select(n => Random.Shared.GetItems(Enumerable.Range(0, 256).Select(b => (byte)b).ToArray(), 40 * n)).ToArray();
        await using (var log = BatchLog.Open(_folder, TimeProvider.System, NullLogger<BatchLog>.Instance))
            for (var i = 0; i < Batches; i++)
                await log.AppendAsync(new(new("gw-1", i % 2 == 0 ? "reads/door" : "scans/desk", 7, (ulong)(i / 2 + 1)), 1_000_000 + i, 10, Crc32.HashToUInt32(bodies[i]), bodies[i]));
        var size = (int)new FileInfo(LogFile.Path(_folder)).Length;
        var (same, named, refused, unsaid) = (0, 0, 0, new List<string>());
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, size - 1], Gen.Int[1, 9000], Gen.Int[0, 7]).Sample((how, at, length, bit) =>
        {
            var copy = Directory.CreateTempSubdirectory("edgetrace-spoilt-");
            try
            {
                File.Copy(LogFile.Path(_folder), LogFile.Path(copy.FullName));
                Spoil(LogFile.Path(copy.FullName), how, at, length, bit);
                try
                {
                    using (LogFile.OpenToWrite(copy.FullName)) { }
                    using var reader = BatchLogReader.Open(copy.FullName);
                    var read = Enumerable.Range(0, Batches / 10 + 1).SelectMany(page => reader.Read(page * 10, 10)).ToList();
                    var differs = Enumerable.Range(0, Batches).Where(i => read.Find(b => b.Position == i + 1) is not { } found
                        || (found.QuarantineCause is null && !found.Body.Span.SequenceEqual(bodies[i]))).ToList();
                    // A number that the disk has changed is found where the body is decoded: its header has it too.
                    if (differs.Count > 0) lock (unsaid) unsaid.Add($"how {how}, at {at}, {length} bytes, bit {bit}: {differs.Count} batches differ and nobody says so");
                    else if (read.Exists(batch => batch.QuarantineCause is not null)) Interlocked.Increment(ref named);
                    else Interlocked.Increment(ref same);
                }
                catch (LogUnusableException said)
                {
                    Assert.Contains("log.db", said.Message, StringComparison.Ordinal);
                    Interlocked.Increment(ref refused);
                }
            }
            finally
            {
                SqliteConnection.ClearAllPools();
                copy.Delete(recursive: true);
            }
        }, iter: 1000, threads: 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"same {same}, named {named}, refused {refused}, unsaid {unsaid.Count}");
        Assert.True(unsaid.Count == 0, $"same {same}, named {named}, refused {refused}, unsaid {unsaid.Count}:\n" + string.Join('\n', unsaid.Take(20)));
    }

    static void Spoil(string path, int how, int at, int length, int bit)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        length = (int)Math.Min(length, file.Length - at);
        switch (how)
        {
            case 0:
                file.Position = at;
                var was = file.ReadByte();
                file.Position = at;
                file.WriteByte((byte)(was ^ (1 << bit)));
                break;
            case 1:
                file.SetLength(at);
                break;
            case 2:
                file.Position = at;
                file.Write(new byte[length]);
                break;
            default:
                file.Position = at;
                file.Write(Random.Shared.GetItems(Enumerable.Range(0, 256).Select(b => (byte)b).ToArray(), length));
                break;
        }
    }
}
