using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>What really happened, a line of JSON each: <c>truth.jsonl</c>.</summary>
sealed class Truth(string path, long startUs) : IDisposable
{
    readonly StreamWriter _lines = new(path, append: false) { AutoFlush = false };
    readonly Dictionary<(string Point, string Rule), long> _openAlarms = [];

    public long Passages { get; private set; }
    public long Alarms { get; private set; }

    /// <summary>Each piece of stock that went in, out or past. Badges and visitors' clothes are nobody's passages.</summary>
    public void Add(Walk walk, Crossing crossing)
    {
        foreach (var tag in walk.Tags)
        {
            if (tag.Kind != TagKind.Stock) continue;
            Passages++;
            Write(new("passage")
            {
                Portal = crossing.Door.Portal,
                Epc = tag.Hex,
                Tid = Convert.ToHexString(tag.Tid),
                FromUs = startUs + crossing.FromUs,
                ToUs = startUs + crossing.ToUs,
                Direction = crossing.Direction,
                Walk = walk.Kind.ToString(),
            });
        }
    }

    /// <summary>Another tag with the number of one that is here already sets out.</summary>
    public void AddReprint(CarriedTag copy, long atUs) =>
        Write(new("reprint") { Epc = copy.Hex, Tid = Convert.ToHexString(copy.Tid), OfTid = Convert.ToHexString(TagEncoding.Chip(copy.Epc)), FromUs = startUs + atUs });

    /// <summary>Stock that stood in a field all the time: visits of it are true, passages of it are ghosts.</summary>
    public void AddParked(Door door, CarriedTag tag) =>
        Write(new("parked") { Portal = door.Portal, Epc = tag.Hex, FromUs = startUs });

    public void Scan(string scanner, long atUs, string raw, bool rubbish) =>
        Write(new("scan") { Scanner = scanner, FromUs = startUs + atUs, Raw = raw, Rubbish = rubbish });

    /// <summary>A gateway switched an output of a reader: a lamp at a door.</summary>
    public void Output(string reader, int port, bool on, long atUs) => Write(new("output") { Reader = reader, Port = port, On = on, FromUs = startUs + atUs });

    /// <summary>What is due at a point now; what was due and is no longer has ended.</summary>
    public void Alarm(string point, (string Rule, long FromUs)? due, long atUs)
    {
        foreach (var rule in new[] { "excursion", "probe-fault" })
        {
            if (due?.Rule == rule && _openAlarms.TryAdd((point, rule), due.Value.FromUs)) Alarms++;
            if (due?.Rule != rule && _openAlarms.Remove((point, rule), out var from)) WriteAlarm(point, rule, from, atUs);
        }
    }

    public void End(long atUs)
    {
        foreach (var ((point, rule), from) in _openAlarms) WriteAlarm(point, rule, from, atUs);
        _openAlarms.Clear();
        Flush();
    }

    public void Flush() => _lines.Flush();

    public void Dispose() => _lines.Dispose();

    void WriteAlarm(string point, string rule, long fromUs, long toUs) =>
        Write(new("alarm") { Point = point, Rule = rule, FromUs = startUs + fromUs, ToUs = startUs + toUs });

    void Write(TruthLine line) => _lines.WriteLine(JsonSerializer.Serialize(line, TruthJson.Default.TruthLine));
}

/// <summary>One line; what a kind has not is left out.</summary>
sealed record TruthLine(string Kind)
{
    public string? Portal { get; init; }
    public string? Epc { get; init; }
    public string? Tid { get; init; }
    public string? OfTid { get; init; }
    public string? Point { get; init; }
    public string? Rule { get; init; }
    public string? Scanner { get; init; }
    public long FromUs { get; init; }
    public long? ToUs { get; init; }
    public string? Direction { get; init; }
    public string? Walk { get; init; }
    public string? Raw { get; init; }
    public bool? Rubbish { get; init; }
    public string? Reader { get; init; }
    public int? Port { get; init; }
    public bool? On { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TruthLine))]
sealed partial class TruthJson : JsonSerializerContext;
