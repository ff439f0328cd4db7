using System.Diagnostics;
using System.Text.Json.Nodes;

namespace EdgeTrace.EndToEnd;

/// <summary>A real Mosquitto with the configuration and ACL of deploy/mosquitto, in place of the embedded broker.</summary>
public class MosquittoTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_chain_loses_nothing_through_Mosquitto_killed_and_wiped_in_between()
    {
        var port = Chain.FreePort();
        await using var chain = await Chain.MakeAsync(3, TimeSpan.FromSeconds(25), port);
        var configuration = await ConfigureAsync(chain, port);
        var mosquitto = Start(configuration);
        try
        {
            await chain.StartCloudAsync();
            await chain.StartGatewayAsync();
            chain.Hospital.Tell("START");
            await chain.UntilAsync("a thousand reads went through", async () => await chain.Api.StatusAsync(default) is { } status
                && status.GetProperty("streams").EnumerateArray().Where(stream => stream.GetProperty("stream").GetString()!.StartsWith("reads/", StringComparison.Ordinal))
                    .Sum(stream => stream.GetProperty("readings").GetInt64()) > 1000);
            mosquitto.Kill();
            await mosquitto.WaitForExitAsync(TestContext.Current.CancellationToken);
            mosquitto.Dispose();
            mosquitto = Start(configuration);

            var comparison = await chain.CompareAsync(await chain.DrainAsync());
            output.WriteLine(comparison.ToJson());
            Assert.True(comparison.ReadsOutboxed > 1000);
            Assert.Equal((0L, 0L), (comparison.ReadsLost, comparison.ReadsTwice));
            Assert.Equal(comparison.ScansGenerated, comparison.ScansCommitted);
        }
        finally
        {
            mosquitto.Kill();
            mosquitto.Dispose();
        }
    }

    static async Task<string> ConfigureAsync(Chain chain, int port)
    {
        var (passwords, cloudSecret) = (Path.Combine(chain.Folder, "edgetrace.passwd"), Guid.NewGuid().ToString("N"));
        await File.WriteAllTextAsync(Path.Combine(chain.Folder, "cloud.secret"), cloudSecret);
        await PasswordAsync(passwords, "-c", "gw-1", (await File.ReadAllTextAsync(Path.Combine(chain.Folder, "gw-1.secret"))).Trim());
        await PasswordAsync(passwords, null, "cloud", cloudSecret);
        chain.Amend("cloud.json", cloud =>
        {
            cloud["Cloud"]!["Roles"] = new JsonArray("Ingest", "Api");
            cloud["ExternalBroker"] = new JsonObject { ["Host"] = "127.0.0.1", ["Port"] = port, ["UserName"] = "cloud", ["PasswordFile"] = "cloud.secret" };
        });

        var deploy = Path.Combine(RepositoryRoot(), "deploy/mosquitto");
        var lines = (await File.ReadAllLinesAsync(Path.Combine(deploy, "edgetrace.conf")))
            .Select(line => line.StartsWith("listener ", StringComparison.Ordinal) ? $"listener {port} 127.0.0.1" : line)
            .Select(line => line.Replace("/etc/mosquitto/edgetrace.passwd", passwords, StringComparison.Ordinal))
            .Select(line => line.Replace("/etc/mosquitto/edgetrace.acl", Path.Combine(chain.Folder, "edgetrace.acl"), StringComparison.Ordinal))
            .Prepend("user root");
        File.Copy(Path.Combine(deploy, "edgetrace.acl"), Path.Combine(chain.Folder, "edgetrace.acl"));
        var file = Path.Combine(chain.Folder, "mosquitto.conf");
        await File.WriteAllLinesAsync(file, lines);
        return file;
    }

    static async Task PasswordAsync(string file, string? create, string user, string password)
    {
        using var made = Process.Start("mosquitto_passwd", [.. create is null ? Array.Empty<string>() : [create], "-b", file, user, password]);
        await made.WaitForExitAsync();
        Assert.Equal(0, made.ExitCode);
    }

    static Process Start(string configuration) =>
        Process.Start(new ProcessStartInfo(File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto", ["-c", configuration]) { RedirectStandardError = true })!;

    static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgeTrace.sln"))) folder = folder.Parent;
        return folder!.FullName;
    }
}
