using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Site;

/// <summary>The site model and the products, read once at start; every mistake of both files is a mistake of the configuration.</summary>
static class SiteServices
{
    public static IServiceCollection AddSite(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SiteOptions>().Bind(configuration.GetSection(SiteOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SiteOptions>, SiteOptionsValidator>();
        services.AddSingleton(s => SiteModelFile.Load(s.GetRequiredService<ConfigurationFile>().Resolve(s.GetRequiredService<IOptions<SiteOptions>>().Value.ModelFile)));
        services.AddSingleton(s => new ItemNames(Products(s.GetRequiredService<ConfigurationFile>(), s.GetRequiredService<IOptions<SiteOptions>>().Value)));
        return services;
    }

    /// <summary>For commands that need no process around them.</summary>
    public static (SiteModel Site, ItemNames Names) Load(ConfigurationFile file)
    {
        var options = CloudHost.CreateBuilder(file).Configuration.GetSection(SiteOptions.Section).Get<SiteOptions>() ?? new();
        try
        {
            return (SiteModelFile.Load(file.Resolve(options.ModelFile)), new(Products(file, options)));
        }
        catch (SiteModelException mistakes)
        {
            throw new IOException(mistakes.Message, mistakes);
        }
    }

    static ProductCatalogue Products(ConfigurationFile file, SiteOptions options) =>
        string.IsNullOrEmpty(options.ProductsFile) ? ProductCatalogue.Empty : ProductCatalogue.Load(file.Resolve(options.ProductsFile));

    /// <summary>Reads both files as a trial, so that their mistakes are told together with all others.</summary>
    sealed class SiteOptionsValidator(ConfigurationFile file) : IValidateOptions<SiteOptions>
    {
        public ValidateOptionsResult Validate(string? name, SiteOptions options)
        {
            if (options.ModelFile.Length == 0) return ValidateOptionsResult.Fail("Site.ModelFile is missing: name the site model's JSON file, as \"site.json\".");
            var mistakes = new List<string>();
            Try(() => SiteModelFile.Load(file.Resolve(options.ModelFile)), mistakes);
            Try(() => Products(file, options), mistakes);
            return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
        }

        static void Try(Action load, List<string> mistakes)
        {
            try
            {
                load();
            }
            catch (SiteModelException wrong)
            {
                mistakes.AddRange(wrong.Errors.Select(e => $"{wrong.File}: {e}"));
            }
        }
    }
}
