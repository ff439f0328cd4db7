using EdgeTrace.Cloud.Projections;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>
/// The first administrator. There is no default password: while there is nobody, the page asks for a code that only who can read this
/// machine's log or data directory has, so that not whoever comes first on the network becomes it. Made anew at each start.
/// </summary>
sealed partial class SetUp(AccountBook book, IServiceProvider services, ILogger<SetUp> logger) : IHostedService
{
    const string FileName = "set-up-code", KeyFileName = "local-key";

    string _hash = "";

    public bool IsOpen => !book.HasAdministrator;

    public bool IsCode(string code) => _hash.Length > 0 && Secrets.Hash(Secrets.Plain(code)) == _hash;

    /// <summary>The key with which <c>doctor</c> asks the cloud of its own machine: it shows what a wall screen shows. Whoever can read the file can read the ledger as well.</summary>
    /// <returns>Null: no cloud has run there.</returns>
    public static string? LocalKey(string folder) => Path.Combine(folder, KeyFileName) is var path && File.Exists(path) ? File.ReadAllText(path).Trim() : null;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var folder = ProjectionServices.DataDirectory(services);
        var key = Secrets.Key();
        WriteSecret(Path.Combine(folder, KeyFileName), key);
        book.LocalKeyHash = Secrets.Hash(key);
        if (!IsOpen)
        {
            Close();
            return Task.CompletedTask;
        }
        var code = Secrets.Code();
        WriteSecret(Path.Combine(folder, FileName), code);
        _hash = Secrets.Hash(code);
        LogOpen(code, Path.Combine(folder, FileName));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The code has done its work.</summary>
    public void Close()
    {
        _hash = "";
        File.Delete(Path.Combine(ProjectionServices.DataDirectory(services), FileName));
    }

    static void WriteSecret(string path, string secret)
    {
        // A file that is there already would keep its mode, whoever made it; and nobody must read half of one.
        var fresh = path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(fresh, options)) writer.WriteLine(secret);
        File.Move(fresh, path, overwrite: true);
    }

    [LoggerMessage(5301, LogLevel.Warning, "There is no administrator yet. Open the page and set one up with the code {Code} (also in {File}), or run edgetrace-cloud accounts add")]
    partial void LogOpen(string code, string file);
}
