using System.Net;
using System.Net.Sockets;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Reports;
using EdgeTrace.Llrp.Session;
using EdgeTrace.Llrp.Wire;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Llrp;

public class ConnectionTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_that_greets_lets_the_client_stay_and_tells_its_clock()
    {
        await using var reader = new ScriptedReader();
        await using var connection = await ConnectAsync(reader);
        Assert.Equal(1_700_000_000_000_000ul, connection.Greeting.UtcUs);
        Assert.Null(connection.Ended);
    }

    [Theory]
    [InlineData(ConnectionAttemptStatus.ReaderInitiatedConnectionExists, LlrpLinkFailure.TakenByReader)]
    [InlineData(ConnectionAttemptStatus.ClientInitiatedConnectionExists, LlrpLinkFailure.TakenByClient)]
    [InlineData(ConnectionAttemptStatus.FailedForAnotherReason, LlrpLinkFailure.Refused)]
    [InlineData(ConnectionAttemptStatus.AnotherConnectionAttempted, LlrpLinkFailure.Refused)]
    public async Task A_reader_that_refuses_says_which_way(ConnectionAttemptStatus status, LlrpLinkFailure failure)
    {
        await using var reader = new ScriptedReader();
        var greeting = reader.GreetAsync(status);
        var refused = await Assert.ThrowsAsync<LlrpConnectionException>(() => OpenAsync(reader.Port));
        await greeting;
        Assert.Equal(failure, refused.Failure);
        Assert.True(refused.Message.Length > 40, refused.Message);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_told_apart_from_a_refusal()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var failed = await Assert.ThrowsAsync<LlrpConnectionException>(() => OpenAsync(port));
        Assert.Equal(LlrpLinkFailure.Unreachable, failed.Failure);
    }

    [Fact]
    public async Task A_web_server_at_the_port_is_told_apart_from_a_reader()
    {
        await using var reader = new ScriptedReader();
        var opening = OpenAsync(reader.Port);
        await reader.AcceptAsync();
        await reader.SayAsync("HTTP/1.1 400 Bad Request\r\n"u8.ToArray());
        var failed = await Assert.ThrowsAsync<LlrpConnectionException>(() => opening);
        Assert.Equal(LlrpLinkFailure.NotLlrp, failed.Failure);
        Assert.IsType<LlrpProtocolException>(failed.InnerException);
    }

    [Fact]
    public async Task A_peer_that_does_not_greet_is_given_up()
    {
        var time = new FakeTimeProvider();
        await using var reader = new ScriptedReader();
        var opening = LlrpConnection.ConnectAsync("127.0.0.1", reader.Port, new() { ConnectTimeout = TimeSpan.FromDays(40) }, time, Token);
        await reader.AcceptAsync();
        var failed = await Assert.ThrowsAsync<LlrpConnectionException>(() => WhileTimePasses(time, opening));
        Assert.Equal(LlrpLinkFailure.NoGreeting, failed.Failure);
    }

    [Fact]
    public async Task A_keepalive_is_acknowledged_with_its_own_id()
    {
        await using var reader = new ScriptedReader();
        await using var connection = await ConnectAsync(reader);
        foreach (var id in new uint[] { 77, 0xFFFFFFFF })
        {
            await reader.SayAsync(new KeepAlive(), id);
            Assert.Equal(id, (await reader.HearAsync<KeepAliveAck>()).Id);
        }

        Assert.Equal(2, connection.Keepalives);
    }

    [Fact]
    public async Task A_report_with_the_id_of_a_waiting_request_is_not_its_reply()
    {
        await using var reader = new ScriptedReader();
        await using var connection = await ConnectAsync(reader);
        var asking = connection.RequestAsync(new EnableRoSpec(9), Token);
        var (asked, id) = await reader.HearAsync<EnableRoSpec>();
        Assert.Equal(9u, asked.RoSpecId);

        await reader.SayAsync(new RoAccessReport(), id);
        await reader.SayAsync(new StatusResponse(LlrpMessageType.StartRoSpecResponse, LlrpStatus.Success), id);
        await reader.SayAsync(StatusResponse.To(asked, LlrpStatus.Success), id);

        await asking;
        using var report = await connection.ReadAsync(Token);
        Assert.Equal((LlrpMessageType.RoAccessReport, id), (report.Type, report.Id));
        using var stray = await connection.ReadAsync(Token);
        Assert.Equal(LlrpMessageType.StartRoSpecResponse, stray.Type);
    }

    [Fact]
    public async Task A_no_is_told_with_its_place_and_the_connection_goes_on()
    {
        await using var reader = new ScriptedReader();
        await using var connection = await ConnectAsync(reader);
        var asking = connection.RequestAsync(new AddRoSpec(new RoSpec(1, 0, RoSpecState.Disabled)), Token);
        await reader.AnswerAsync<AddRoSpec>(LlrpVectors.Decode<StatusResponse>(LlrpVectors.Own("status-refused")));

        var no = await Assert.ThrowsAsync<LlrpStatusException>(() => asking);
        Assert.Equal(StatusCode.MessageParameterError, no.Code);
        Assert.Equal("AddRoSpec was refused: the reader found a mistake in it (100 MessageParameterError). "
            + "At AiSpec (ParameterFieldError), then field 0 (ValueOutOfRange). The reader says: No", no.Message);

        var again = connection.RequestAsync(new DeleteRoSpec(1), Token);
        await reader.AnswerAsync<DeleteRoSpec>();
        await again;
    }

    [Fact]
    public async Task An_error_message_answers_the_request_of_its_id_and_only_that()
    {
        await using var reader = new ScriptedReader();
        await using var connection = await ConnectAsync(reader);
        await reader.SayAsync(new ErrorMessage(new LlrpStatus(StatusCode.DeviceError, "hot")), 4711);
        using (var stray = await connection.ReadAsync(Token)) Assert.IsType<ErrorMessage>(stray.Decode());

        var negotiating = Portal.NegotiateVersionAsync(connection, Token);
        await reader.AnswerAsync<GetSupportedVersion>(new ErrorMessage(new LlrpStatus(StatusCode.UnsupportedVersion, "")));
        await negotiating;
        Assert.Equal(1, connection.Version);
    }

    [Fact]
    public async Task A_request_without_an_answer_ends_in_time()
    {
        var time = new FakeTimeProvider();
        await using var reader = new ScriptedReader();
        await using var connection = await ConnectAsync(reader, time);
        var asking = connection.RequestAsync(new GetRoSpecs(), Token);
        await reader.HearAsync<GetRoSpecs>();
        var failed = await Assert.ThrowsAsync<LlrpConnectionException>(() => WhileTimePasses(time, asking));
        Assert.Equal(LlrpLinkFailure.NoAnswer, failed.Failure);
    }

    [Fact]
    public async Task Silence_beyond_the_keepalives_ends_the_connection_and_its_requests()
    {
        var time = new FakeTimeProvider();
        await using var reader = new ScriptedReader();
        await using var connection = await ConnectAsync(reader, time, new() { ReplyTimeout = TimeSpan.FromHours(1) });
        connection.ExpectKeepalives(TimeSpan.FromSeconds(10), missedMax: 2);
        var asking = connection.RequestAsync(new GetRoSpecs(), Token);

        var failed = await Assert.ThrowsAsync<LlrpConnectionException>(() => WhileTimePasses(time, connection.ReadAsync(Token).AsTask()));
        Assert.Equal(LlrpLinkFailure.Silent, failed.Failure);
        Assert.Same(failed, await Assert.ThrowsAsync<LlrpConnectionException>(() => asking));
        Assert.Same(failed, await Assert.ThrowsAsync<LlrpConnectionException>(() => connection.RequestAsync(new GetRoSpecs(), Token)));
    }

    [Fact]
    public async Task A_good_bye_a_cut_cable_and_half_a_message_are_three_ends()
    {
        Assert.Equal(LlrpLinkFailure.ClosedByReader, await EndAfter(new ReaderEventNotification(new UtcTimestamp(1), new ConnectionCloseEvent()).ToFrame(1)));
        Assert.Equal(LlrpLinkFailure.Broken, await EndAfter([]));
        Assert.Equal(LlrpLinkFailure.Broken, await EndAfter(LlrpVectors.Own("report-epc96")[..20]));
        Assert.Equal(LlrpLinkFailure.NotLlrp, await EndAfter(Convert.FromHexString("043DFFFFFFFF00000000")));

        static async Task<LlrpLinkFailure> EndAfter(byte[] bytes)
        {
            await using var reader = new ScriptedReader();
            await using var connection = await ConnectAsync(reader);
            await reader.SayAsync(bytes);
            reader.HangUp();
            var ended = await Assert.ThrowsAsync<LlrpConnectionException>(async () =>
            {
                while (true) (await connection.ReadAsync(Token)).Dispose();
            });
            return ended.Failure;
        }
    }

    [Fact]
    public async Task What_nobody_takes_fills_the_queue_and_not_the_memory_and_none_of_it_is_lost()
    {
        await using var reader = new ScriptedReader();
        await using var connection = await ConnectAsync(reader, options: new() { InboundMax = 4, InboundBytesMax = 100_000 });
        var body = ReportTests.ManyTags(500);
        var sending = Task.Run(async () =>
        {
            for (var n = 0u; n < 200; n++) await reader.SayAsync(new RawMessage(LlrpMessageType.RoAccessReport, body), n);
        }, Token);

        for (var n = 0u; n < 200; n++)
        {
            using var report = await connection.ReadAsync(Token);
            Assert.Equal(n, report.Id);
            Assert.Equal(500, Count(report.Tags()));
        }

        await sending;

        static int Count(LlrpReportReader tags)
        {
            var count = 0;
            while (tags.TryRead(out _)) count++;
            return count;
        }
    }

    [Fact]
    public async Task Closing_says_good_bye_first()
    {
        await using var reader = new ScriptedReader();
        var connection = await ConnectAsync(reader);
        var closing = connection.CloseAsync(Token);
        await reader.AnswerAsync<CloseConnection>();
        await closing;
        Assert.Equal(LlrpLinkFailure.ClosedHere, connection.Ended!.Failure);
    }

    internal static async Task<LlrpConnection> ConnectAsync(ScriptedReader reader, TimeProvider? time = null, LlrpConnectionOptions? options = null)
    {
        var opening = LlrpConnection.ConnectAsync("127.0.0.1", reader.Port, options, time ?? TimeProvider.System, Token);
        await reader.GreetAsync();
        return await opening;
    }

    static Task<LlrpConnection> OpenAsync(int port) => LlrpConnection.ConnectAsync("127.0.0.1", port, null, TimeProvider.System, Token);

    static async Task<T> WhileTimePasses<T>(FakeTimeProvider time, Task<T> waiting)
    {
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await waiting;
    }
}
