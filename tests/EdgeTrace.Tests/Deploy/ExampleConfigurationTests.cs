using EdgeTrace.Cloud;
using EdgeTrace.Gateway;

namespace EdgeTrace.Tests.Deploy;

/// <summary>What an operator is given to begin with is right as it stands: <c>check</c> says so.</summary>
public sealed class ExampleConfigurationTests : IDisposable
{
    static readonly string s_deploy = Path.Combine(Repository.Root, "deploy");
    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-examples-").FullName;

    public ExampleConfigurationTests()
    {
        // As the install script and the README leave /etc/edgetrace.
        foreach (var file in Directory.EnumerateFiles(Path.Combine(s_deploy, "config")))
            File.WriteAllText(Path.Combine(_folder, Path.GetFileName(file)), File.ReadAllText(file).Replace("/etc/edgetrace", _folder, StringComparison.Ordinal));
        foreach (var secret in (string[])["gateway.secret", "cloud.secret"]) File.WriteAllText(Path.Combine(_folder, secret), "a password\n");
        File.WriteAllText(Path.Combine(_folder, "ca.pem"), "");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_gateways_example_is_right() =>
        Assert.Equal(0, await Commands.Root.Parse(["check", "--config", Path.Combine(_folder, "gateway.json")]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("cloud.json")]
    [InlineData("cloud-one-box.json")]
    public async Task The_clouds_examples_are_right(string file) => Assert.Equal(0, await CheckAsync(file));

    [Fact]
    public async Task The_clouds_check_says_what_is_wrong_with_exit_code_2()
    {
        File.Delete(Path.Combine(_folder, "site.json"));
        Assert.Equal(CloudHost.NotStarted, await CheckAsync("cloud.json"));
    }

    [Fact]
    public void Units_start_what_is_installed_with_the_configuration_that_is_installed()
    {
        foreach (var unit in Directory.EnumerateFiles(Path.Combine(s_deploy, "systemd"), "*.service"))
        {
            var start = File.ReadLines(unit).Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..].Split(' ');
            Assert.Matches("^/opt/edgetrace/(gateway|cloud)/bin/edgetrace-(gateway|cloud)$", start[0]);
            Assert.True(File.Exists(Path.Combine(_folder, Path.GetFileName(start[Array.IndexOf(start, "--config") + 1]))));
            var text = File.ReadAllText(unit);
            Assert.Contains("NoNewPrivileges=yes", text, StringComparison.Ordinal);
            // With it .NET cannot see that systemd started it, never says READY, and is stopped after 90 s.
            Assert.DoesNotContain("\nProtectProc=", text, StringComparison.Ordinal);
        }
    }

    Task<int> CheckAsync(string file) => CommandLine.Commands(run: (_, _) => Task.FromResult(-1))
        .Parse(["check", "--config", Path.Combine(_folder, file)]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
}
