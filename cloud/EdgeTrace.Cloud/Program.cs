using EdgeTrace.Cloud;

return await CommandLine.Commands(run: RunAsync).Parse(args).InvokeAsync();

static async Task<int> RunAsync(ConfigurationFile file, CancellationToken stopping)
{
    NativeHeap.Bound();
    await using var app = Composition.Compose(file);
    return await CloudHost.RunAsync(app, file, stopping);
}
