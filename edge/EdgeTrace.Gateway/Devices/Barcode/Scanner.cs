using System.IO.Ports;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;

namespace EdgeTrace.Gateway.Devices.Barcode;

/// <summary>Listens to one serial barcode reader: connect, run, and when it is unplugged wait for it to come back.</summary>
sealed class Scanner(BarcodeOptions options, ScanStream scans, HealthBoard health, TimeProvider time)
{
    /// <summary>A scanner plugged back in should read within a second or two; an absent one costs a stat a second.</summary>
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>How often an idle line is looked at: a node removed under an open descriptor shows only in the file system.</summary>
    static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (UnauthorizedAccessException refused)
            {
                health.Report("scanner", options.Name, DeviceCondition.Refused, $"{options.Port} may not be opened: {refused.Message}", "Add the gateway's user to the group dialout, or close the other program.");
            }
            catch (Exception gone) when (gone is IOException or InvalidOperationException or ArgumentException)
            {
                health.Report("scanner", options.Name, DeviceCondition.Unplugged, $"{options.Port} is not there.", "Plug the scanner in; it is picked up by itself.");
            }
            Promise(null);
            await Task.Delay(RetryDelay, time, stop);
        }
    }

    async Task ListenAsync(CancellationToken stop)
    {
        if (!File.Exists(options.Port)) throw new FileNotFoundException(options.Port);
        using var port = new SerialPort(options.Port, options.BaudRate);
        port.Open();
        health.Fine("scanner", options.Name);

        var framer = new ScanFramer(options.Terminator, options.Silence);
        var buffer = new byte[4096];
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<int>? reading = null;
        try
        {
            while (true)
            {
                reading ??= port.BaseStream.ReadAsync(buffer, closing.Token).AsTask();
                var wait = framer.DueUs is { } due ? TimeSpan.FromMicroseconds(Math.Max(1000, due - NowUs())) : IdleLook;
                var tick = Task.Delay(wait, time, stop);
                if (await Task.WhenAny(reading, tick) == reading)
                {
                    var count = await reading;
                    reading = null;
                    if (count == 0) throw new EndOfStreamException();
                    framer.Feed(buffer.AsSpan(0, count), NowUs(), Keep);
                }
                else
                {
                    await tick;
                    framer.Elapse(NowUs(), Keep);
                    if (!File.Exists(options.Port)) throw new FileNotFoundException(options.Port);
                }
                Promise(framer.DueUs);
            }
        }
        finally
        {
            // What was half received when the cable went is kept as it is: better a partial code on record than none.
            framer.Elapse(long.MaxValue, Keep);
            await closing.CancelAsync();
            port.Close();
            if (reading is not null) await reading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    void Keep(FramedScan scan) => scans.Add(new() { TimeUs = scan.TimeUs, Raw = Google.Protobuf.ByteString.CopyFrom(scan.Raw), Framing = scan.Framing });

    // A scan carries the time of its first byte, so while one is being received the promise stops before it.
    void Promise(long? pendingDueUs)
    {
        if (pendingDueUs is null) scans.Promise(NowUs());
    }

    long NowUs() => time.GetUtcNow().ToUnixTimeMicroseconds();
}
