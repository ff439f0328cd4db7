using EdgeTrace.Store.Log;
using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud;

/// <summary>What every start has in common: the configuration file, its mistakes all at once, and a clean end.</summary>
static class CloudHost
{
    /// <summary>Exit code for a configuration or a machine that must be put right by a person; 1 is left for "it failed".</summary>
    public const int NotStarted = 2;

    /// <exception cref="StartRefusedException">The file cannot be read as JSON.</exception>
    public static WebApplicationBuilder CreateBuilder(ConfigurationFile file)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        // Only the named file and the environment count: an appsettings.json that happens to lie about must not.
        builder.Configuration.Sources.Clear();
        try
        {
            builder.Configuration.AddJsonFile(System.IO.Path.GetFullPath(file.Path), optional: false, reloadOnChange: false).AddEnvironmentVariables("EDGETRACE_");
        }
        catch (Exception error) when (error is IOException or InvalidDataException or FormatException)
        {
            throw new StartRefusedException($"{file.Path} cannot be read: {error.GetBaseException().Message}", error);
        }
        builder.Services.AddSystemd();
        builder.Services.AddSingleton(file);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddOptions<CloudOptions>().Bind(builder.Configuration.GetSection("Cloud")).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<CloudOptions>, CloudOptionsValidator>();
        builder.WebHost.UseUrls(builder.Configuration["Cloud:Url"] ?? new CloudOptions().Url);
        return builder;
    }

    public static async Task<int> RunAsync(WebApplication app, ConfigurationFile file, CancellationToken stopping)
    {
        var mistakes = FindMistakes(app.Services);
        if (mistakes.Count > 0)
        {
            await TellAsync(mistakes, file);
            return NotStarted;
        }
        try
        {
            // Files are opened before the host starts: what refuses is then said in its own sentence, not below the host's stack trace.
            _ = app.Services.GetServices<IHostedService>();
            await app.StartAsync(stopping);
        }
        catch (Exception error) when (error is LogUnusableException or StartRefusedException || error is IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException })
        {
            await Console.Error.WriteLineAsync(error is IOException
                ? $"Cloud.Url {app.Configuration["Cloud:Url"]} is in use: stop what uses it, or choose another port."
                : error.Message);
            return NotStarted;
        }
        await app.WaitForShutdownAsync(stopping);
        return 0;
    }

    public static async Task TellAsync(IReadOnlyList<string> mistakes, ConfigurationFile file)
    {
        await Console.Error.WriteLineAsync($"{mistakes.Count} {(mistakes.Count == 1 ? "mistake" : "mistakes")} in {file.Path}:");
        foreach (var mistake in mistakes) await Console.Error.WriteLineAsync($"  {mistake}");
    }

    /// <summary>Every mistake of every section, before anything is opened.</summary>
    internal static IReadOnlyList<string> FindMistakes(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (AggregateException several)
        {
            return [.. several.InnerExceptions.SelectMany(Sentences).Distinct()];
        }
        catch (Exception one) when (one is OptionsValidationException or InvalidOperationException)
        {
            return [.. Sentences(one)];
        }
    }

    static IEnumerable<string> Sentences(Exception error) => error is OptionsValidationException { Failures: var failures }
        ? failures
        : [$"{error.Message} {error.InnerException?.Message}".Trim()];
}

/// <summary>The process cannot start; the message names the item and the cure.</summary>
sealed class StartRefusedException(string message, Exception? inner = null) : Exception(message, inner);
