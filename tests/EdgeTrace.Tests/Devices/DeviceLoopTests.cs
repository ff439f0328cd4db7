using System.Diagnostics;
using EdgeTrace.Contract;
using EdgeTrace.Gateway.Devices.Barcode;
using EdgeTrace.Gateway.Devices.Llrp;
using EdgeTrace.Gateway.Devices.Policy;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Simulators.Llrp;
using EdgeTrace.Simulators.Scanner;
using EdgeTrace.Tests.Llrp;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTrace.Tests.Devices;

/// <summary>The gateway's own loops against devices one layer below: a TCP port and a pseudo-terminal.</summary>
public sealed class DeviceLoopTests : IAsyncDisposable
{
    static readonly byte[] Hip = Convert.FromHexString("3034257BF7194E4000001A85");
    static readonly byte[] Badge = Convert.FromHexString("341234000000000000000001");

    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-devices-").FullName;
    readonly CancellationTokenSource _stop = new();
    readonly DurableOutbox _outbox;
    readonly Sealer _sealer;
    readonly HealthBoard _health = new(TimeProvider.System, NullLogger<HealthBoard>.Instance);
    Task _loop = Task.CompletedTask;

    public DeviceLoopTests()
    {
        var options = new OutboxOptions();
        _outbox = DurableOutbox.Open(Path.Combine(_folder, "outbox"), "gw-1", options, TimeProvider.System, NullLogger.Instance);
        _sealer = new(_outbox, options, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sealer.Dispose();
        _outbox.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Reads_of_each_antenna_reach_their_portal_and_badges_do_not()
    {
        await using var reader = new LlrpReader("store-3", 0, TimeProvider.System);
        Start(reader.Port);
        await UntilAsync("the reader reads", () => State("reader", "store-3") == DeviceCondition.Fine);
        await UntilAsync("reads of both portals are sealed", () =>
        {
            reader.Observe([Seen(Hip, 1), Seen(Hip, 3), Seen(Badge, 1)]);
            _sealer.SealAll();
            return Sealed("reads/inner") > 0 && Sealed("reads/outer") > 0 && _outbox.Summaries().Single(stream => stream.Stream == "reads/outer").DroppedReadings > 0;
        });
        Assert.All(_outbox.Summaries().Where(stream => stream.Stream == "reads/inner"), stream => Assert.Equal(0ul, stream.DroppedReadings));
    }

    [Fact]
    public async Task Two_tags_with_one_EPC_stay_two_where_the_reader_is_asked_for_TIDs()
    {
        byte[] right = [0xE2, 0x80, 0x11, 0x60, 0x20, 0, 0, 0, 0, 0, 0, 1], copy = [0xE2, 0x80, 0x11, 0x60, 0x20, 0, 0, 0, 0, 0, 0, 2];
        await using var reader = new LlrpReader("store-3", 0, TimeProvider.System);
        Start(reader.Port, tid: true);
        await UntilAsync("the reader reads", () => State("reader", "store-3") == DeviceCondition.Fine);
        reader.Observe([Seen(Hip, 1) with { Tid = right }, Seen(Hip, 2) with { Tid = copy }, Seen(Hip, 2)]);
        await UntilAsync("all three reads are sealed", () => Sealed("reads/outer") == 3);
        var tids = new HashSet<string>();
        var columns = new ReadColumns();
        for (var (epoch, after) = (0ul, 0ul); _outbox.Next("reads/outer", epoch, after) is { } batch;)
        {
            if (_outbox.Take(batch, out var body) != TakeVerdict.Taken)
            {
                Assert.True(_outbox.Commit());
                continue;
            }
            (epoch, after) = (batch.Epoch, batch.Sequence);
            columns.Decode(Batch.Parser.ParseFrom(body).Reads.Columns.Span);
            for (var tag = 0; tag < columns.DistinctTags; tag++) tids.Add($"{Convert.ToHexString(columns.Epc(tag))} {Convert.ToHexString(columns.Tid(tag))}");
        }
        var hip = Convert.ToHexString(Hip);
        Assert.Equal([$"{hip} ", $"{hip} {Convert.ToHexString(right)}", $"{hip} {Convert.ToHexString(copy)}"], tids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_reader_that_is_asked_for_TIDs_and_has_no_FastID_reads_on_and_says_so()
    {
        await using var reader = new ScriptedReader();
        Start(reader.Port, tid: true);
        await reader.GreetAsync();
        await reader.AnswerAsync<GetReaderCapabilities>(ScriptedReader.Other);
        await reader.AnswerAsync<GetReaderConfig>(new GetReaderConfigResponse { Parameters = [LlrpStatus.Success] });
        await reader.AnswerAsync<SetReaderConfig>();
        await reader.AnswerAsync<GetRoSpecs>(new GetRoSpecsResponse { Parameters = [LlrpStatus.Success] });
        await reader.AnswerAsync<AddRoSpec>();
        await reader.AnswerAsync<EnableRoSpec>();
        await UntilAsync("it says that it has none", () => State("reader", "store-3") == DeviceCondition.NoTid);
        Assert.Contains("take Tid off", _health.All().Single(state => state.Kind == "reader").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_is_taken_says_so_and_is_had_when_it_is_free()
    {
        await using var reader = new LlrpReader("store-3", 0, TimeProvider.System);
        using (var rival = new System.Net.Sockets.TcpClient("127.0.0.1", reader.Port))
        {
            await UntilAsync("the rival is greeted", () => rival.Available > 0);
            Start(reader.Port);
            await UntilAsync("the reader is taken", () => State("reader", "store-3") == DeviceCondition.Taken);
            Assert.Contains("Another program", _health.All().Single(state => state.Kind == "reader").Reason, StringComparison.Ordinal);
        }
        await UntilAsync("the reader is ours", () => State("reader", "store-3") == DeviceCondition.Fine);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_unreachable()
    {
        Start(1);
        await UntilAsync("the reader is unreachable", () => State("reader", "store-3") == DeviceCondition.Unreachable);
    }

    [Fact]
    public async Task A_peer_that_speaks_no_LLRP_is_a_protocol_error()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        Start(((System.Net.IPEndPoint)listener.LocalEndpoint).Port);
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await UntilAsync("the reader is a protocol error", () => State("reader", "store-3") == DeviceCondition.Protocol);
    }

    [Fact]
    public async Task A_reader_whose_buffer_ran_over_says_so_long_enough_for_the_health_stream_to_carry_it()
    {
        await using var reader = new LlrpReader("store-3", 0, TimeProvider.System, ReaderFaults.Overflow);
        Start(reader.Port);
        await UntilAsync("the reader reads", () => State("reader", "store-3") == DeviceCondition.Fine);
        _health.TakeChanges();
        await UntilAsync("its buffer has run over", () =>
        {
            reader.Observe([Seen(Hip, 1)]);
            return State("reader", "store-3") == DeviceCondition.Overflowed;
        });
        Assert.Equal(DeviceCondition.Overflowed, _health.TakeChanges().Single(change => change.Kind == "reader").State);
    }

    [Fact]
    public async Task A_scanner_is_read_unplugged_and_read_again()
    {
        var link = Path.Combine(_folder, "desk");
        using var scanner = new BarcodeScanner(link);
        scanner.Plug();
        _loop = new Scanner(new() { Name = "desk", Port = link }, _sealer.Scans("desk"), _health, TimeProvider.System).RunAsync(_stop.Token);
        await UntilAsync("the scanner is fine", () => State("scanner", "desk") == DeviceCondition.Fine);
        scanner.Emit("]d20109506000134352\x1D10ABC");
        await UntilAsync("the scan is sealed", () => Sealed("scans/desk") == 1);

        scanner.Unplug();
        await UntilAsync("the scanner is unplugged", () => State("scanner", "desk") == DeviceCondition.Unplugged);
        scanner.Plug();
        await UntilAsync("the scanner is back", () => State("scanner", "desk") == DeviceCondition.Fine);
        scanner.Emit("]E05012345678900");
        await UntilAsync("the second scan is sealed", () => Sealed("scans/desk") == 2);
    }

    void Start(int port, bool tid = false)
    {
        var options = new LlrpOptions
        {
            Name = "store-3", Host = "127.0.0.1", Port = port, Tid = tid,
            Portals = [new() { Name = "outer", Antennas = [1, 2] }, new() { Name = "inner", Antennas = [3, 4] }],
        };
        var policy = new EpcPolicy([new() { Name = "badges", Prefix = "341234", Do = EpcVerdict.Drop }]);
        _loop = new PortalReader(options, _sealer, policy, new(new(), _health, TimeProvider.System, NullLogger<Beacons>.Instance), _health, TimeProvider.System, NullLogger<PortalReader>.Instance).RunAsync(_stop.Token);
    }

    static Sighting Seen(byte[] epc, int antenna) => new(epc, antenna, TimeProvider.System.GetUtcNow().ToUnixTimeMicroseconds(), -5630, 2048, 2);

    string? State(string kind, string name) => _health.All().FirstOrDefault(state => state.Kind == kind && state.Name == name)?.State;

    ulong Sealed(string stream)
    {
        _sealer.SealAll();
        return _outbox.Summaries().FirstOrDefault(summary => summary.Stream == stream)?.SealedReadings ?? 0;
    }

    static async Task UntilAsync(string what, Func<bool> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"not within 30 s: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
