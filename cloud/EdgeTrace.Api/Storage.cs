namespace EdgeTrace.Api;

/// <summary><c>GET /api/v1/storage</c>: what is on the cloud's disk, how fast it grows and when the disk is full. Bytes are bytes, a day is 24 h.</summary>
/// <param name="BytesPerDay">Of all stores together, as measured over the last week.</param>
/// <param name="DaysUntilFull">If that goes on, retention taken into account; 3650 = not within ten years. Null: not known yet, there is no hour of sizes to measure from.</param>
public sealed record StorageView(IReadOnlyList<StoreView> Stores, long FreeBytes, long TotalBytes, double BytesPerDay, double? DaysUntilFull);

/// <summary>One store, or everything else on the same disk.</summary>
/// <param name="Name">The database's file name without .db.</param>
/// <param name="What">What is in it, in a sentence.</param>
/// <param name="Bytes">On disk, its write-ahead log included.</param>
/// <param name="BytesPerDay">0 when it does not grow, or is not known to.</param>
/// <param name="Kept">How long what is in it is kept, in words.</param>
public sealed record StoreView(string Name, string What, long Bytes, double BytesPerDay, string Kept);
