namespace EdgeTrace.Faults;

/// <summary>One row of the matrix: a fault, what should come of it, and how it is done to a running chain.</summary>
sealed record FaultRow(string Name, string What, Func<FaultContext, Task<FaultResult>> RunAsync)
{
    /// <summary>Part of the smoke run inside tests/run.</summary>
    public bool Smoke { get; init; }
}

/// <summary>How long, how hard and where a row runs.</summary>
sealed record FaultContext(string Length, int Seed, string Directory, Action<string> Say, CancellationToken Stop)
{
    public TimeSpan LoadFor => TimeSpan.FromSeconds(Length == "smoke" ? 7 : 45);
    public int ReadsPerSecond => Length == "smoke" ? 1000 : 2400;
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
sealed record FaultResult(long Generated, long Outboxed, long Committed, long Lost, long Twice, double BlindSeconds, double RecoverySeconds, string? Wrong = null)
{
    public bool IsGreen => Lost == 0 && Twice == 0 && Wrong is null;
}

/// <summary>All rows, in the order they run.</summary>
static class FaultTable
{
    public static IReadOnlyList<FaultRow> All { get; } = [.. ProcessRows.All, .. BrokerRows.All, .. DiskRows.All, .. ClockRows.All, .. NetworkRows.All, .. HostileRows.All, .. RestoreRows.All, .. LoadRows.All];
}
