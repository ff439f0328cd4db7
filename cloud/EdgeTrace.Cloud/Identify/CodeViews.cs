using System.Globalization;
using System.Text.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Identity;

namespace EdgeTrace.Cloud.Identify;

/// <summary>What Identity makes of a code, as the command and the page show it.</summary>
static class CodeViews
{
    public static CodeView Of(Identification code)
    {
        var elements = new OrderedDictionary<string, string>();
        foreach (var element in code.Elements) elements.TryAdd(element.Ai, element.Value);
        return new(
            code.Input, JsonNamingPolicy.CamelCase.ConvertName(code.Kind.ToString()), code.Scheme?.Name(), elements, code.TagUri, code.PureUri, code.DigitalLink,
            code.Lot, code.Serial, code.Expiry?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), code.Warnings, code.Error);
    }

    /// <summary>A code as somebody typed it, with GS written as \x1D, in JSON.</summary>
    public static string Json(string typed, TimeProvider time) => ApiJson.Write(Of(Identification.Of(Unescape(typed), time.GetUtcNow().Year)) with { Input = typed });

    /// <summary>A separator can be typed nowhere: \x1D stands for it in a shell and in an address.</summary>
    public static string Unescape(string typed) => typed.Replace(@"\x1D", "\u001D", StringComparison.OrdinalIgnoreCase);
}
