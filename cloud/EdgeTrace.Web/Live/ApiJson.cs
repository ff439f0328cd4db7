using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeTrace.Api;

namespace EdgeTrace.Web.Live;

/// <summary>How the records of the API are read and written here: generated, so that a trimmed page keeps them.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(NowView))]
[JsonSerializable(typeof(FeedEvent))]
[JsonSerializable(typeof(ItemView))]
[JsonSerializable(typeof(PlaceContents))]
[JsonSerializable(typeof(FindResult))]
[JsonSerializable(typeof(SampleSeries))]
[JsonSerializable(typeof(CompletenessView))]
[JsonSerializable(typeof(CompletenessDays))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(Acknowledgement))]
sealed partial class ApiJson : JsonSerializerContext;

/// <summary>Who answers an alarm, and why.</summary>
sealed record Acknowledgement(string Actor, string Reason);
