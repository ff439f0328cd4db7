namespace EdgeTrace.Api;

/// <summary><c>GET /api/v1/items/{key}</c>: where an Item is, on what basis, and where it has been.</summary>
/// <param name="Key">The EPC in hex, or a scanned identity.</param>
/// <param name="Basis">passage, scan, count or inferred; never asserted without one.</param>
/// <param name="LastSeen">The newest read or scan anywhere, whether or not it moved the Item.</param>
/// <param name="More">Set when older history was left out; ask again with <c>before</c>.</param>
/// <param name="Thing">How it stands in the books; null: it was only ever seen.</param>
/// <param name="Tags">Set where two tags or more carry its number: each of them, the first read first.</param>
public sealed record ItemView(
    string Key, ItemName Name, string? Gtin, string? Serial, string? Lot, string? PureIdentity, string? TagUri, string? DigitalLink, string? Manufacturer,
    string? Location, string? LocationName, string? Basis, double? Confidence, DateTimeOffset? Since, DateTimeOffset? LastSeen, string? LastSeenWhere,
    IReadOnlyList<ItemEvent> History, bool More, StockView? Thing = null, IReadOnlyList<TagView>? Tags = null);

/// <summary>One of several tags that carry an Item's number.</summary>
/// <param name="Tid">Its chip's own number, in hex.</param>
/// <param name="Last">Its newest read, to the minute.</param>
/// <param name="Right">What a person said of it; null: nobody has.</param>
public sealed record TagView(string Tid, DateTimeOffset First, string FirstWhere, DateTimeOffset Last, string LastWhere, bool? Right);

/// <summary>One entry of an Item's story, newest first, with its evidence.</summary>
/// <param name="Kind">in, out, past, seen, scan, two-tags, or the word of what was done to stock.</param>
/// <param name="Fact">movement or event where it can be declared wrong; else null.</param>
/// <param name="Actor">The person or rule; null: a device.</param>
/// <param name="Tids">Of a visit of a number that several tags carry: which of them answered.</param>
/// <param name="RecordedAt">When it was told, where that is not when it happened.</param>
public sealed record ItemEvent(
    string Id, string Kind, DateTimeOffset From, DateTimeOffset To, string Where, string WhereName, string Sentence,
    double? Confidence, int Reads, double? PeakRssiDbm, IReadOnlyList<AntennaEvidence> Antennas, string? Fact = null, string? Actor = null, DateTimeOffset? RecordedAt = null, WrongView? Wrong = null, IReadOnlyList<string>? Tids = null);

/// <summary>What one antenna saw in a visit.</summary>
public sealed record AntennaEvidence(int Antenna, string Side, int Reads, double PeakRssiDbm, DateTimeOffset First, DateTimeOffset Last);

/// <summary><c>GET /api/v1/places/{id}</c>: what is in a Location, by product.</summary>
public sealed record PlaceContents(PlaceView Place, IReadOnlyList<PlaceItem> Items);

public sealed record PlaceItem(ItemName Item, DateTimeOffset Since, string Basis, DateTimeOffset LastSeen);

/// <summary><c>GET /api/v1/find?q=</c>: any EPC, barcode, lot, place or name.</summary>
/// <param name="Understood">What the code was understood to be; null: it was taken as words.</param>
/// <param name="Error">Why there is nothing, or what is wrong with the code, in a sentence.</param>
/// <param name="Others">What is no Item: products, lots, places, and whatever else whoever asks may see.</param>
public sealed record FindResult(string Query, string? Understood, string? Error, IReadOnlyList<FoundItem> Items, IReadOnlyList<FoundOther> Others);

/// <param name="Kind">product, lot, place, patient or case.</param>
/// <param name="Address">Of its page.</param>
public sealed record FoundOther(string Kind, string Name, string Detail, string Address);

/// <param name="Warning">What must be known before anybody takes it; null: nothing.</param>
public sealed record FoundItem(ItemName Item, string? LocationName, DateTimeOffset? LastSeen, string? Warning = null);

/// <summary><c>GET /api/v1/points/{id}/samples?from=&amp;to=&amp;max=</c>: at most <c>max</c> buckets; a null minimum is a gap.</summary>
/// <remarks>Buckets of a minute and more are whole minutes, of an hour and more whole hours (UTC): the first may begin before <paramref name="From"/>.</remarks>
public sealed record SampleSeries(string Point, DateTimeOffset From, DateTimeOffset To, double BucketSeconds, IReadOnlyList<SampleBucket> Buckets);

public sealed record SampleBucket(DateTimeOffset At, double? Min, double? Mean, double? Max, int Count);
