using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Api;

/// <summary>A business event for other systems: a CloudEvents 1.0 envelope around the fact, under the fact's own id.</summary>
sealed record CloudEvent(string Specversion, string Id, string Source, string Type, string Subject, DateTimeOffset Time, string Datacontenttype, object? Data);

/// <summary>A page of events; ask again with <c>after={Next}</c>.</summary>
sealed record EventPage(IReadOnlyList<CloudEvent> Events, long Next);

/// <summary>What an EPCIS 2.0 ObjectEvent says of a movement.</summary>
sealed record ObjectEvent(
    string Type, string EventID, DateTimeOffset EventTime, string EventTimeZoneOffset, IReadOnlyList<string> EpcList, string Action, string BizStep, string Disposition,
    EpcisPlace ReadPoint, EpcisPlace? BizLocation, MovementView Movement);

sealed record EpcisPlace(string Id);

/// <summary>The feed as CloudEvents; movements carry an EPCIS body with the house's own view beside it.</summary>
sealed class EventViews(LedgerReader ledger, FeedViews feed, SiteModel site)
{
    public EventPage After(long cursor, int max)
    {
        var rows = ledger.Feed(cursor, max);
        return new([.. rows.Select(Of)], rows.Count > 0 ? rows[^1].Cursor : cursor);
    }

    CloudEvent Of(FeedRow row)
    {
        var happened = feed.Of(row);
        var source = $"/edgetrace/{site.Trust.Id}/{site.Site.Id}";
        // One fact may be told in phases (raised, ended): each is an event of its own, and a repeated one has the same id.
        var id = row.Phase.Length == 0 ? row.Fact : $"{row.Fact}.{row.Phase}";
        object? data = happened.Kind switch
        {
            FeedKind.Movement => Epcis(happened.Movement!),
            FeedKind.Scan => happened.Scan,
            FeedKind.Alarm or FeedKind.Exit => happened.Alarm,
            _ => happened.Equipment,
        };
        return new("1.0", id, source, $"org.edgetrace.{row.Kind}.v1", row.Fact, EventTime.FromUs(row.EventUs), "application/json", data);
    }

    ObjectEvent Epcis(MovementView movement)
    {
        var local = TimeZoneInfo.ConvertTime(movement.At, site.TimeZone);
        var offset = local.Offset;
        var epc = Identity.Epc.TryParse(movement.Item.Key, out var tag) ? Identity.EpcUris.ToPureUri(tag) : $"urn:epc:raw:{movement.Item.Key.Length * 4}.x{movement.Item.Key}";
        return new(
            "ObjectEvent", $"urn:uuid:{movement.Id}", movement.At, $"{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}", [epc], "OBSERVE",
            movement.Direction switch { "in" => "arriving", "out" => "departing", _ => "other" }, "in_progress",
            new($"urn:edgetrace:portal:{movement.Portal}"), movement.To is null ? null : new($"urn:edgetrace:location:{movement.To}"), movement);
    }
}
