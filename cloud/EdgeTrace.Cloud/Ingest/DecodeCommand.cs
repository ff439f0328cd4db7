using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeTrace.Contract;
using Google.Protobuf;

namespace EdgeTrace.Cloud.Ingest;

/// <summary><c>edgetrace-cloud decode</c>: any internal payload as JSON, for people with a hex dump and a question.</summary>
static class DecodeCommand
{
    static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>In the order guessed: the first whose known fields are all there and none unknown.</summary>
    static readonly (string Name, MessageParser Parser)[] s_kinds =
    [
        ("batch", Batch.Parser), ("birth", Birth.Parser), ("heartbeat", Heartbeat.Parser), ("ack", Ack.Parser), ("state", GatewayState.Parser), ("command", Contract.Command.Parser),
    ];

    public static System.CommandLine.Command Create()
    {
        var payload = new Argument<string>("FILE") { Description = "A payload as it travels, or - for standard input." };
        var kind = new Option<string>("--kind") { Description = "What it is; guessed when left out." };
        kind.AcceptOnlyFromAmong([.. s_kinds.Select(one => one.Name)]);
        var command = new System.CommandLine.Command("decode", """
            Prints an internal payload as JSON, read columns expanded.

            Examples:
              edgetrace-cloud decode batch.bin
              mosquitto_sub -t 'edgetrace/v1/+/+/gw/+/birth' -C 1 -N | edgetrace-cloud decode - --kind birth
            """) { payload, kind };
        command.SetAction(parsed => CommandLine.Offline(() =>
        {
            var json = Decode(ReadAll(parsed.GetRequiredValue(payload)), parsed.GetValue(kind));
            Console.WriteLine(json.ToJsonString(s_indented));
        }));
        return command;
    }

    /// <exception cref="InvalidDataException">The bytes are no payload of that kind, or of none.</exception>
    internal static JsonObject Decode(byte[] bytes, string? kind)
    {
        foreach (var (name, parser) in s_kinds)
        {
            if (kind is not null && kind != name) continue;
            try
            {
                var message = parser.ParseFrom(bytes);
                // A field that this kind does not have speaks against a guess, but not against being told.
                if (kind is null && (message.CalculateSize() == 0 || !IsPlausible(message))) continue;
                return new() { ["kind"] = name, [name] = message is Batch batch ? Expand(batch) : Json(message) };
            }
            catch (InvalidProtocolBufferException error) when (kind is not null)
            {
                throw new InvalidDataException($"These {bytes.Length} bytes are no {kind}: {error.Message}", error);
            }
            catch (InvalidProtocolBufferException)
            {
                // Not this kind; try the next.
            }
        }
        throw new InvalidDataException($"These {bytes.Length} bytes are none of {string.Join(", ", s_kinds.Select(one => one.Name))}.");
    }

    static byte[] ReadAll(string file)
    {
        if (file != "-") return File.ReadAllBytes(file);
        using var all = new MemoryStream();
        using var input = Console.OpenStandardInput();
        input.CopyTo(all);
        return all.ToArray();
    }

    static bool IsPlausible(IMessage message) => message switch
    {
        Batch batch => batch.Header is { Stream.Length: > 0, Epoch: > 0 },
        Birth birth => GatewayTopics.IsWord(birth.Gateway) && birth.Boot.Length > 0,
        Heartbeat beat => beat.Boot.Length > 0 && beat.SentUs > 0 && beat.Streams.All(stream => StreamName.IsValid(stream.Stream)),
        Ack ack => ack.Streams.All(stream => StreamName.IsValid(stream.Stream)),
        GatewayState state => state.Boot.Length > 0,
        Contract.Command command => command.Id.Length > 0,
        _ => false,
    };

    static JsonObject Json(IMessage message) => JsonNode.Parse(JsonFormatter.Default.Format(message))!.AsObject();

    static JsonObject Expand(Batch batch)
    {
        var json = Json(batch);
        if (batch.BodyCase != Batch.BodyOneofCase.Reads || batch.Reads.Columns.IsEmpty) return json;
        var reads = json["reads"]!.AsObject();
        reads.Remove("columns");
        reads["columnsBytes"] = batch.Reads.Columns.Length;
        try
        {
            var columns = new ReadColumns();
            columns.Decode(batch.Reads.Columns.Span);
            reads["rows"] = new JsonArray([.. Enumerable.Range(0, columns.Count).Select(read => Row(columns, read))]);
        }
        catch (ColumnFormatException error)
        {
            reads["columnsDamaged"] = error.Message;
        }
        return json;
    }

    static JsonObject Row(ReadColumns columns, int read)
    {
        var (row, entry) = (columns.Row(read), columns.Entry[read]);
        var json = new JsonObject
        {
            ["epc"] = Convert.ToHexString(columns.Epc(entry)), ["time"] = Instant(row.TimeUs), ["antenna"] = row.Antenna, ["rssiDbm"] = row.RssiCentiDbm / 100.0,
        };
        if (row.Count != 1) json["count"] = row.Count;
        if (row.LastUs != row.TimeUs) json["last"] = Instant(row.LastUs);
        if (row.Phase != ReadRow.PhaseNotTold) json["phase"] = row.Phase;
        if (row.Channel != 0) json["channel"] = row.Channel;
        if (row.Doppler != ReadRow.DopplerNotTold) json["dopplerHz"] = row.Doppler / 16.0;
        if (columns.Pc(entry) != 0) json["pc"] = columns.Pc(entry);
        if (columns.Tid(entry).Length > 0) json["tid"] = Convert.ToHexString(columns.Tid(entry));
        return json;
    }

    /// <summary>Every number is a time to a 64-bit count of microseconds, but not to a calendar.</summary>
    static string Instant(long us) => us is > 0 and < 253402300800000000
        ? DateTimeOffset.UnixEpoch.AddMicroseconds(us).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture)
        : $"{us} µs";
}
