using System.Globalization;

namespace EdgeTrace.Faults;

/// <summary>One answer of a <c>/metrics</c>, read as Prometheus reads it.</summary>
sealed class Scrape
{
    readonly List<(string Name, string Labels, double Value)> _samples = [];

    Scrape(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var labels = line.IndexOf('{', StringComparison.Ordinal);
            var end = labels < 0 ? line.IndexOf(' ', StringComparison.Ordinal) : line.LastIndexOf('}') + 1;
            _samples.Add((line[..(labels < 0 ? end : labels)], labels < 0 ? "" : line[labels..end], Value(line[end..].Trim().Split(' ')[0])));
        }
    }

    public IReadOnlySet<string> Names => _samples.Select(sample => sample.Name).ToHashSet();

    public static async Task<Scrape> OfAsync(HttpClient http, string address) => new(await http.GetStringAsync(address));

    /// <summary>Over all label sets, or those that have this text.</summary>
    public double Sum(string name, string label = "") =>
        _samples.Where(sample => sample.Name == name && sample.Labels.Contains(label, StringComparison.Ordinal)).Sum(sample => sample.Value);

    static double Value(string text) => text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
}
