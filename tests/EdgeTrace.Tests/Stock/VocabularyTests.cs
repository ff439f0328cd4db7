using System.Text.Json;
using EdgeTrace.Stock;

namespace EdgeTrace.Tests.Stock;

/// <summary>That every business fact can be said in EPCIS 2.0 and FHIR R4 from what the ledger keeps, without a migration.</summary>
public class VocabularyTests
{
    [Fact]
    public void Every_kind_has_words_that_the_standard_has()
    {
        var schema = File.ReadAllText(Path.Combine(Repository.SharedData("epcis/schema"), "EPCIS-JSON-Schema.json"));
        foreach (var kind in Enum.GetValues<EventKind>())
            foreach (var hold in Enum.GetValues<HoldReason>())
            {
                var standard = Vocabulary.Of(kind, hold);
                Assert.Contains($"\"{standard.Type}\"", schema, StringComparison.Ordinal);
                Assert.Contains(standard.Action, (string[])["ADD", "OBSERVE", "DELETE"]);
                foreach (var word in (string?[])[standard.BizStep, standard.Disposition, standard.Sets, standard.Unsets])
                    if (word is not null) Assert.Contains($"\"{word}\"", schema, StringComparison.Ordinal);
            }
    }

    /// <summary>What EPCIS 2.0 §7.4 wants of each type, and where the ledger has it.</summary>
    [Fact]
    public void Every_event_has_what_its_type_wants()
    {
        foreach (var kind in Enum.GetValues<EventKind>())
        {
            var e = Whole(kind);
            var standard = Vocabulary.Of(kind, e.Detail.HoldReason);
            // eventTime, eventTimeZoneOffset, the thing's name, action, bizStep; who and when it was recorded are columns.
            Assert.True(e.AtUs > 0 && e.Subject.Length > 0 && standard.Action.Length > 0 && standard.BizStep.Length > 0, kind.ToString());
            Assert.InRange(e.OffsetMinutes, -14 * 60, 14 * 60);
            if (standard.Type == "AggregationEvent") Assert.NotNull(e.Detail.Container);
            // FHIR: Procedure.subject, .bodySite, .code, .performer, .focalDevice.action; Device.udiCarrier.carrierAIDC, lotNumber, serialNumber, expirationDate.
            if (standard.Type != "AssociationEvent") continue;
            Assert.All((string?[])[e.Detail.Patient, e.Detail.Side, e.Detail.Procedure, e.Detail.Clinician, e.Detail.Case, e.Detail.Carrier, e.Detail.Lot, e.Detail.Serial], value => Assert.NotNull(value));
            Assert.NotNull(e.Detail.Expiry);
            Assert.NotNull(e.Place);
        }
    }

    [Fact]
    public void An_event_comes_back_from_the_ledger_as_it_went_in()
    {
        foreach (var kind in Enum.GetValues<EventKind>())
        {
            var e = Whole(kind);
            Assert.Equal(e.Detail, EdgeTrace.Store.Ledger.StockJson.Detail(EdgeTrace.Store.Ledger.StockJson.Write(e.Detail)));
            Assert.True(Vocabulary.TryRead(kind.Word(), out var again));
            Assert.Equal(kind, again);
        }
    }

    [Fact]
    public void A_state_comes_back_from_the_ledger_as_it_went_in()
    {
        var item = Told.Story([.. Enum.GetValues<EventKind>().Select((kind, n) => Whole(kind) with { AtUs = Told.StartUs + n })]);
        Assert.Equal(JsonSerializer.Serialize(item), JsonSerializer.Serialize(EdgeTrace.Store.Ledger.StockJson.Item(EdgeTrace.Store.Ledger.StockJson.Write(item))));
        var missed = Told.Story(Told.At(0, EventKind.Opening, "store"), Told.At(1, EventKind.Missed));
        Assert.Equal(ItemStatus.InStock, EdgeTrace.Store.Ledger.StockJson.Item(EdgeTrace.Store.Ledger.StockJson.Write(missed)).Seen(long.MaxValue, null).Status);
    }

    static StockEvent Whole(EventKind kind) => Told.At(1, kind, "theatre-1", new()
    {
        Product = "10614141123459", Lot = "A1", Serial = "1001", Expiry = new(2027, 1, 31), Made = new(2025, 1, 31), Epc = "3034257BF7194E4000001A85", Tid = "E280", Carrier = "XWQyMDEx", Scan = "s1",
        From = "store", Destination = "theatre-1", Container = "https://id.gs1.org/8003/1", Owner = "Harrow", Order = "PO1", DespatchAdvice = "D1", Case = "c1", Ticket = "t1", Notice = "n1", Reason = "because",
        HoldReason = HoldReason.Recall, Hold = "h1", Patient = "p1", Side = "left", Procedure = "W371", Clinician = "C123", Witness = "Bob (bob)", Pence = 12345, Inferred = true,
    });
}
