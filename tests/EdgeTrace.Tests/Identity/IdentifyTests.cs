using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Identify;
using EdgeTrace.Identity;
using EdgeTrace.Tests.Api;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Identity;

/// <summary>One answer for any code: the command's line and the address for the page's search box.</summary>
public class IdentifyTests
{
    static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("3074257BF7194E4000001A85", "epc", "SGTIN-96", "urn:epc:tag:sgtin-96:3.0614141.812345.6789", "https://id.gs1.org/01/80614141123458/21/6789", null, "6789", null)]
    [InlineData("3974257BF46072CD9615F8800000000000000000000000000", "epc", "SGLN-195", "urn:epc:tag:sgln-195:3.0614141.12345.32a%2Fb", "https://id.gs1.org/414/0614141123452/254/32a%2Fb", null, null, null)]
    [InlineData("F7909506000134352624B510622F517385D", "epc", "SGTIN+", null, "https://id.gs1.org/01/09506000134352/10/L1/21/S1?17=280229", "L1", "S1", "2028-02-29")]
    [InlineData("urn:epc:id:sgtin:0614141.812345.6789", "epcUri", null, null, "https://id.gs1.org/01/80614141123458/21/6789", null, "6789", null)]
    [InlineData("urn:epc:class:lgtin:4012345.012345.998877", "epcUri", null, null, "https://id.gs1.org/01/04012345123456/10/998877", "998877", null, null)]
    [InlineData("urn:epc:idpat:sgtin:4012345.012345.*", "epcUri", null, null, "https://id.gs1.org/01/04012345123456", null, null, null)]
    [InlineData("https://example.com/01/05412345000013/10/A%2F1?17=290300", "digitalLink", null, null, "https://id.gs1.org/01/05412345000013/10/A%2F1?17=290300", "A/1", null, "2029-03-31")]
    [InlineData(@"]d201054123450000131729033110LOT-7\x1D21S-1", "gs1", null, null, "https://id.gs1.org/01/05412345000013/10/LOT-7/21/S-1?17=290331", "LOT-7", "S-1", "2029-03-31")]
    [InlineData("(01)05412345000013(10)lot", "gs1", null, null, "https://id.gs1.org/01/05412345000013/10/lot", "lot", null, null)]
    [InlineData("5412345000013", "gtin", null, null, "https://id.gs1.org/01/05412345000013", null, null, null)]
    [InlineData("+J123AQ3451/$$0125BC34567/S4012K", "hibc", null, null, null, "BC34567", "4012", "2025-01-31")]
    [InlineData("=/A9999XYZ100T0944=,000025=A99971312345600=>014032", "isbt128", null, null, null, null, "000025", "2014-02-01")]
    [InlineData("943 476 5919", "nhsNumber", null, null, null, null, null, null)]
    public void A_good_code_is_told_in_one_line(string code, string kind, string? scheme, string? tagUri, string? link, string? lot, string? serial, string? expiry)
    {
        var json = JsonDocument.Parse(CodeViews.Json(code, Time)).RootElement;
        string? Text(string name) => json.GetProperty(name).GetString();
        Assert.Equal((code, kind, scheme, tagUri, link), (Text("input"), Text("kind"), Text("scheme"), Text("tagUri"), Text("digitalLink")));
        Assert.Equal((lot, serial, expiry, null), (Text("lot"), Text("serial"), Text("expiry"), Text("error")));
        Assert.Equal(JsonValueKind.Array, json.GetProperty("warnings").ValueKind);
        Assert.NotEmpty(json.GetProperty("elements").EnumerateObject());
    }

    [Theory]
    [InlineData("303C83F1B7DD441678901234", "epc", "partition 7 is reserved")]
    [InlineData("309B60F9A167850019EA8A4", "epc", "23 hexadecimal digits")]
    [InlineData("30285471BD5A0A56789G1234", "unknown", "neither a symbology identifier")]
    [InlineData("000000000000000000000000", "epc", "unprogrammed")]
    [InlineData("E20000000000000000000000", "epc", "TID")]
    [InlineData("urn:epc:id:sgtin:0614141.81234.6789", "epcUri", "must have 6 digits")]
    [InlineData("https://example.com/", "digitalLink", "no key")]
    [InlineData("(01)05412345000014", "gs1", "check digit 4 should be 3")]
    [InlineData("+A123BJC5D6E71X", "hibc", "should be 'G'")]
    [InlineData("=G12341765432171", "isbt128", "flags 71 should be 70")]
    [InlineData("9434765918", "unknown", "neither a symbology identifier")]
    [InlineData("", "unknown", "empty")]
    public void What_cannot_be_read_is_kept_and_explained(string code, string kind, string error)
    {
        var json = JsonDocument.Parse(CodeViews.Json(code, Time)).RootElement;
        Assert.Equal((code, kind), (json.GetProperty("input").GetString(), json.GetProperty("kind").GetString()));
        Assert.Contains(error, json.GetProperty("error").GetString());
    }

    [Fact]
    public void A_wristband_is_a_patient_only_under_the_configured_prefix()
    {
        const string Wristband = "]d28018505013794347659192";
        var patients = CompanyPrefix.Parse("5050137");
        Assert.Null(Identification.Of(Wristband, 2026).Error);
        Assert.Null(Identification.Of(Wristband, 2026).Patient);
        Assert.Equal("943 476 5919", Identification.Of(Wristband, 2026, patients).Patient!.Value.ToSpaced());
        Assert.Null(Identification.Of(Wristband, 2026, CompanyPrefix.Parse("5050138")).Patient);
    }

    [Fact]
    public void Keys_of_other_issuers_never_meet()
    {
        var hibc = Identification.Of("+J123AQ3451/$$0125BC34567/S4012K", 2026);
        var gs1 = Identification.Of("(01)05412345000013(10)BC34567(21)4012", 2026);
        Assert.Equal(("hibc:J123AQ3451/serial/4012", "hibc:J123AQ3451/lot/BC34567"), (hibc.ItemKey.ToString(), hibc.LotKey.ToString()));
        Assert.NotEqual(hibc.ItemKey, gs1.ItemKey);
        Assert.True(ProductKey.TryParse(hibc.Product.ToString(), out var product) && product == hibc.Product);
        Assert.True(ProductKey.TryParse(gs1.Product.ToString(), out product) && product == gs1.Product);
        Assert.False(ProductKey.TryParse("hibc:", out _));
        Assert.Null(Identification.Of("(01)05412345000013(10)BC34567", 2026).ItemKey);
    }

    [Fact]
    public async Task The_address_says_what_the_command_says()
    {
        await using var rig = await ApiRig.StartAsync();
        var view = await rig.Http.GetFromJsonAsync<CodeView>("/api/v1/identify?code=" + Uri.EscapeDataString(@"]d2010541234500001310A\x1D21B"));
        Assert.Equal(("gs1", "A", "B", null), (view!.Kind, view.Lot, view.Serial, view.Error));
        Assert.Equal(HttpStatusCode.BadRequest, (await rig.Http.GetAsync("/api/v1/identify")).StatusCode);
        var scanners = await rig.Http.GetFromJsonAsync<SeparatorView[]>("/api/v1/scanners/separators");
        Assert.All(scanners!, scanner => Assert.Equal((0, null), (scanner.Scans, scanner.Say)));
    }
}
