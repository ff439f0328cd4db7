using EdgeTrace.Contract;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Ingest;

/// <summary>
/// What is durable of every stream and which gateways have yet to be told. It knows only what the log has committed, so no
/// acknowledgement can run ahead of the disk (DESIGN.md, corridor 2). Safe from any thread.
/// </summary>
sealed class AckBook
{
    /// <summary>A gateway that sends nothing readable is told of so many per ack; the rest is told when it sends them again.</summary>
    const int RejectionsMax = 256;

    readonly Lock _lock = new();
    readonly Dictionary<string, Page> _pages = new(StringComparer.Ordinal);
    TaskCompletionSource _due = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AckBook(IEnumerable<StreamUpto> logged)
    {
        foreach (var stream in logged) PageOf(stream.Gateway).Upto[(stream.Stream, stream.Epoch)] = stream.Upto;
    }

    /// <summary>This batch is in the log.</summary>
    public void Durable(GatewayTopics gateway, BatchId id, string? quarantineCause)
    {
        lock (_lock)
        {
            var page = PageOf(id.Gateway);
            var key = (id.Stream, id.Epoch);
            page.Upto[key] = Math.Max(page.Upto.GetValueOrDefault(key), id.Sequence);
            if (quarantineCause is not null && page.Rejections.Count < RejectionsMax) page.Rejections.Add((id, quarantineCause));
            MakeDue(page, gateway, key);
        }
    }

    /// <summary>A redelivery: the gateway missed the acknowledgement, if this batch has one yet.</summary>
    public void Again(GatewayTopics gateway, BatchId id)
    {
        lock (_lock)
        {
            var page = PageOf(id.Gateway);
            var key = (id.Stream, id.Epoch);
            if (page.Upto.GetValueOrDefault(key) >= id.Sequence) MakeDue(page, gateway, key);
        }
    }

    /// <summary>A birth to be answered with every stream the cloud knows of this gateway, and which of the birth's it does not.</summary>
    public void Born(GatewayTopics gateway, Birth birth)
    {
        lock (_lock)
        {
            var page = PageOf(gateway.Gateway);
            (page.Topics, page.Unanswered) = (gateway, birth);
            _due.TrySetResult();
        }
    }

    public async Task WaitDueAsync(CancellationToken cancellation)
    {
        Task due;
        lock (_lock) due = _due.Task;
        await due.WaitAsync(cancellation);
    }

    /// <summary>Everything not yet told, one ack a gateway; it counts as told from here (a lost ack is asked for by a redelivery).</summary>
    public IReadOnlyList<(GatewayTopics Gateway, Ack Ack)> TakeDue()
    {
        lock (_lock)
        {
            var due = new List<(GatewayTopics, Ack)>();
            foreach (var page in _pages.Values)
            {
                if (page.Due.Count == 0 && page.Unanswered is null) continue;
                var ack = new Ack { AnswersBoot = page.Unanswered?.Boot ?? "" };
                foreach (var told in page.Unanswered?.Streams ?? [])
                    if (!page.Upto.ContainsKey((told.Stream, told.Epoch))) ack.Streams.Add(new StreamAck { Stream = told.Stream, Epoch = told.Epoch });
                foreach (var key in page.Unanswered is null ? (IEnumerable<(string Stream, ulong Epoch)>)page.Due : page.Upto.Keys)
                {
                    var stream = new StreamAck { Stream = key.Stream, Epoch = key.Epoch, Upto = page.Upto[key], Known = true };
                    foreach (var (id, why) in page.Rejections)
                        if ((id.Stream, id.Epoch) == key) stream.Rejected.Add(new Rejection { Sequence = id.Sequence, Why = why });
                    ack.Streams.Add(stream);
                }
                page.Unanswered = null;
                page.Due.Clear();
                page.Rejections.Clear();
                due.Add((page.Topics!, ack));
            }
            if (_due.Task.IsCompleted) _due = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return due;
        }
    }

    void MakeDue(Page page, GatewayTopics gateway, (string, ulong) key)
    {
        page.Topics = gateway;
        page.Due.Add(key);
        _due.TrySetResult();
    }

    Page PageOf(string gateway) => _pages.TryGetValue(gateway, out var page) ? page : _pages[gateway] = new();

    /// <summary>One gateway's; its streams are bounded by <see cref="Sequencing.EpochsMax"/>.</summary>
    sealed class Page
    {
        public GatewayTopics? Topics { get; set; }
        public Birth? Unanswered { get; set; }
        public Dictionary<(string Stream, ulong Epoch), ulong> Upto { get; } = [];
        public HashSet<(string Stream, ulong Epoch)> Due { get; } = [];
        public List<(BatchId Id, string Why)> Rejections { get; } = [];
    }
}
