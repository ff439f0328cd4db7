using EdgeTrace.Faults;

namespace EdgeTrace.EndToEnd;

/// <summary>
/// Whatever goes wrong at 3 a.m. has a name of its own and a sentence of its own: what, where, since when, what it means, what to do; on the page
/// (<c>/api/v1/faults</c>) or, where no page can know, from the doctor on the box. deploy/README.md prints the sentences; here they are compared.
/// </summary>
public sealed class NamedFaultTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_trouble_has_a_name_and_a_sentence_of_its_own_and_deploy_README_says_the_same()
    {
        var stop = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        List<NamedFault> seen = [];
        seen.AddRange(await NightOfDevices.RunAsync(folder.Path, stop));
        seen.AddRange(await NightOfLinks.RunAsync(folder.Path, stop));
        seen.AddRange(await NightOfStrangers.RunAsync(folder.Path, stop));
        foreach (var fault in seen) output.WriteLine(fault.ToString());

        Assert.Distinct(seen.Select(fault => fault.State));
        Assert.Distinct(seen.Select(fault => fault.Sentence));
        Assert.All(seen, fault => Assert.True(fault.Do.Length > 10, $"{fault.Trouble}: what to do?"));
        Assert.All(seen.Where(fault => fault.OnPage), fault => Assert.Matches(@" since \d\d:\d\d\. ", fault.Sentence));

        var table = NamedFault.Table(seen);
        await File.WriteAllTextAsync(Path.Combine(Mosquitto.RepositoryRoot(), "artifacts", "at-3-am.md"), table, stop);
        var readme = await File.ReadAllTextAsync(Path.Combine(Mosquitto.RepositoryRoot(), "deploy/README.md"), stop);
        Assert.All(table.Split('\n', StringSplitOptions.RemoveEmptyEntries), row => Assert.Contains(row, readme, StringComparison.Ordinal));
    }

    sealed class TemporaryFolder : IDisposable
    {
        readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-night-");
        public string Path => _folder.FullName;
        public void Dispose() => _folder.Delete(recursive: true);
    }
}
