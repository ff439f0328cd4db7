using EdgeTrace.Simulators.Hospital;
using EdgeTrace.Simulators.Llrp;

namespace EdgeTrace.Faults;

/// <summary>Two LLRP readers with stock carried past them, as fast as is asked; what they reported is the first column of the table.</summary>
/// <remarks>Tags come and go, so that visits open and close all the time: each is heard for about 15 seconds and returns after five minutes.</remarks>
sealed class Load : IAsyncDisposable
{
    const int TagsEach = 1200;
    const int HeardAtOnce = 60;
    static readonly TimeSpan NextAfter = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    readonly LlrpReader[] _readers;
    CancellationTokenSource _stop = new();
    Task _work = Task.CompletedTask;

    public Load(int readers = 2) => _readers = [.. Enumerable.Range(1, readers).Select(n => new LlrpReader($"load-{n}-reader", 0, TimeProvider.System))];

    public IReadOnlyList<int> Ports => [.. _readers.Select(reader => reader.Port)];
    public long Reported => _readers.Sum(reader => reader.Reported);

    public void Start(int readsPerSecond, int seed)
    {
        _stop.Dispose();
        _stop = new();
        _work = ObserveAsync(readsPerSecond, new(seed), _stop.Token);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _work;
    }

    async Task ObserveAsync(int readsPerSecond, Random random, CancellationToken stop)
    {
        var each = (int)(readsPerSecond * Beat.TotalSeconds / _readers.Length);
        var tags = _readers.Select((_, r) => Enumerable.Range(1, TagsEach).Select(n => TagEncoding.Sgtin96(Catalogue.Products[n % Catalogue.Products.Count], (ulong)(r * TagsEach + n))).ToArray()).ToArray();
        using var timer = new PeriodicTimer(Beat);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var nowUs = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
                var first = (int)(nowUs / (long)NextAfter.TotalMicroseconds % TagsEach);
                for (var r = 0; r < _readers.Length; r++)
                    _readers[r].Observe(Enumerable.Range(0, each).Select(n => new Sighting(
                        tags[r][(first + random.Next(HeardAtOnce)) % TagsEach], 1 + n * 2 / each, nowUs - (each - n) * (long)(Beat.TotalMicroseconds / (each + 1)), -5500 - random.Next(800), random.Next(4096), 1 + random.Next(4))));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var reader in _readers) await reader.DisposeAsync();
        _stop.Dispose();
    }
}
