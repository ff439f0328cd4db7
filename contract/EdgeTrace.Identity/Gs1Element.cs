using System.Text;

namespace EdgeTrace.Identity;

/// <summary>One value and the application identifier that says what it is: (17)280229.</summary>
public readonly record struct Gs1Element(string Ai, string Value)
{
    public override string ToString() => $"({Ai}){Value}";
}

/// <summary>Writes elements the two ways they are written.</summary>
public static class ElementString
{
    /// <summary>The separator that ends a value of no predefined length, "FNC1" in a barcode.</summary>
    public const char Separator = '\x1D';

    /// <summary>For people: (01)09506000134352(21)123.</summary>
    public static string ToBracketed(IEnumerable<Gs1Element> elements) => string.Concat(elements);

    /// <summary>As a scanner sends it after its symbology identifier: brackets gone, separators only where the standard needs them.</summary>
    public static string ToRaw(IEnumerable<Gs1Element> elements)
    {
        var raw = new StringBuilder();
        var separate = false;
        foreach (var element in elements)
        {
            if (separate) raw.Append(Separator);
            raw.Append(element.Ai).Append(element.Value);
            separate = ApplicationIdentifier.Find(element.Ai) is not { IsPredefined: true };
        }
        return raw.ToString();
    }
}
