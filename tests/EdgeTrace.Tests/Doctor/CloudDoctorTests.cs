using System.Net;
using System.Net.Sockets;
using EdgeTrace.Cloud;
using EdgeTrace.Cloud.Doctor;
using EdgeTrace.Contract;
using EdgeTrace.Store;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Tests.Ingest;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Doctor;

/// <summary>What the server's doctor says of files, backups, gateways and a cloud that does not answer.</summary>
public sealed class CloudDoctorTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-doctor-");
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 3, 0, 0, TimeSpan.Zero));

    string Data => Path.Combine(_folder.FullName, "data");
    string Backups => Path.Combine(_folder.FullName, "backups");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_cloud_that_is_down_a_gateway_that_is_gone_and_no_backup_are_three_sentences()
    {
        await WriteLogAsync(online: false);
        var seen = await ExamineAsync();
        Says(seen, "broker", Verdict.Alarm, "Nothing answers");
        Says(seen, "cloud", Verdict.Alarm, "does not answer");
        Says(seen, "gateway gw-1", Verdict.Alarm, "Offline (the lid was opened); its last batch came 3 h ago");
        Says(seen, "backup", Verdict.Warning, "There is no backup in");
        Says(seen, "log.db", Verdict.Fine, "Whole");
        var wrong = seen.Findings.Where(finding => finding.Verdict >= Verdict.Warning).ToList();
        Assert.All(wrong, finding => Assert.NotEmpty(finding.Do));
        Assert.Distinct(wrong.Select(finding => finding.Says));
    }

    [Fact]
    public async Task A_backup_older_than_what_gateways_keep_is_a_warning_that_says_why()
    {
        await WriteLogAsync(online: true);
        Backup.Take(Data, Backups, 0, _time, _ => { });
        Says(await ExamineAsync(), "backup", Verdict.Fine, "0.0 h ago");
        _time.Advance(TimeSpan.FromHours(3));
        Says(await ExamineAsync(), "backup", Verdict.Warning, "Gateways keep two hours");
    }

    [Fact]
    public async Task A_damaged_database_is_named_with_the_way_back()
    {
        await WriteLogAsync(online: true);
        using (var spoil = new FileStream(Path.Combine(Data, "log.db"), FileMode.Open, FileAccess.ReadWrite))
        {
            spoil.Position = 8192;
            spoil.Write(new byte[8192]);
        }
        var found = Says(await ExamineAsync(), "log.db", Verdict.Alarm, "");
        Assert.Contains("restore", found.Do, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_disk_is_full_is_what_the_page_says_too_and_not_known_without_an_hour_of_sizes()
    {
        await WriteLogAsync(online: true);
        Assert.Contains("When it is full is not known yet", (await ExamineAsync()).Findings.Single(finding => finding.Name == "disk").Says, StringComparison.Ordinal);
        using (var readings = EdgeTrace.Store.Readings.ReadingsStore.Open(Path.Combine(Data, "readings.db")))
        {
            var now = _time.GetUtcNow().ToUnixTimeMicroseconds();
            // As though the log had been a petabyte smaller half a day ago.
            readings.Remember([new("log", now - 43_200_000_000, -1_000_000_000_000_000)], 0);
        }
        var found = Says(await ExamineAsync(), "disk", Verdict.Alarm, "Going on as in the last week, it is full in 0 days");
        Assert.Contains("Free space or enlarge the disk, now", found.Do, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cloud_that_has_never_run_is_a_note() => Says(await ExamineAsync(), "data", Verdict.Note, "has never run");

    [Fact]
    public async Task What_came_in_a_day_and_what_did_not_is_one_line()
    {
        await WriteLogAsync(online: true);
        var nowUs = _time.GetUtcNow().ToUnixTimeMicroseconds();
        await using (var writer = LedgerWriter.Open(Path.Combine(Data, "ledger.db"), _time))
        {
            var commit = new LedgerCommit("system:test");
            commit.Received.Add(new(nowUs - 7_200_000_000, "gw-1", "scans/desk", true, 1234, 0, 3, 1));
            await writer.CommitAsync(commit, TestContext.Current.CancellationToken);
            Says(await ExamineAsync(), "completeness", Verdict.Fine, "1,234 of 1,234 readings in the last 24 h; nothing is missing.");
            var worse = new LedgerCommit("system:test");
            worse.Losses.Add(new("gw-1", "scans/desk", 7, 4, 0, 4, LossCauses.Full, 6, nowUs - 6_000_000_000, nowUs - 6_000_000_000, "the disk refused the outbox"));
            worse.Losses.Add(new("gw-1", "scans/desk", 7, 5, 0, 5, LossCauses.Blind, null, nowUs - 6_000_000_000, nowUs - 5_938_000_000, "the gateway was restarted"));
            await writer.CommitAsync(worse, TestContext.Current.CancellationToken);
        }
        Says(await ExamineAsync(), "completeness", Verdict.Warning, "1,234 of 1,240 readings in the last 24 h; blind 1 times, 62 s over all streams, full 6.");
    }

    async Task WriteLogAsync(bool online)
    {
        Directory.CreateDirectory(Data);
        await using var log = BatchLog.Open(Data, _time, NullLogger<BatchLog>.Instance);
        var body = Batches.Scan("scans/desk", 1);
        var heardUs = (_time.GetUtcNow().AddHours(-3) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        await log.AppendAsync(new(new BatchId("gw-1", "scans/desk", Batches.Epoch, 1), heardUs, 1, System.IO.Hashing.Crc32.HashToUInt32(body), body));
        var state = new GatewayState { Online = online, Reason = online ? "" : "the lid was opened." };
        await await log.RememberAsync(new("gw-1", "demo-trust", "st-elsewhere", new Birth().ToByteArray(), state.ToByteArray(), heardUs));
    }

    async Task<Examination> ExamineAsync()
    {
        var file = Path.Combine(_folder.FullName, "cloud.json");
        await File.WriteAllTextAsync(file, $$"""
            { "Cloud": { "DataDirectory": "data", "Url": "http://127.0.0.1:{{FreePort()}}" }, "Broker": { "Port": {{FreePort()}} }, "Backup": { "Directory": "backups" } }
            """, TestContext.Current.CancellationToken);
        return await DoctorCommand.ExamineAsync(new ConfigurationFile(file), _time, TestContext.Current.CancellationToken);
    }

    static Finding Says(Examination seen, string name, Verdict verdict, string part)
    {
        var finding = Assert.Single(seen.Findings, finding => finding.Name == name);
        Assert.True(verdict == finding.Verdict, $"{name} is {finding.Verdict}: {finding.Says}");
        Assert.Contains(part, finding.Says, StringComparison.Ordinal);
        return finding;
    }

    static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
