namespace EdgeTrace.Contract;

/// <summary>What makes a batch itself and no other: MQTT packet ids and DUP flags mean nothing (DESIGN.md, corridor 1).</summary>
/// <param name="Gateway">The gateway's topic word.</param>
/// <param name="Stream">The stream's path below the gateway, as <c>reads/store-3-door</c>.</param>
/// <param name="Epoch">One life of the stream's numbering; never 0.</param>
/// <param name="Sequence">1, 2, 3 … without gaps within (stream, epoch).</param>
public readonly record struct BatchId(string Gateway, string Stream, ulong Epoch, ulong Sequence)
{
    public override string ToString() => $"{Gateway}/{Stream} epoch {Epoch:x16} sequence {Sequence}";
}
