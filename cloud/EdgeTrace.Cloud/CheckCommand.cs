using System.CommandLine;

namespace EdgeTrace.Cloud;

/// <summary><c>edgetrace-cloud check</c>: every mistake of the configuration, the site model and the product list at once; opens nothing.</summary>
static class CheckCommand
{
    public static Command Create()
    {
        var config = CommandLine.ConfigOption();
        var command = new Command("check", """
            Checks the configuration, the site model and the product list, and says every mistake at once. Opens no store and no port.

            Example:
              edgetrace-cloud check --config /etc/edgetrace/cloud.json
            """) { config };
        command.SetAction(parsed => CheckAsync(new(parsed.GetRequiredValue(config).FullName)));
        return command;
    }

    static async Task<int> CheckAsync(ConfigurationFile file)
    {
        try
        {
            await using var app = Composition.Compose(file);
            if (CloudHost.FindMistakes(app.Services) is { Count: > 0 } mistakes)
            {
                await CloudHost.TellAsync(mistakes, file);
                return CloudHost.NotStarted;
            }
            var cloud = CloudOptions.Of(app.Configuration);
            Console.WriteLine($"{file.Path} is right: {string.Join(", ", Enum.GetValues<Role>().Where(cloud.Has))} at {cloud.Url}, data in {file.Resolve(cloud.DataDirectory)}.");
            return 0;
        }
        catch (StartRefusedException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return CloudHost.NotStarted;
        }
    }
}
