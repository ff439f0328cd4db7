using System.ComponentModel.DataAnnotations;

namespace EdgeTrace.Cloud.Site;

/// <summary>Where the site model and the product list are; relative to the configuration file.</summary>
sealed class SiteOptions
{
    public const string Section = "Site";

    [Required(ErrorMessage = "Site:ModelFile is missing: name the site model's JSON file, as \"site.json\".")]
    public string ModelFile { get; init; } = "";

    /// <summary>gtin,name,manufacturer,category. Without it items are called by their EPC's own identity.</summary>
    public string? ProductsFile { get; init; }
}
