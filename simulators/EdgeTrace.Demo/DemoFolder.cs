namespace EdgeTrace.Demo;

/// <summary>Where one run keeps its files. A folder the person named is kept; one of ours goes when the run ends.</summary>
sealed class DemoFolder : IDisposable
{
    const string Mark = ".edgetrace-demo";
    readonly bool _ours;

    DemoFolder(string path, bool ours) => (Path, _ours) = (path, ours);

    public string Path { get; }

    /// <exception cref="DemoException">The folder holds something that is not a demo's.</exception>
    public static DemoFolder Make(DirectoryInfo? asked)
    {
        if (asked is null) return new(Directory.CreateTempSubdirectory("edgetrace-demo-").FullName, ours: true);
        var mark = System.IO.Path.Combine(asked.FullName, Mark);
        if (asked.Exists && asked.EnumerateFileSystemInfos().Any())
        {
            if (!System.IO.File.Exists(mark)) throw new DemoException($"{asked.FullName} holds other files. Name an empty folder with --data, or leave it out.");
            asked.Delete(recursive: true);
        }
        asked.Create();
        System.IO.File.WriteAllText(mark, "Made by edgetrace-demo; it empties this folder when it runs here again.\n");
        return new(asked.FullName, ours: false);
    }

    /// <summary>Where the cloud leaves a key for its own machine.</summary>
    public string KeyFile => File(System.IO.Path.Combine("cloud-data", "local-key"));

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (_ours) Directory.Delete(Path, recursive: true);
    }
}
