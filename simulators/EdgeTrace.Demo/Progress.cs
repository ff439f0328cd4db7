using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace EdgeTrace.Demo;

/// <summary>Shows, once a second, what moves and how far each part of the chain has come.</summary>
sealed class Progress(IAnsiConsole console, DemoOptions options, CloudApi api, Child hospital, Child[] children, TimeProvider time)
{
    /// <summary>Reads the hospital's lines until it says what it did.</summary>
    /// <returns>The hospital's own summary.</returns>
    public async Task<JsonElement> ShowUntilDoneAsync(CancellationToken stop)
    {
        var started = time.GetTimestamp();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var shown = console.Profile.Capabilities.Interactive && !options.Json ? ShowLiveAsync(started, ended.Token) : SayAsync(started, ended.Token);
        try
        {
            await foreach (var line in hospital.Lines.ReadAllAsync(stop))
                if (line.StartsWith("DONE ", StringComparison.Ordinal)) return JsonDocument.Parse(line[5..]).RootElement;
        }
        finally
        {
            await ended.CancelAsync();
            await shown;
        }
        throw new DemoException($"The simulated hospital ended before its day did. It last said:{Environment.NewLine}{hospital.LastWords()}");
    }

    async Task ShowLiveAsync(long started, CancellationToken ended) =>
        await console.Live(new Table()).AutoClear(true).StartAsync(async live =>
        {
            await EachSecondAsync(async () => live.UpdateTarget(Table(started, await api.StatusAsync(ended))), ended);
        });

    Task SayAsync(long started, CancellationToken ended)
    {
        var said = -1;
        return EachSecondAsync(async () =>
        {
            var seconds = (int)time.GetElapsedTime(started).TotalSeconds;
            if (seconds / 5 == said) return;
            said = seconds / 5;
            if (await api.StatusAsync(ended) is { } status)
                console.WriteLine(FormattableString.Invariant($"{seconds,4} s of {options.For.TotalSeconds:0}   {Readings(status):N0} readings logged, feed at {status.GetProperty("feedHead").GetInt64()}"));
        }, ended);
    }

    async Task EachSecondAsync(Func<Task> show, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            do
            {
                Revive();
                await show();
            }
            while (await timer.WaitForNextTickAsync(ended));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The day is over; what remains to be said is the comparison.
        }
    }

    void Revive()
    {
        foreach (var child in children.Where(child => child.HasExited))
        {
            if (child == hospital) throw new DemoException($"The simulated hospital ended before its day did. It last said:{Environment.NewLine}{child.LastWords()}");
            console.MarkupLineInterpolated($"[yellow]{child.Name} is gone; starting it again.[/]");
            child.Restart();
        }
    }

    Table Table(long started, JsonElement? status)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .Title(string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(started).TotalSeconds:0} s of {options.For.TotalSeconds:0} s"))
            .AddColumns("stream", "batches", "readings").AddColumn(new TableColumn("in the log").RightAligned());
        if (status is not { } now) return table;
        foreach (var stream in now.GetProperty("streams").EnumerateArray().OrderBy(stream => stream.GetProperty("stream").GetString(), StringComparer.Ordinal))
            table.AddRow(
                Markup.Escape(stream.GetProperty("stream").GetString()!), Number(stream, "batches"), Number(stream, "readings"),
                $"{Number(stream, "upto")} of {Number(stream, "sealed")}");
        return table.Caption(string.Join("   ", children.Select(child => string.Create(CultureInfo.InvariantCulture, $"{child.Name} {child.ResidentMiB():0} MiB"))));
    }

    static long Readings(JsonElement status) => status.GetProperty("streams").EnumerateArray().Sum(stream => stream.GetProperty("readings").GetInt64());

    static string Number(JsonElement of, string name) => of.GetProperty(name).GetInt64().ToString("N0", CultureInfo.InvariantCulture);
}
