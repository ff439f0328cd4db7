using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeTrace.Contract;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Ingest;

/// <summary><c>edgetrace-cloud log</c>: what is in the batch log, counted from its bytes.</summary>
static class LogCommand
{
    const int PageMax = 256;

    public static System.CommandLine.Command Create()
    {
        var config = CommandLine.ConfigOption();
        var asJson = new Option<bool>("--json") { Description = "One JSON object instead of a table." };
        var command = new System.CommandLine.Command("log", """
            Counts what the batch log holds: every body is decoded, nothing is taken from running totals. Works beside a running cloud.

            Examples:
              edgetrace-cloud log --config cloud.json
              edgetrace-cloud log --config cloud.json --json
            """) { config, asJson };
        command.SetAction(parsed => CommandLine.Offline(() =>
        {
            var folder = CommandLine.DataDirectory(parsed.GetRequiredValue(config));
            using var reader = BatchLogReader.Open(folder);
            var counted = LogCensus.Count(reader);
            if (parsed.GetValue(asJson)) Console.WriteLine(counted.ToJson().ToJsonString());
            else counted.Print(Console.Out);
        }));
        return command;
    }

    /// <summary>The figures of one pass over the log.</summary>
    internal sealed class LogCensus
    {
        readonly SortedDictionary<(string Gateway, string Stream, ulong Epoch), Line> _lines = [];

        // Exact, not a sketch: 16 bytes of hash a read, so a log of 10 million reads takes about half a gigabyte to check.
        readonly HashSet<UInt128> _reads = [];
        readonly HashSet<BatchId> _identities = [];

        public long Reads { get; private set; }
        public long Scans { get; private set; }
        public long Samples { get; private set; }
        public long DuplicateIdentities { get; private set; }
        public long DuplicateReads { get; private set; }
        public long Quarantined { get; private set; }
        readonly SortedDictionary<LossCause, (long Records, long Readings, double Seconds)> _losses = [];

        public static LogCensus Count(BatchLogReader reader)
        {
            var census = new LogCensus();
            var columns = new ReadColumns();
            for (var after = 0L; ;)
            {
                var page = reader.Read(after, PageMax);
                if (page.Count == 0) break;
                foreach (var batch in page) census.Add(batch, columns);
                after = page[^1].Position;
            }
            return census;
        }

        public JsonObject ToJson() => new()
        {
            ["streams"] = new JsonArray([.. _lines.Select(line => new JsonObject
            {
                ["gateway"] = line.Key.Gateway, ["stream"] = line.Key.Stream, ["epoch"] = line.Key.Epoch.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
                ["batches"] = line.Value.Batches, ["readings"] = line.Value.Readings, ["upto"] = line.Value.Upto,
            })]),
            ["totals"] = new JsonObject { ["reads"] = Reads, ["scans"] = Scans, ["samples"] = Samples },
            ["quarantined"] = Quarantined,
            ["duplicateIdentities"] = DuplicateIdentities,
            ["duplicateReads"] = DuplicateReads,
            ["losses"] = new JsonArray([.. _losses.Select(loss => new JsonObject
            {
                ["cause"] = loss.Key.ToString().ToLowerInvariant(), ["records"] = loss.Value.Records, ["readings"] = loss.Value.Readings, ["seconds"] = Math.Round(loss.Value.Seconds, 3),
            })]),
        };

        public void Print(TextWriter to)
        {
            foreach (var ((gateway, stream, epoch), line) in _lines)
                to.WriteLine($"{gateway} {stream,-40} epoch {epoch:x16}  upto {line.Upto,8}  batches {line.Batches,8}  readings {line.Readings,10}");
            foreach (var (cause, (records, readings, seconds)) in _losses) to.WriteLine($"lost and named: {cause}: {records} records, {readings} readings, {seconds:0.0} s");
            to.WriteLine($"reads {Reads}, scans {Scans}, samples {Samples}; quarantined batches {Quarantined}; twice: {DuplicateIdentities} identities, {DuplicateReads} reads");
        }

        void Add(LoggedBatch logged, ReadColumns columns)
        {
            var id = logged.Id;
            if (!_identities.Add(id)) DuplicateIdentities++;
            if (!_lines.TryGetValue((id.Gateway, id.Stream, id.Epoch), out var line)) _lines.Add((id.Gateway, id.Stream, id.Epoch), line = new());
            line.Batches++;
            line.Upto = Math.Max(line.Upto, id.Sequence);
            if (logged.QuarantineCause is not null)
            {
                Quarantined++;
                return;
            }
            var batch = Batch.Parser.ParseFrom(logged.Body.Span);
            foreach (var loss in batch.Header.Losses)
            {
                var (records, readings, seconds) = _losses.GetValueOrDefault(loss.Cause);
                _losses[loss.Cause] = (records + 1, readings + (long)loss.Readings, seconds + (loss.FromUs > 0 && loss.ToUs > loss.FromUs ? (loss.ToUs - loss.FromUs) / 1e6 : 0));
            }
            switch (batch.BodyCase)
            {
                case Batch.BodyOneofCase.Reads:
                    var reads = AddReads(id, batch.Reads, columns);
                    line.Readings += reads;
                    Reads += reads;
                    break;
                case Batch.BodyOneofCase.Scans:
                    line.Readings += batch.Scans.Scans.Count;
                    Scans += batch.Scans.Scans.Count;
                    break;
                case Batch.BodyOneofCase.Samples:
                    line.Readings += batch.Samples.Samples.Count;
                    Samples += batch.Samples.Samples.Count;
                    break;
                default: line.Readings += batch.Header.Readings; break;
            }
        }

        /// <summary>A read is there twice when portal, EPC, antenna and first-seen microsecond are.</summary>
        int AddReads(BatchId id, ReadBatch batch, ReadColumns columns)
        {
            if (batch.Columns.IsEmpty) return 0;
            columns.Decode(batch.Columns.Span);
            Span<byte> key = stackalloc byte[ReadColumns.EpcBytesMax + 14];
            var portal = (long)System.IO.Hashing.XxHash3.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(id.Stream));
            for (var read = 0; read < columns.Count; read++)
            {
                var epc = columns.Epc(columns.Entry[read]);
                epc.CopyTo(key);
                System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(key[epc.Length..], columns.TimeUs[read]);
                System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(key[(epc.Length + 8)..], columns.Antenna[read]);
                // What came twice came whole; two reads of one tag in one microsecond differ in how they were heard.
                System.Buffers.Binary.BinaryPrimitives.WriteInt16LittleEndian(key[(epc.Length + 10)..], columns.RssiCentiDbm[read]);
                System.Buffers.Binary.BinaryPrimitives.WriteInt16LittleEndian(key[(epc.Length + 12)..], columns.Phase.IsEmpty ? (short)0 : columns.Phase[read]);
                if (!_reads.Add(System.IO.Hashing.XxHash128.HashToUInt128(key[..(epc.Length + 14)], portal))) DuplicateReads++;
            }
            return columns.Count;
        }

        sealed class Line
        {
            public ulong Upto { get; set; }
            public long Batches { get; set; }
            public long Readings { get; set; }
        }
    }
}
