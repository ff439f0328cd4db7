using EdgeTrace.Gateway;
using EdgeTrace.Gateway.Doctor;
using EdgeTrace.Gateway.Outbox;
using EdgeTrace.Tests.Outbox;

namespace EdgeTrace.Tests.Doctor;

/// <summary>How long the card and the outbox will last, from what the kernel and the outbox's own files say.</summary>
public sealed class BoxTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-box-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_partitions_writes_are_its_cards_and_the_deepest_mount_counts()
    {
        WriteKernel(sectors: 2_000_000, uptimeSeconds: 86_400);
        Assert.Equal(new("mmcblk0", 1.024e9, TimeSpan.FromDays(1)), DeviceWrites.Under("/var/lib/edgetrace", _folder.FullName));
        Assert.Equal(new("mmcblk0", 1.024e9, TimeSpan.FromDays(1)), DeviceWrites.Under("/home", _folder.FullName));
        Assert.Equal(new("sda", 512e6, TimeSpan.FromDays(1)), DeviceWrites.Under("/mnt/big disk/edgetrace", _folder.FullName));
        Assert.Null(DeviceWrites.Under("/run/edgetrace", _folder.FullName));   // in memory
        Assert.Null(DeviceWrites.Under("/var/lib/edgetrace", Path.Combine(_folder.FullName, "nothing")));
    }

    [Theory]
    [InlineData(2_000_000, 86_400, null, "Fine", "1024 MB a day are written to mmcblk0 by everything on this box; a disk that bears 15 TB lasts about 40 years")]
    [InlineData(2_000_000, 86_400, "2e11", "Warning", "bears 0.2 TB lasts about 1 years")]
    [InlineData(2_000_000, 300, null, "Unknown", "too short to tell how long mmcblk0 will last")]
    public void The_projected_life_of_the_card_is_its_endurance_by_what_is_written_a_day(long sectors, int uptimeSeconds, string? endurance, string verdict, string says)
    {
        WriteKernel(sectors, uptimeSeconds);
        var found = Look("/var/lib/edgetrace-test", endurance).Single(finding => finding.Name == "card");
        Assert.Equal(verdict, found.Verdict.ToString());
        Assert.Contains(says, found.Says, StringComparison.Ordinal);
        Assert.Equal(found.Verdict >= Verdict.Warning, found.Do.Length > 0);
    }

    [Fact]
    public void An_endurance_no_disk_has_is_a_mistake_of_the_configuration() =>
        Assert.Contains("Gateway.DiskEnduranceBytes", Assert.Single(Assert.Throws<ConfigurationException>(() => Load(_folder.FullName, "29")).Mistakes), StringComparison.Ordinal);

    [Fact]
    public void The_outbox_says_how_long_it_can_do_without_the_cloud_at_the_present_rate()
    {
        using (var outbox = new OutboxFixture { Options = new() { SegmentBytes = 64 << 10, DiskBudgetBytes = 8 << 20 } }.Open(Path.Combine(_folder.FullName, "data", "outbox")))
        {
            // A scan a minute for an hour, then ten a minute: the present rate is that of the last hour.
            for (var minute = 0; minute < 120; minute++)
            {
                for (var scan = 0; scan < (minute < 60 ? 1 : 10); scan++) outbox.Sealer.Scans("desk").Add(OutboxFixture.Scan(1_000_000L + minute * 1000 + scan));
                outbox.Time.Advance(TimeSpan.FromMinutes(1));
                Assert.True(outbox.Sealer.SealAll());
            }
            var summary = OutboxSummary.Read(Path.Combine(_folder.FullName, "data", "outbox"));
            var perHour = summary.BytesPerHour!.Value;
            Assert.InRange(perHour / summary.UnackedBytes, 0.6, 1);
            var found = Look(Path.Combine(_folder.FullName, "data"), null).Single(finding => finding.Name == "outbox");
            var hours = ((8 << 20) - summary.UnackedBytes) / perHour;
            Assert.Contains($"At the present rate there is room for {(hours < 72 ? $"{hours:0} hours" : $"{hours / 24:0} days")} without the cloud.", found.Says, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_outbox_that_holds_nothing_does_not_guess()
    {
        using var outbox = new OutboxFixture().Open(Path.Combine(_folder.FullName, "data", "outbox"));
        Assert.Null(OutboxSummary.Read(Path.Combine(_folder.FullName, "data", "outbox")).BytesPerHour);
    }

    List<Finding> Look(string data, string? endurance) => [.. new BoxCheck(Load(data, endurance), TimeProvider.System).Look()];

    GatewayConfiguration Load(string data, string? endurance)
    {
        var file = Path.Combine(_folder.FullName, "gateway.json");
        File.WriteAllText(Path.Combine(_folder.FullName, "secret"), "secret");
        File.WriteAllText(file, $$"""
            {
              "Gateway": { "Trust": "demo-trust", "Site": "st-elsewhere", "Id": "gw-1", "DataDirectory": "{{data}}"{{(endurance is null ? "" : $", \"DiskEnduranceBytes\": {endurance}")}} },
              "Broker": { "Host": "127.0.0.1", "PasswordFile": "secret" }, "Outbox": { "DiskBudgetBytes": {{8 << 20}} },
              "Barcode": [ { "Name": "desk", "Port": "dev/desk" } ], "Sensors": { "Root": "{{_folder.FullName}}" }
            }
            """);
        return GatewayConfiguration.Load(file);
    }

    /// <summary>As a Raspberry Pi's: a card with two partitions, a USB disk under a name with a space, and memory.</summary>
    void WriteKernel(long sectors, int uptimeSeconds)
    {
        Write("proc/self/mountinfo", """
            21 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw
            22 21 0:21 / /run rw,nosuid shared:5 - tmpfs tmpfs rw,size=394808k
            30 21 8:0 / /mnt/big\040disk rw shared:9 - ext4 /dev/sda rw
            """);
        Write("proc/uptime", $"{uptimeSeconds}.00 1000.00\n");
        Write("sys/devices/mmcblk0/stat", $"   12345     6789  1000000    11111    22222    33333  {sectors}    44444        0    55555    66666        0        0        0        0\n");
        Write("sys/devices/mmcblk0/mmcblk0p2/partition", "2\n");
        Write("sys/devices/mmcblk0/mmcblk0p2/stat", "1 1 1 1 1 1 1 1 1 1 1\n");
        Write("sys/devices/sda/stat", "1 1 1 1 1 1 1000000 1 1 1 1\n");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "sys/dev/block"));
        Link("179:2", "../../devices/mmcblk0/mmcblk0p2");
        Link("8:0", "../../devices/sda");
    }

    void Link(string name, string to)
    {
        var path = Path.Combine(_folder.FullName, "sys/dev/block", name);
        if (!Path.Exists(path)) Directory.CreateSymbolicLink(path, to);
    }

    void Write(string path, string text)
    {
        path = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
