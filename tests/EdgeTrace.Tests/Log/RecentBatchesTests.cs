using EdgeTrace.Store.Log;

namespace EdgeTrace.Tests.Log;

public sealed class RecentBatchesTests
{
    [Fact]
    public void It_holds_an_unbroken_end_of_the_log_whatever_the_sizes_and_never_more_than_it_may()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var (random, recent) = (new Random(seed), new RecentBatches());
            var first = random.Next(1, 100_000);
            var sizeMax = random.Next(1, 200_000);
            var newest = first - 1L;
            for (var n = 0; n < 6000; n++)
            {
                recent.Add(new(++newest, new("gw", "reads/door", 1, (ulong)newest), 0, null, new byte[random.Next(sizeMax)]));
                if (n % 97 != 0) continue;
                var after = newest - random.Next(1, 5000);
                if (recent.Read(after, 300) is not { } page) continue;
                Assert.Equal(Enumerable.Range(0, (int)Math.Min(300, newest - after)).Select(i => after + 1 + i), page.Select(batch => batch.Position));
            }
            Assert.NotNull(recent.Read(newest - 1, 10));
            Assert.Null(recent.Read(newest, 10));
            Assert.Null(recent.Read(newest - 5000, 10));
            var held = Enumerable.Range(1, 4096).TakeWhile(n => recent.Read(newest - n, 1) is not null).Sum(n => (long)recent.Read(newest - n, 1)![0].Body.Length);
            Assert.InRange(held, 0, (8 << 20) + sizeMax);
        }
    }

    [Fact]
    public async Task What_is_read_from_memory_is_what_is_in_the_file()
    {
        var folder = Directory.CreateTempSubdirectory("edgetrace-recent-");
        try
        {
            await using var log = BatchLog.Open(folder.FullName, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<BatchLog>.Instance);
            var random = new Random(1);
            for (var sequence = 1ul; sequence <= 200; sequence++)
            {
                var body = new byte[random.Next(1, 3000)];
                random.NextBytes(body);
                await log.AppendAsync(new(new("gw", "reads/door", 7, sequence), (long)sequence, 1, System.IO.Hashing.Crc32.HashToUInt32(body), body, sequence % 9 == 0 ? "nobody could read it" : null));
            }
            for (var after = 0L; after < 200; after += 13)
            {
                var (memory, file) = (log.Read(after, 50), log.Reader.Read(after, 50));
                Assert.Equal(file.Select(batch => batch with { Body = default }), memory.Select(batch => batch with { Body = default }));
                Assert.All(memory.Zip(file), pair => Assert.Equal(pair.Second.Body.ToArray(), pair.First.Body.ToArray()));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
