namespace EdgeTrace.Faults;

/// <summary>One row of the matrix: a fault, what should come of it, and how it is done to a running chain.</summary>
sealed record FaultRow(string Name, string What, Func<FaultContext, Task<FaultResult>> RunAsync)
{
    /// <summary>Part of the smoke run inside tests/run.</summary>
    public bool Smoke { get; init; }

    /// <summary>Smoke has some rows, nightly all but the soak, which is a length of its own.</summary>
    public bool RunsAt(string length) => length == "soak" ? Name == SoakRow.Row.Name : Name != SoakRow.Row.Name && (Smoke || length == "nightly");
}

/// <summary>How long, how hard and where a row runs.</summary>
/// <param name="SoakFor">How long the soak lasts.</param>
sealed record FaultContext(string Length, int Seed, TimeSpan SoakFor, string Directory, Action<string> Say, CancellationToken Stop)
{
    public TimeSpan LoadFor => Length == "soak" ? SoakFor : TimeSpan.FromSeconds(Length == "smoke" ? 7 : 30);
    public int ReadsPerSecond => Length == "nightly" ? 2400 : 1000;
    public Random Random { get; } = new(Seed);
}

/// <summary>What the oracle found.</summary>
/// <param name="Generated">Reads the simulated readers put into reports.</param>
/// <param name="Outboxed">Reads the gateway made durable: ours to lose.</param>
/// <param name="Committed">Reads decoded from the cloud's batch log.</param>
/// <param name="Lost">Outboxed and neither committed nor named in a loss record.</param>
/// <param name="Twice">Batches or reads in the log more than once.</param>
/// <param name="BlindSeconds">Time owned up to as blind.</param>
/// <param name="RecoverySeconds">From the end of the fault to new reads in the log.</param>
/// <param name="Wrong">What else was not as it should be; null = nothing.</param>
/// <param name="Note">What the row measured besides; null = nothing.</param>
sealed record FaultResult(
    long Generated, long Outboxed, long Committed, long Lost, long Twice, double BlindSeconds, double RecoverySeconds, string? Wrong = null, string? Note = null)
{
    public bool IsGreen => Lost == 0 && Twice == 0 && Wrong is null;
}

/// <summary>All rows, in the order they run.</summary>
static class FaultTable
{
    public static IReadOnlyList<FaultRow> All { get; } = 
    [
        .. ProcessRows.All, .. BrokerRows.All, .. HerdRows.All, .. DiskRows.All, .. DamageRows.All, .. DescriptorRows.All, .. ClockRows.All, .. NetworkRows.All,
        .. HostileRows.All, .. PretenderRows.All, .. SensorRows.All, .. RestoreRows.All, .. LoadRows.All, .. StoreRows.All, SoakRow.Row,
    ];
}
