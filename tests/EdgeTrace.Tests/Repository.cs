namespace EdgeTrace.Tests;

/// <summary>Where this checkout is, and the public test vectors beside it.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A folder of <c>../shared/data</c>; skips the calling test, saying why, where this is a lone clone.</summary>
    public static string SharedData(string folder)
    {
        var path = Path.Combine(Root, "..", "shared", "data", folder);
        Assert.SkipUnless(Directory.Exists(path), $"public vectors not beside this clone: ../shared/data/{folder}");
        return path;
    }

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgeTrace.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("EdgeTrace.sln was not found above the test's output folder.");
    }
}
