using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Faults;

/// <summary><c>/api/v1/quarantine</c>: the evidence behind what was refused, could not be read, or could not be used.</summary>
sealed class RefusedQuery(BatchLog log, LedgerReader ledger)
{
    const int RowsMax = 200;

    public RefusedView Refused() => new(
        [.. log.Reader.SecurityEvents(RowsMax).Select(one => new SecurityEventView(one.Kind, one.Gateway, one.Subject, one.Detail, EventTime.FromUs(one.FirstUs), EventTime.FromUs(one.LastUs), one.Count))],
        [.. log.Reader.Quarantine(RowsMax).Select(one => new QuarantinedMessage(EventTime.FromUs(one.ReceivedUs), one.Topic, one.Cause, one.Length))],
        [.. ledger.NewestQuarantined(RowsMax).Select(one => new RefusedBatch(EventTime.FromUs(one.AtUs), one.Of.Projection, one.Of.Zone, one.Of.Batch, one.Of.Position, one.Of.Cause))]);
}
