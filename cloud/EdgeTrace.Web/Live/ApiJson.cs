using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeTrace.Api;
using EdgeTrace.Web.GoodsIn;

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
[JsonSerializable(typeof(PointPeriod))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(RefusedView))]
[JsonSerializable(typeof(GatewaysView))]
[JsonSerializable(typeof(GatewayDetail))]
[JsonSerializable(typeof(StorageView))]
[JsonSerializable(typeof(Acknowledgement))]
[JsonSerializable(typeof(PlanWork))]
[JsonSerializable(typeof(EndWork))]
[JsonSerializable(typeof(StockPage))]
[JsonSerializable(typeof(IReadOnlyList<StockView>))]
[JsonSerializable(typeof(StockStory))]
[JsonSerializable(typeof(StockAct))]
[JsonSerializable(typeof(ActOutcome))]
[JsonSerializable(typeof(LabelCodes))]
[JsonSerializable(typeof(LabelView))]
[JsonSerializable(typeof(WrongNotice))]
[JsonSerializable(typeof(CatalogueView))]
[JsonSerializable(typeof(ImportView))]
[JsonSerializable(typeof(ImportProgress))]
[JsonSerializable(typeof(IReadOnlyList<ParView>))]
[JsonSerializable(typeof(IReadOnlyList<ScannerView>))]
[JsonSerializable(typeof(ReportView))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(List<Unbooked>))]
[JsonSerializable(typeof(ExitsView))]
[JsonSerializable(typeof(ExitView))]
[JsonSerializable(typeof(AnswerExit))]
[JsonSerializable(typeof(NewTicket))]
[JsonSerializable(typeof(TicketOutcome))]
[JsonSerializable(typeof(CountsView))]
[JsonSerializable(typeof(CountView))]
[JsonSerializable(typeof(StartCount))]
[JsonSerializable(typeof(CountSeen))]
sealed partial class ApiJson : JsonSerializerContext;

/// <summary>Why the server would not, and what to do (RFC 9457).</summary>
sealed record Problem(string? Title, string? Detail);

/// <summary>What will be worked on, why, and until when at most.</summary>
sealed record PlanWork(string Subject, string Reason, DateTimeOffset Until);

/// <summary>Planned work is ended before its time.</summary>
sealed record EndWork;

/// <summary>What whoever answers an alarm found or does.</summary>
sealed record Acknowledgement(string Reason);
