using EdgeTrace.Tests.Identity.Scoring;

namespace EdgeTrace.Tests.Identity;

/// <summary>The vectors beside this clone, and the few worked examples in it.</summary>
static class Vectors
{
    public static List<Dictionary<string, string>> Shared(string file) => CsvRows.Read(Path.Combine(Repository.SharedData("identity"), file));

    public static List<Dictionary<string, string>> Own(string file) => CsvRows.Read(Path.Combine(Repository.Root, "tests", "testdata", "identity", file));
}
