using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdgeTrace.Tests;

/// <summary>The house rules that a reviewer would otherwise have to remember.</summary>
public partial class TidyTests
{
    /// <summary>The arrows of the house (README.md): who may name whom. Never one between edge/ and cloud/.</summary>
    static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["EdgeTrace.Contract"] = [],
        ["EdgeTrace.Identity"] = [],
        ["EdgeTrace.ColdChain"] = [],
        ["EdgeTrace.Llrp"] = [],
        ["EdgeTrace.Api"] = [],
        ["EdgeTrace.Gateway"] = ["EdgeTrace.Contract", "EdgeTrace.Identity", "EdgeTrace.ColdChain", "EdgeTrace.Llrp"],
        ["EdgeTrace.Tracking"] = ["EdgeTrace.Identity"],
        ["EdgeTrace.Stock"] = ["EdgeTrace.Identity"],
        ["EdgeTrace.Store"] = ["EdgeTrace.Contract", "EdgeTrace.Stock", "EdgeTrace.Tracking", "EdgeTrace.ColdChain", "EdgeTrace.Identity"],
        ["EdgeTrace.Cloud"] = ["EdgeTrace.Contract", "EdgeTrace.Identity", "EdgeTrace.ColdChain", "EdgeTrace.Api", "EdgeTrace.Stock", "EdgeTrace.Store", "EdgeTrace.Tracking", "EdgeTrace.Web"],
        ["EdgeTrace.Web"] = ["EdgeTrace.Api"],
        ["EdgeTrace.Simulators"] = ["EdgeTrace.Contract", "EdgeTrace.Identity", "EdgeTrace.Llrp"],
        ["EdgeTrace.Demo"] = [],
    };

    [Fact]
    public void Projects_name_only_whom_the_house_allows()
    {
        var found = ProjectFiles().Where(project => !project.Contains("/tests/", StringComparison.Ordinal)).ToList();
        Assert.Equal(Arrows.Keys.Order(), found.Select(Path.GetFileNameWithoutExtension).Order());
        foreach (var project in found)
        {
            var named = XDocument.Load(project).Descendants("ProjectReference")
                .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
                .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));
            Assert.All(named, name => Assert.Contains(name, Arrows[Path.GetFileNameWithoutExtension(project)]));
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "EdgeTrace.sln")).Replace('\\', '/');
        Assert.All(ProjectFiles(), project => Assert.Contains(Path.GetRelativePath(Repository.Root, project), solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_log_event_has_its_own_number()
    {
        var ids = Sources().SelectMany(file => EventId().Matches(File.ReadAllText(file)).Select(match => (Id: match.Groups[1].Value, file))).ToList();
        Assert.NotEmpty(ids);
        Assert.All(ids.GroupBy(id => id.Id), group => Assert.True(group.Count() == 1, $"Event {group.Key} is in {string.Join(" and ", group.Select(id => Path.GetFileName(id.file)))}"));
    }

    [Fact]
    public void Nothing_is_left_to_be_fixed()
    {
        var marks = new[] { "FIX" + "ME", "TO" + "DO", "Not" + "ImplementedException", "XX" + "X " };
        Assert.All(Sources(), file => Assert.All(marks, mark => Assert.DoesNotContain(mark, File.ReadAllText(file), StringComparison.Ordinal)));
    }

    static IEnumerable<string> ProjectFiles() => Files("*.csproj");

    static IEnumerable<string> Sources() => Files("*.cs");

    static IEnumerable<string> Files(string pattern) =>
        new[] { "contract", "edge", "cloud", "simulators", "tests" }.SelectMany(room =>
            Directory.EnumerateFiles(Path.Combine(Repository.Root, room), pattern, SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    [GeneratedRegex(@"\[LoggerMessage\((\d+)")]
    private static partial Regex EventId();
}
