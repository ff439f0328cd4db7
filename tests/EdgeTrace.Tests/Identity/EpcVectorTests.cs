using System.Globalization;
using System.Text.Json;
using EdgeTrace.Identity;
using EdgeTrace.Tests.Identity.Scoring;

namespace EdgeTrace.Tests.Identity;

/// <summary>The public EPC vectors, every row both ways and in every spelling, and our tables against GS1's own.</summary>
public class EpcVectorTests(ITestOutputHelper output)
{
    const int Year = 2026;

    [Fact]
    public void Examples_of_the_standard_hold_in_every_spelling()
    {
        foreach (var row in Vectors.Own("tags.csv"))
        {
            var said = Identification.Of(row["hex"], Year);
            Assert.Null(said.Error);
            Assert.Equal((row["tag_uri"], row["pure_uri"], row["digital_link"], row["elements"]), (said.TagUri ?? "", said.PureUri ?? "", said.DigitalLink ?? "", ElementString.ToBracketed(said.Elements)));
            if (row["tag_uri"].Length == 0) continue;
            Assert.True(EpcUris.TryParse(row["tag_uri"], out var epc, out var error), error);
            Assert.Equal(row["hex"].TrimEnd('0'), epc.ToString().TrimEnd('0'));
            Assert.Equal(row["tag_uri"], epc.ToUri());
        }
    }

    [Fact]
    public void Published_tags_hold_in_every_spelling() => AssertHolds("epc-vectors.csv", EpcScore.Judge, rows: 81, knownWrong: 9);

    [Fact]
    public void Tags_made_by_the_tool_of_GS1_hold_in_every_spelling() => AssertHolds("epc-gs1-tdt-generated.csv", EpcScore.JudgeGenerated, rows: 227, knownWrong: 13);

    [Fact]
    public void URIs_and_addresses_become_the_published_Digital_Links() => AssertHolds("uri-to-canonical-digitallink-vectors.csv", EpcScore.JudgeLink, rows: 42, knownWrong: 0);

    void AssertHolds(string file, Func<Dictionary<string, string>, string?> judge, int rows, int knownWrong)
    {
        var score = Score.Of(file, Vectors.Shared(file), judge);
        output.WriteLine(score.ToString());
        Assert.Empty(score.Failures);
        Assert.Equal((rows, knownWrong), (score.Rows, score.KnownWrong.Count));
    }

    [Fact]
    public void Both_readers_of_plain_tags_say_the_same()
    {
        foreach (var row in Vectors.Shared("epc-gs1-tdt-generated.csv"))
        {
            var epc = Epc.Parse(row["hex"].Length % 2 == 0 ? row["hex"] : row["hex"] + "0");
            if (!Gs1Tag.TryDecode(epc, out var tag)) continue;
            Assert.True(TagContent.TryDecode(epc, out var content, out var error), error);
            Assert.Equal((tag.ToTagUri(), tag.ToPureUri(), tag.ToDigitalLink(), tag.ToEpc()), (content.TagUri, content.PureUri, content.DigitalLink, content.ToEpc()));
        }
    }

    [Fact]
    public void Our_drawings_are_those_of_GS1()
    {
        var drawn = 0;
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.SharedData("identity"), "tdt"), "*.json"))
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file));
            if (!json.RootElement.TryGetProperty("tdt:epcTagDataTranslation", out var translation)) continue;
            var scheme = translation.GetProperty("scheme");
            var name = scheme.GetProperty("name").GetString()!;
            var binary = scheme.GetProperty("level").EnumerateArray().Single(level => level.GetProperty("type").GetString() == "BINARY");
            var header = Convert.ToByte(binary.GetProperty("prefixMatch").GetString(), 2);
            Assert.Equal(name, EpcSchemes.Of(header).Name());
            foreach (var option in binary.GetProperty("option").EnumerateArray())
            {
                if (TagScheme.Of((EpcScheme)header) is { } ours) AssertDrawn(ours, scheme, option);
                else Assert.Equal(option.GetProperty("encodedAI").EnumerateArray().Select(ai => ai.GetProperty("ai").GetString()), PlusTag.KeyOf((EpcScheme)header)!);
            }
            drawn++;
        }
        output.WriteLine($"{drawn} schemes drawn as GS1 draws them");
        Assert.Equal(16, drawn);
    }

    /// <summary>One partition of one scheme: the widths of its fields, and the most each may say.</summary>
    static void AssertDrawn(TagScheme ours, JsonElement scheme, JsonElement option)
    {
        var prefixLength = int.Parse(option.GetProperty("optionKey").GetString()!, CultureInfo.InvariantCulture);
        var fields = option.GetProperty("field").EnumerateArray().ToArray();
        Assert.Equal(scheme.GetProperty("tagLength").GetInt32(), ours.Bits);
        var widths = new List<int>();
        var prefixBits = (int)TagScheme.PrefixBits[CompanyPrefix.LengthMax - prefixLength];
        foreach (var (part, bits) in ours.Parts)
        {
            if (part == TagPart.Zero) Assert.Contains(new string('0', bits), option.GetProperty("grammar").GetString());
            else widths.AddRange(part is TagPart.KeyDigits or TagPart.KeyNumber or TagPart.KeyText ? [prefixBits, bits - prefixBits] : [bits]);
        }
        Assert.Equal(fields.Select(field => field.GetProperty("bitLength").GetInt32()), widths);
        Assert.Equal(DigitText.Of(PowerOfTen.Of(prefixLength) - 1), fields[1].GetProperty("decimalMaximum").GetString());
        if (fields[2].TryGetProperty("decimalMaximum", out var most))
            Assert.Equal(most.GetString(), DigitText.Of(ours.Parts[1].Part == TagPart.KeyNumber ? ours.NumberMax(prefixLength, widths[2]) : PowerOfTen.Of(ours.KeyDigits - prefixLength) - 1));
    }

    [Fact]
    public void The_forms_of_values_on_tags_are_those_of_GS1()
    {
        using var tableF = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.SharedData("identity"), "tdt", "TDT_TableF.json")));
        var rows = tableF.RootElement.GetProperty("rows").EnumerateArray().ToArray();
        foreach (var row in rows)
        {
            var code = row.GetProperty("a").GetString()!;
            var second = Form(row, "i", "k", "l", "n", "o");
            Assert.Equal((code, Form(row, "b", "d", "e", "g", "h") + (second.Length > 0 ? "+" + second : "")), (code, PlusValue.FormOf(code)));
            Assert.NotNull(ApplicationIdentifier.Find(code));
        }
        Assert.Equal(rows.Length, ApplicationIdentifier.Every.Count(ai => PlusValue.Has(ai.Code)));

        using var tableB = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.SharedData("identity"), "tdt", "TDT_TableB.json")));
        foreach (var row in tableB.RootElement.GetProperty("rows").EnumerateArray())
            Assert.Equal(row.GetProperty("b").GetString(), DigitText.Of((ulong)PlusValue.BitsOfDigits(int.Parse(row.GetProperty("a").GetString()!, CultureInfo.InvariantCulture))));

        using var tableK = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.SharedData("identity"), "tdt", "TDT_TableK.json")));
        foreach (var row in tableK.RootElement.GetProperty("rows").EnumerateArray())
            Assert.All(ApplicationIdentifier.Every.Where(ai => ai.Code.StartsWith(row.GetProperty("a").GetString()!, StringComparison.Ordinal)), ai => Assert.Equal(row.GetProperty("b").GetString(), DigitText.Of((ulong)ai.Code.Length)));
        output.WriteLine($"{rows.Length} identifiers can be carried by tags");
    }

    static string Form(JsonElement row, string format, string characters, string bits, string lengthBits, string most)
    {
        string Of(string column) => row.TryGetProperty(column, out var value) ? value.GetString()! : "";
        return Of(format) switch
        {
            "" => "",
            "Fixed-length numeric" => $"n{Of(characters)}",
            "Fixed-Bit-Length Numeric String" => $"b{Of(characters)}/{Of(bits)}",
            "Variable-length alphanumeric" => $"v{Of(most)}/{Of(lengthBits)}",
            "Variable-length numeric string without encoding indicator" => $"u{Of(most)}/{Of(lengthBits)}",
            "Delimited/terminated numeric" => $"g{Of(most)}/{Of(lengthBits)}",
            "6-digit date YYMMDD" => "d",
            "10-digit date+time YYMMDDhhmm" => "t",
            "Variable-format date / date range" => "r",
            "Variable-precision date+time" => "p",
            "Country code (ISO 3166-1 alpha-2)" => "c",
            "Single data bit" => "o",
            "Optional minus sign in 1 bit" => "m",
            "Sequence indicator" => "s",
            var other => other,
        };
    }
}
