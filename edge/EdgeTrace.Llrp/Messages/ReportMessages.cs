using EdgeTrace.Llrp.Parameters;

namespace EdgeTrace.Llrp.Messages;

/// <summary>Send what you have seen, now. The answer is a report, which echoes no id.</summary>
public sealed record GetReport() : LlrpMessage(LlrpMessageType.GetReport);

/// <summary>Tags that were seen; it may be empty. As an object, for tests and tools: a stream of them is read by <see cref="Reports.LlrpReportReader"/>.</summary>
public sealed record RoAccessReport() : LlrpMessage(LlrpMessageType.RoAccessReport)
{
    public IEnumerable<TagReportData> Tags => Parameters.All<TagReportData>();
}

/// <summary>Something happened in the reader.</summary>
public sealed record ReaderEventNotification() : LlrpMessage(LlrpMessageType.ReaderEventNotification)
{
    public ReaderEventNotification(params ReadOnlySpan<LlrpParameter> timestampAndEvents) : this() =>
        Parameters = [new ReaderEventNotificationData { Parameters = ParameterList.Create(timestampAndEvents) }];

    public ReaderEventNotificationData Data => Parameters.Require<ReaderEventNotificationData>(this);
}

/// <summary>Release the events and reports held since the connection was made.</summary>
public sealed record EnableEventsAndReports() : LlrpMessage(LlrpMessageType.EnableEventsAndReports);
