using System.CommandLine;
using EdgeTrace.Simulators.Hospital;
using EdgeTrace.Simulators.Scanner;

namespace EdgeTrace.Simulators.Commands;

/// <summary><c>scanner</c>: one barcode scanner on a pty, scanning by itself or what is typed.</summary>
static class ScannerCommand
{
    const string Examples = """
        One barcode scanner on a pseudo-terminal, to be opened like a serial port.

          edgetrace-sim scanner --link ./ttyACM0
          edgetrace-sim scanner --link ./ttyACM0 --every 500ms
          edgetrace-sim scanner --link ./ttyACM0 --typed     (scans each line of stdin; 'unplug' and 'plug' do what they say)
        """;

    public static Command Create(TimeProvider time)
    {
        var link = new Option<string>("--link") { Description = "The path under which it is found.", Required = true };
        var every = new Option<string>("--every") { Description = "How often somebody scans.", DefaultValueFactory = _ => "2s" };
        var typed = new Option<bool>("--typed") { Description = "Scan what is typed instead." };
        var command = new Command("scanner", Examples) { link, every, typed };
        command.SetAction(async (parsed, stop) =>
        {
            using var scanner = new BarcodeScanner(parsed.GetRequiredValue(link));
            scanner.Plug();
            Console.WriteLine($"Scanner on {scanner.Link}; Ctrl-C ends it.");
            using var input = new StreamReader(Console.OpenStandardInput());
            if (parsed.GetValue(typed)) await ScanTypedAsync(scanner, input, stop);
            else await ScanAsync(scanner, Durations.Parse(parsed.GetRequiredValue(every)), time, stop);
            return 0;
        });
        return command;
    }

    static async Task ScanTypedAsync(BarcodeScanner scanner, TextReader input, CancellationToken stop)
    {
        while (await input.ReadLineAsync(stop) is { } line)
        {
            if (line == "unplug") scanner.Unplug();
            else if (line == "plug") scanner.Plug();
            else Console.WriteLine(scanner.Emit(line) ? "scanned" : "lost: unplugged or nobody reads");
        }
    }

    static async Task ScanAsync(BarcodeScanner scanner, TimeSpan every, TimeProvider time, CancellationToken stop)
    {
        var random = new Random(1);
        using var timer = new PeriodicTimer(every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var product = Catalogue.Products[random.Next(Catalogue.Products.Count)];
                var expiry = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(400);
                var label = random.Next(10) == 0 ? Labels.Rubbish(random) : Labels.DataMatrix(product.Gtin, expiry, "L0042", $"{random.Next(1_000_000):D6}");
                Console.WriteLine($"{(scanner.Emit(label) ? "scanned" : "lost   ")} {label.Replace('\x1D', '|')}");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
