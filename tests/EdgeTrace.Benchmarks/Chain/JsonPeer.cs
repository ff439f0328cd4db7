using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using EdgeTrace.Contract;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeTrace.Benchmarks.Chain;

/// <summary>
/// What one would write instead: a .NET subscriber that takes JSON, smooths with a dictionary of strings, commits visits to SQLite and answers
/// PUBACK after the commit. Made as fast as is usual: generated serializer, large socket buffers, one commit for all that waits.
/// </summary>
static class JsonPeer
{
    const int WaitingMax = 512;
    const int GroupMax = 256;
    static readonly TimeSpan Gap = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(int port, string passwordFile, string database, CancellationToken stop)
    {
        var waiting = Channel.CreateBounded<MqttApplicationMessageReceivedEventArgs>(new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        using var client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += async received =>
        {
            received.AutoAcknowledge = false;
            await waiting.Writer.WriteAsync(received, stop);
        };
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithTcpServer(tcp => tcp.BufferSize = 256 << 10)
            .WithProtocolVersion(MqttProtocolVersion.V500).WithClientId("json-peer").WithCredentials("cloud", (await File.ReadAllTextAsync(passwordFile, stop)).Trim())
            .WithReceiveMaximum(100).Build(), stop);
        await client.SubscribeAsync("edgetrace/v1/+/+/gw/+/reads/+", MqttQualityOfServiceLevel.AtLeastOnce, stop);
        await using var connection = Open(database);
        Console.WriteLine("listening");
        await ConsumeAsync(waiting.Reader, client, connection, stop);
    }

    static async Task ConsumeAsync(ChannelReader<MqttApplicationMessageReceivedEventArgs> waiting, IMqttClient client, SqliteConnection connection, CancellationToken stop)
    {
        var seen = new Dictionary<string, DateTimeOffset>();
        var group = new List<MqttApplicationMessageReceivedEventArgs>(GroupMax);
        while (await waiting.WaitToReadAsync(stop))
        {
            while (group.Count < GroupMax && waiting.TryRead(out var next)) group.Add(next);
            var upto = new Dictionary<string, ulong>();
            await using (var transaction = (SqliteTransaction)await connection.BeginTransactionAsync(stop))
            {
                foreach (var message in group)
                {
                    var batch = JsonSerializer.Deserialize(message.ApplicationMessage.Payload.IsSingleSegment ? message.ApplicationMessage.Payload.FirstSpan : message.ApplicationMessage.Payload.ToArray(), JsonBatches.Default.JsonBatch)!;
                    foreach (var read in batch.Reads) Smooth(read, batch.Portal, seen, transaction);
                    upto[message.ApplicationMessage.Topic] = batch.Sequence;
                }
                await transaction.CommitAsync(stop);
            }
            foreach (var message in group) await message.AcknowledgeAsync(stop);
            foreach (var told in upto.GroupBy(told => told.Key[..told.Key.IndexOf("/reads/", StringComparison.Ordinal)])) await TellAsync(client, told.Key, told, stop);
            group.Clear();
        }
    }

    static void Smooth(JsonRead read, string portal, Dictionary<string, DateTimeOffset> seen, SqliteTransaction transaction)
    {
        var key = $"{read.Epc}|{portal}";
        if (!seen.TryGetValue(key, out var last) || (read.Time - last).Duration() > Gap)
        {
            using var insert = transaction.Connection!.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = "INSERT INTO visits (portal, epc, at, antenna, rssi) VALUES ($portal, $epc, $at, $antenna, $rssi)";
            foreach (var (name, value) in (ReadOnlySpan<(string, object)>)[("$portal", portal), ("$epc", read.Epc), ("$at", read.Time), ("$antenna", read.Antenna), ("$rssi", read.Rssi)])
                insert.Parameters.AddWithValue(name, value);
            insert.ExecuteNonQuery();
        }
        seen[key] = read.Time;
    }

    /// <summary>What the load counts by: as the cloud would, after the commit. A plain pipeline has no such thing; here it must not be measured slower for it.</summary>
    static Task<MqttClientPublishResult> TellAsync(IMqttClient client, string gateway, IEnumerable<KeyValuePair<string, ulong>> told, CancellationToken stop)
    {
        var ack = new Ack();
        foreach (var (topic, upto) in told) ack.Streams.Add(new StreamAck { Stream = topic[(gateway.Length + 1)..], Upto = upto, Known = true });
        return client.PublishBinaryAsync(gateway + "/ack", ack.ToByteArray(), MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: stop);
    }

    static SqliteConnection Open(string database)
    {
        var connection = new SqliteConnection($"Data Source={database}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE visits (id INTEGER PRIMARY KEY, portal TEXT, epc TEXT, at TEXT, antenna INTEGER, rssi REAL)";
        command.ExecuteNonQuery();
        return connection;
    }
}
