using EdgeTrace.Contract;
using EdgeTrace.Gateway;
using EdgeTrace.Gateway.Devices.Llrp;
using EdgeTrace.Gateway.Devices.Policy;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Simulators.Llrp;
using EdgeTrace.Tests.Ingest;
using EdgeTrace.Tests.Simulators;
using Microsoft.Extensions.Logging.Abstractions;
using StatusCode = EdgeTrace.Llrp.Parameters.StatusCode;

namespace EdgeTrace.Tests.Devices;

/// <summary>A lamp at a door, from the cloud's order to the reader's output, over real LLRP.</summary>
public sealed class BeaconTests : IAsyncDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-beacon-").FullName;
    readonly CancellationTokenSource _stop = new();
    readonly DurableOutbox _outbox;
    readonly Sealer _sealer;
    readonly HealthBoard _health = new(TimeProvider.System, NullLogger<HealthBoard>.Instance);
    Beacons _beacons = null!;
    Task _loop = Task.CompletedTask;
    int _orders;

    public BeaconTests()
    {
        _outbox = DurableOutbox.Open(Path.Combine(_folder, "outbox"), "gw-1", new(), TimeProvider.System, NullLogger.Instance);
        _sealer = new(_outbox, new(), TimeProvider.System);
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
    public async Task The_worst_colour_that_anything_still_holds_is_shown_and_each_ends_by_itself_or_by_word()
    {
        await using var reader = new LlrpReader("bay", 0, TimeProvider.System);
        // An earlier program left the red lamp burning.
        using (var before = await ReaderClient.ConnectAsync(reader.Port)) Assert.Equal(StatusCode.Success, await before.AskAsync(new SetReaderConfig { Parameters = [new GpoWriteData(2, true)] }));
        Start(reader.Port, new() { AmberPort = 1, RedPort = 2 });
        await Patience.Until(() => State() == DeviceCondition.Fine && reader.Outputs.Count == 0, "the lamp is dark");

        Order(BeaconColour.Amber, 60, "one");
        await Patience.Until(() => reader.Outputs.SetEquals([1]), "amber");
        Assert.StartsWith("Lit amber since ", _health.All().Single(state => state.Kind == "beacon").Reason, StringComparison.Ordinal);
        Order(BeaconColour.Red, 60, "two");
        await Patience.Until(() => reader.Outputs.SetEquals([2]), "red");
        Order(BeaconColour.Amber, 60, "three");
        Order(BeaconColour.Off, 0, "two");
        await Patience.Until(() => reader.Outputs.SetEquals([1]), "amber again");
        Order(BeaconColour.Off, 0, "one");
        Order(BeaconColour.Red, 1, "three");   // amber became red, for a second
        await Patience.Until(() => reader.Outputs.SetEquals([2]), "red for a second");
        await Patience.Until(() => reader.Outputs.Count == 0, "dark by itself");
        await Patience.Until(() => _health.All().Single(state => state.Kind == "beacon").Reason.Length == 0, "and said so");
    }

    [Fact]
    public async Task An_order_that_comes_twice_is_followed_once_and_one_lamp_burns_for_both_colours()
    {
        await using var reader = new LlrpReader("bay", 0, TimeProvider.System);
        Start(reader.Port, new() { RedPort = 4 });
        await Patience.Until(() => State() == DeviceCondition.Fine, "the lamp is there");
        var order = new Beacon { Portal = "bay", Colour = BeaconColour.Amber, Seconds = 60, Decision = "one" };
        _beacons.Take("a", order);
        await Patience.Until(() => reader.Outputs.SetEquals([4]), "lit");
        Order(BeaconColour.Off, 0, "one");
        await Patience.Until(() => reader.Outputs.Count == 0, "dark");
        _beacons.Take("a", order);
        _beacons.Take("b", new() { Portal = "bay", Colour = BeaconColour.Red, Seconds = 60, Decision = "two" });
        await Patience.Until(() => reader.Outputs.SetEquals([4]), "lit by the new order");
        Order(BeaconColour.Off, 0, "two");
        await Patience.Until(() => reader.Outputs.Count == 0, "dark, for the one that came twice holds nothing");
    }

    [Fact]
    public async Task What_cannot_be_lit_is_a_state_with_its_cure()
    {
        await using var reader = new LlrpReader("bay", 0, TimeProvider.System);
        Start(reader.Port, new() { RedPort = 9 });
        await Patience.Until(() => State() == DeviceCondition.Refused, "the reader has no output 9");
        _beacons.Take("f", new() { Portal = "front", Colour = BeaconColour.Red, Seconds = 60, Decision = "one" });
        Assert.Equal(DeviceCondition.NotConfigured, State("front"));
        _beacons.Take("x", new() { Portal = "elsewhere", Colour = BeaconColour.Red, Seconds = 60, Decision = "one" });
        Assert.Null(State("elsewhere"));
    }

    [Fact]
    public async Task An_order_for_a_reader_that_is_away_is_said_and_not_followed_when_its_time_is_over()
    {
        int port;
        await using (var gone = new LlrpReader("bay", 0, TimeProvider.System)) port = gone.Port;
        Start(port, new() { RedPort = 2 });
        Order(BeaconColour.Red, 60, "one");
        Assert.Equal(DeviceCondition.Unreachable, State());
        Order(BeaconColour.Off, 0, "one");
        Order(BeaconColour.Red, 0, "two");
        await using var back = new LlrpReader("bay", port, TimeProvider.System);
        await Patience.Until(() => State() == DeviceCondition.Fine, "it is back");
        Assert.Empty(back.Outputs);
    }

    [Fact]
    public void Mistakes_of_a_beacon_are_named()
    {
        IEnumerable<string> Mistakes(params LlrpPortalOptions[] portals) => new LlrpOptions { Name = "r", Host = "h", Portals = portals }.Mistakes("Llrp[0]");
        Assert.Equal(["Llrp[0].Portals[0].Beacon: give AmberPort, RedPort or both, the reader's outputs (GPO) that the lamps hang on; they count from 1."], Mistakes(new LlrpPortalOptions { Name = "a", Antennas = [1], Beacon = new() }));
        Assert.Equal(["Llrp[0].Portals: output 1 is the beacon of 2 portals; a lamp belongs to one."],
            Mistakes(new() { Name = "a", Antennas = [1], Beacon = new() { RedPort = 1 } }, new() { Name = "b", Antennas = [2], Beacon = new() { AmberPort = 1 } }));
        Assert.Empty(Mistakes(new LlrpPortalOptions { Name = "a", Antennas = [1], Beacon = new() { AmberPort = 1, RedPort = 1 } }));
    }

    void Start(int port, BeaconOptions lamp)
    {
        var options = new LlrpOptions { Name = "reader", Host = "127.0.0.1", Port = port, Portals = [new() { Name = "bay", Antennas = [1, 2], Beacon = lamp }, new() { Name = "front", Antennas = [3, 4] }] };
        _beacons = new(new GatewayConfiguration { Llrp = [options] }, _health, TimeProvider.System, NullLogger<Beacons>.Instance);
        _loop = new PortalReader(options, _sealer, new EpcPolicy([]), _beacons, _health, TimeProvider.System, NullLogger<PortalReader>.Instance).RunAsync(_stop.Token);
    }

    void Order(BeaconColour colour, uint seconds, string decision) => _beacons.Take($"order-{++_orders}", new() { Portal = "bay", Colour = colour, Seconds = seconds, Decision = decision });

    string? State(string portal = "bay") => _health.All().FirstOrDefault(state => state.Kind == "beacon" && state.Name == portal)?.State;
}
