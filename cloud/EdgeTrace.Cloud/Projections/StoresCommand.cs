using System.CommandLine;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings.Lines;

namespace EdgeTrace.Cloud.Projections;

/// <summary><c>edgetrace-cloud stores</c>: how far the stores elsewhere are, what they miss, and writing one again.</summary>
static class StoresCommand
{
    public static Command Create()
    {
        var config = CommandLine.ConfigOption();
        var letters = new Option<int>("--letters") { Description = "So many of the newest dead letters of each store.", DefaultValueFactory = _ => 5 };
        var again = new Option<string?>("--again") { Description = "Write this store again from the oldest batch in the log. The cloud must be stopped.", HelpName = "NAME" };
        var command = new Command("stores", """
            Says how far each store in ReadingsStores is, what it will never have, and the lines it refused with its reason.

            Examples:
              edgetrace-cloud stores --config cloud.json --letters 100
              edgetrace-cloud stores --config cloud.json --again influxdb
            """) { config, letters, again };
        command.SetAction(parsed => CommandLine.Offline(() => Run(CommandLine.DataDirectory(parsed.GetRequiredValue(config)), parsed.GetValue(letters), parsed.GetValue(again), Console.Out)));
        return command;
    }

    /// <exception cref="InvalidDataException">There is no such store, or it cannot be written again now; the message says what to do.</exception>
    internal static void Run(string data, int letters, string? again, TextWriter to)
    {
        var path = Path.Combine(data, ProjectionServices.StoresFile);
        if (!File.Exists(path)) throw new InvalidDataException($"{data} has no {ProjectionServices.StoresFile}: no store in ReadingsStores has been written yet.");
        using var file = StoresFile.Open(path);
        if (again is not null)
        {
            if (Store.Backup.IsRunning(data)) throw new InvalidDataException($"A cloud is running on {data}: stop it first. Nothing was changed.");
            if (!file.Forget(again)) throw new InvalidDataException($"There is no store '{again}': the names are {string.Join(", ", file.All().Select(each => each.Name))}.");
            to.WriteLine($"{again} is written again from the oldest batch in the log once the cloud runs.");
            return;
        }
        using var log = BatchLogReader.Open(data);
        var head = log.Head;
        foreach (var (name, place) in file.All())
        {
            to.WriteLine($"{name}: at position {place.Cursor.Log} of {head}; missed {place.MissedBatches} batches, {place.ExpiredLines} lines older than it keeps, {place.RefusedLines} it called wrong");
            foreach (var letter in file.Letters(name, letters)) to.WriteLine($"  {letter.Reason}\n    {letter.Line}");
        }
    }
}
