using System.Diagnostics;

namespace EdgeTrace.Faults;

/// <summary>A real Mosquitto, with deploy/mosquitto's own configuration and ACL, or with its defaults.</summary>
sealed class Mosquitto(Server server, string passwords)
{
    public Server Server => server;

    public static async Task<Mosquitto> MakeAsync(string folder, int port)
    {
        var (passwords, secret) = (Path.Combine(folder, "edgetrace.passwd"), Guid.NewGuid().ToString("N"));
        await File.WriteAllTextAsync(Path.Combine(folder, "cloud.secret"), secret);
        await PasswordAsync("-c", passwords, "gw-1", (await File.ReadAllTextAsync(Path.Combine(folder, "gw-1.secret"))).Trim());
        await PasswordAsync(null, passwords, "cloud", secret);
        var deploy = Path.Combine(RepositoryRoot(), "deploy/mosquitto");
        var acl = Path.Combine(folder, "edgetrace.acl");
        File.Copy(Path.Combine(deploy, "edgetrace.acl"), acl);
        var lines = (await File.ReadAllLinesAsync(Path.Combine(deploy, "edgetrace.conf")))
            .Select(line => line.StartsWith("listener ", StringComparison.Ordinal) ? $"listener {port} 127.0.0.1" : line)
            .Select(line => line.Replace("/etc/mosquitto/edgetrace.passwd", passwords, StringComparison.Ordinal).Replace("/etc/mosquitto/edgetrace.acl", acl, StringComparison.Ordinal))
            .Prepend("user root");
        return await WithAsync(folder, lines, passwords);
    }

    /// <summary>As the package installs it: what a plain MQTT pipeline would meet.</summary>
    public static Task<Mosquitto> DefaultsAsync(string folder, int port) =>
        WithAsync(folder, ["user root", $"listener {port} 127.0.0.1", "allow_anonymous true", "persistence true", $"persistence_location {folder}/"], "");

    static async Task<Mosquitto> WithAsync(string folder, IEnumerable<string> lines, string passwords)
    {
        var file = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllLinesAsync(file, lines);
        var program = File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
        return new(new("mosquitto", Path.Combine(folder, "mosquitto.log"), [program, "-c", file]), passwords);
    }

    /// <summary>More users, before it starts.</summary>
    public async Task AddUsersAsync(IEnumerable<(string Name, string Password)> users)
    {
        var plain = passwords + ".plain";
        await File.WriteAllLinesAsync(plain, users.Select(user => $"{user.Name}:{user.Password}"));
        using (var hashing = Process.Start("mosquitto_passwd", ["-U", plain]))
        {
            await hashing.WaitForExitAsync();
            if (hashing.ExitCode != 0) throw new FaultException($"mosquitto_passwd -U failed with exit code {hashing.ExitCode}.");
        }
        await File.AppendAllLinesAsync(passwords, await File.ReadAllLinesAsync(plain));
    }

    static async Task PasswordAsync(string? create, string file, string user, string password)
    {
        using var made = Process.Start("mosquitto_passwd", [.. create is null ? Array.Empty<string>() : [create], "-b", file, user, password]);
        await made.WaitForExitAsync();
        if (made.ExitCode != 0) throw new FaultException($"mosquitto_passwd failed with exit code {made.ExitCode}.");
    }

    public static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgeTrace.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new FaultException("EdgeTrace.sln is not above this program: run it from a checkout.");
    }
}
