using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>What the hospital has made so far. Reads count whether or not anybody was connected to hear them.</summary>
sealed class HospitalCounts
{
    readonly SortedDictionary<string, long> _byPortal = new(StringComparer.Ordinal);

    public double Seconds { get; set; }

    /// <summary>Reads of stock: what a gateway's policy keeps.</summary>
    public long Reads { get; private set; }
    public long ReadsOfBadges { get; private set; }
    public long ReadsForeign { get; private set; }

    /// <summary>TagReportData the readers have put into reports: less than all reads where nobody was connected.</summary>
    public long Reported { get; set; }
    public long Scans { get; set; }
    public long ScansRubbish { get; set; }
    public long Samples { get; set; }
    public long Passages { get; set; }
    public long Alarms { get; set; }
    public int PeopleUnderWay { get; set; }

    public void Add(in Heard read)
    {
        switch (read.Tag.Kind)
        {
            case TagKind.Badge: ReadsOfBadges++; return;
            case TagKind.Foreign: ReadsForeign++; return;
            default:
                Reads++;
                _byPortal[read.Door.Portal] = _byPortal.GetValueOrDefault(read.Door.Portal) + 1;
                return;
        }
    }

    /// <summary>The object behind PROGRESS and DONE.</summary>
    public string ToJson(int seed) => new JsonObject
    {
        ["seed"] = seed,
        ["seconds"] = Math.Round(Seconds, 3),
        ["readsGenerated"] = Reads,
        ["readsByPortal"] = new JsonObject(_byPortal.Select(portal => KeyValuePair.Create(portal.Key, (JsonNode?)portal.Value))),
        ["readsOfBadges"] = ReadsOfBadges,
        ["readsForeign"] = ReadsForeign,
        ["readsReported"] = Reported,
        ["scansGenerated"] = Scans,
        ["scansRubbish"] = ScansRubbish,
        ["samplesGenerated"] = Samples,
        ["passagesTrue"] = Passages,
        ["alarmsTrue"] = Alarms,
        ["peopleUnderWay"] = PeopleUnderWay,
    }.ToJsonString(JsonSerializerOptions.Web);
}
