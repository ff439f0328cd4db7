using System.Text.Json;

namespace EdgeTrace.Demo;

/// <summary>True passages against the ledger's visits: same portal, same EPC, overlapping in time; each visit answers for one passage.</summary>
/// <param name="True">Passages that happened.</param>
/// <param name="Right">Of these, seen with the right direction.</param>
/// <param name="Missed">Of these, with no visit at all.</param>
/// <param name="Ghost">Visits that claim a movement where there was no passage.</param>
sealed record PassageMatch(int True, int Right, int Missed, int Ghost)
{
    /// <summary>Field edges are soft: a tag is heard a little before and after the plan says it is at the door.</summary>
    const long SlackUs = 1_000_000;

    public static PassageMatch Make(IEnumerable<JsonElement> truth, IEnumerable<JsonElement> visits)
    {
        var open = visits.Select(Seen.OfVisit).GroupBy(seen => seen.Key).ToDictionary(group => group.Key, group => group.OrderBy(seen => seen.FromUs).ToList());
        var (count, right, missed) = (0, 0, 0);
        foreach (var passage in truth.Select(Seen.OfTruth).OrderBy(seen => seen.FromUs))
        {
            count++;
            var candidates = open.GetValueOrDefault(passage.Key) ?? [];
            var best = candidates.Where(visit => visit.Overlaps(passage, SlackUs)).OrderByDescending(visit => visit.SharedUs(passage)).FirstOrDefault();
            if (best is null) missed++;
            else
            {
                if (best.Direction == passage.Direction) right++;
                candidates.Remove(best);
            }
        }
        return new(count, right, missed, open.Values.SelectMany(left => left).Count(visit => visit.Direction is "in" or "out"));
    }

    sealed record Seen(string Portal, string Epc, long FromUs, long ToUs, string Direction)
    {
        public (string, string) Key => (Portal, Epc);

        public bool Overlaps(Seen other, long slackUs) => FromUs <= other.ToUs + slackUs && ToUs >= other.FromUs - slackUs;

        public long SharedUs(Seen other) => Math.Min(ToUs, other.ToUs) - Math.Max(FromUs, other.FromUs);

        public static Seen OfTruth(JsonElement line) => new(
            line.GetProperty("portal").GetString()!, line.GetProperty("epc").GetString()!.ToUpperInvariant(),
            line.GetProperty("from_us").GetInt64(), line.GetProperty("to_us").GetInt64(), line.GetProperty("direction").GetString()!);

        public static Seen OfVisit(JsonElement line) => new(
            line.GetProperty("portal").GetString()!, line.GetProperty("epc").GetString()!.ToUpperInvariant(),
            line.GetProperty("firstUs").GetInt64(), line.GetProperty("lastUs").GetInt64(), line.GetProperty("direction").GetString()!.ToLowerInvariant());
    }
}
