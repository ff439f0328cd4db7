using EdgeTrace.Identity;

namespace EdgeTrace.Tests.Identity;

/// <summary>The public EPC vectors: every row of a scheme we read, both ways and in every spelling; every other row named and refused.</summary>
public class EpcVectorTests(ITestOutputHelper output)
{
    const int Year = 2026;

    [Fact]
    public void Examples_of_the_standard_hold_in_every_spelling()
    {
        foreach (var row in Vectors.Own("tags.csv"))
        {
            var tag = AssertTag(row["hex"], row["tag_uri"]);
            Assert.Equal(row["pure_uri"], tag.ToPureUri());
            Assert.Equal(row["digital_link"], tag.ToDigitalLink());
            Assert.Equal(row["elements"], tag.ToElementString());
        }
    }

    [Fact]
    public void Published_rows_of_the_96_bit_schemes_hold_and_all_others_are_refused_by_name()
    {
        var (passed, named, refused, wrong) = (0, 0, 0, new List<string>());
        foreach (var row in Vectors.Shared("epc-vectors.csv"))
        {
            if (row["uri"] == "ERROR")
            {
                var error = "not hexadecimal of whole bytes";
                Assert.False(Epc.TryParse(row["hex"], out var bad) && Gs1Tag.TryDecode(bad, out _, out error));
                output.WriteLine($"refused  {row["hex"]}: {error}");
                refused++;
            }
            else if (IsDecoded(row["hex"]))
            {
                var tag = AssertTag(row["hex"], row["uri"]);
                if (row["gs1_tdt22_check"].StartsWith("tool differs", StringComparison.Ordinal))
                {
                    wrong.Add($"{row["hex"]} {row["note"]}: the row's tag URI holds, its other columns were made by that tool");
                }
                else
                {
                    Assert.Equal(row["pure_identity_uri"], tag.ToPureUri());
                    Assert.Equal(row["digital_link"], tag.ToDigitalLink());
                    Assert.Equal(row["gs1_ai_json"], Json(tag));
                    if (row["gs1_element_string"].Length > 0) Assert.Equal(row["gs1_element_string"], tag.ToElementString());
                }
                passed++;
            }
            else
            {
                var scheme = EpcSchemes.Of(Convert.ToByte(row["hex"][..2], 16));
                Assert.Equal(row["scheme"], scheme.Name());
                if (Epc.TryParse(row["hex"], out var epc))
                {
                    Assert.False(Gs1Tag.TryDecode(epc, out _, out var error));
                    Assert.Equal($"{row["scheme"]}: not decoded yet", error);
                }
                named++;
            }
        }
        output.WriteLine($"epc-vectors.csv: {passed} of the 96-bit GS1 schemes hold, {refused} bad ones refused, {named} of other schemes named; known wrong in part {wrong.Count}:");
        wrong.ForEach(output.WriteLine);
        Assert.Equal((20, 8, 53, 2), (passed, refused, named, wrong.Count));
    }

    [Fact]
    public void Rows_made_by_the_tool_of_GS1_hold_in_every_spelling()
    {
        var (passed, named, wrong) = (0, 0, 0);
        foreach (var row in Vectors.Shared("epc-gs1-tdt-generated.csv"))
        {
            if (!IsDecoded(row["hex"]))
            {
                Assert.Equal(row["scheme"], EpcSchemes.Of(Convert.ToByte(row["hex"][..2], 16)).Name());
                named++;
                continue;
            }
            var tag = AssertTag(row["hex"], row["tag_uri"]);
            Assert.Equal(row["pure_uri"], tag.ToPureUri());
            passed++;
            if (tag.Scheme == EpcScheme.Sgln96 && tag.Serial == 0)
            {
                // Extension 0 is how a tag says "no extension" (TDS 1.13 §6.3.3); the tool prints it, the canonical links of the third vector file do not.
                Assert.Equal(row["digital_link"], tag.ToDigitalLink() + "/254/0");
                wrong++;
                continue;
            }
            Assert.Equal(row["digital_link"], tag.ToDigitalLink());
            Assert.Equal(row["gs1_ai_json"], Json(tag));
        }
        output.WriteLine($"epc-gs1-tdt-generated.csv: {passed} of the 96-bit GS1 schemes hold, {named} of other schemes named; in {wrong} SGLN rows the tool writes the extension 0 that means none");
        Assert.Equal((147, 80, 13), (passed, named, wrong));
    }

    [Fact]
    public void Pure_URIs_become_the_published_Digital_Links()
    {
        var (passed, textual) = (0, 0);
        foreach (var row in Vectors.Shared("uri-to-canonical-digitallink-vectors.csv"))
        {
            var uri = row["input_uri"];
            if (!uri.StartsWith("urn:epc:id:", StringComparison.Ordinal) || uri.Split(':')[3] is not ("sgtin" or "sscc" or "sgln" or "grai" or "giai")) continue;
            if (Gs1Tag.TryParse(uri, out var tag, out var error))
            {
                Assert.Equal(row["expected_canonical_gs1_digital_link"], tag.ToDigitalLink());
                passed++;
            }
            else
            {
                Assert.Contains("is not a plain number of SGTIN-96", error);
                textual++;
            }
        }
        output.WriteLine($"uri-to-canonical-digitallink-vectors.csv: {passed} hold, {textual} have serials no 96-bit tag can hold and say so");
        Assert.Equal((4, 2), (passed, textual));
    }

    static bool IsDecoded(string hex) => EpcSchemes.Of(Convert.ToByte(hex[..2], 16)).IsDecoded();

    static string Json(Gs1Tag tag) => "{" + string.Join(",", tag.ToElements().Select(element => $"\"{element.Ai}\":\"{element.Value}\"")) + "}";

    /// <summary>Bits to fields to every spelling and from each back to the bits.</summary>
    static Gs1Tag AssertTag(string hex, string tagUri)
    {
        var epc = Epc.Parse(hex);
        Assert.True(Gs1Tag.TryDecode(epc, out var tag, out var error), $"{hex}: {error}");
        Assert.Equal(tagUri, tag.ToTagUri());
        Assert.Equal(tagUri, epc.ToUri());
        Assert.Equal(epc, tag.ToEpc());
        Assert.True(Gs1Tag.TryParse(tagUri, out var fromTagUri, out error), error);
        Assert.Equal(tag, fromTagUri);
        Assert.True(Gs1Tag.TryParse(tag.ToPureUri(), out var fromPureUri, out error, tag.Filter), error);
        Assert.Equal(tag, fromPureUri);
        Assert.True(DigitalLink.TryParse(tag.ToDigitalLink(), Year, out var elements, out error), error);
        Assert.Equal(tag.ToElements(), elements);
        Assert.True(Gs1Tag.TryCreateFrom(elements, tag.CompanyPrefix.Length, out var fromElements, out error, tag.Filter), error);
        Assert.Equal(tag, fromElements);
        return tag;
    }
}
