using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Identity;
using EdgeTrace.Stock;

namespace EdgeTrace.Cloud.Doors;

/// <summary>What a tag says of its thing with no look-up: +AIDC data, and the date of a DSGTIN+.</summary>
static class TagData
{
    public const string Rule = "rule:tag";

    /// <summary>The century of its two digits is the one around that time, so that it says the same whenever it is asked.</summary>
    public static TagSays Says(string epc, long atUs) => Identification.Of(epc, EventTime.FromUs(atUs).Year) is { Error: null } tag ? new(tag.Lot, tag.Expiry) : new(null, null);

    /// <summary>
    /// The books learn it, once of each tag: from then on the earlier date counts everywhere, and what differs from the label is a finding of the thing.
    /// </summary>
    public static StockEvent Learnt(string item, string epc, TagSays tag, long atUs, int offsetMinutes, string? readPoint, string act) => new(
        StockBook.IdOf($"tag:{epc}", item, EventKind.Tagged, 0), item, EventKind.Tagged, atUs, offsetMinutes, null, readPoint, act, Rule, new() { Epc = epc, Lot = tag.Lot, Expiry = tag.Expiry, Inferred = true });
}
