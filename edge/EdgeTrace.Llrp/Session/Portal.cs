using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;

namespace EdgeTrace.Llrp.Session;

/// <summary>A reader that reads for a portal: what it is, how it was set, and what its owner should know.</summary>
/// <param name="Capabilities">The reader and its limits.</param>
/// <param name="Before">Its configuration before ours, with the antennas it finds connected.</param>
/// <param name="Plan">What it was told.</param>
/// <param name="Notes">Sentences for a person: wishes bent, other programs' RoSpecs, features missing.</param>
public sealed record Portal(
    GetReaderCapabilitiesResponse Capabilities, GetReaderConfigResponse Before, PortalPlan Plan, IReadOnlyList<string> Notes)
{
    /// <summary>Takes a reader from greeting to reading, in the order that real readers survive.</summary>
    /// <remarks>
    /// capabilities → Impinj's extensions → configuration read → configuration set → held reports released → our old RoSpec deleted →
    /// added → enabled → started → events and reports enabled. Nothing is reset to factory state, and no other program's RoSpec is
    /// touched unless the reader has room for no more; then the notes say so. Reports may arrive from the first step on: read them.
    /// </remarks>
    /// <exception cref="LlrpStatusException">The reader refused a step.</exception>
    /// <exception cref="PortalSettingsException">The settings do not fit the reader.</exception>
    public static async Task<Portal> StartAsync(LlrpConnection connection, PortalSettings settings, CancellationToken token)
    {
        var notes = new List<string>();
        var capabilities = await connection.RequestAsync(new GetReaderCapabilities(), token);
        if (capabilities.Device?.Manufacturer == Impinj.Vendor) await connection.RequestAsync(new ImpinjEnableExtensions(), token);
        var before = await connection.RequestAsync(new GetReaderConfig(), token);

        var plan = PortalPlan.Make(capabilities, before, settings, connection.Version);
        notes.AddRange(plan.Notes);
        await connection.RequestAsync(plan.Config, token);
        connection.ExpectKeepalives(settings.KeepalivePeriod, settings.KeepalivesMissedMax);

        // A reader that held reports for us lets them go now: deleting the RoSpec that made them might take them along.
        if (before.Holding is { HoldUponReconnect: true }) await connection.SendAsync(new EnableEventsAndReports(), token);
        await MakeRoomAsync(connection, capabilities, settings.RoSpecId, notes, token);

        await connection.RequestAsync(new AddRoSpec(plan.RoSpec), token);
        await connection.RequestAsync(new EnableRoSpec(settings.RoSpecId), token);
        if (plan.RoSpec.Boundary.Start.Trigger == RoSpecStartTriggerType.Null) await connection.RequestAsync(new StartRoSpec(settings.RoSpecId), token);
        await connection.SendAsync(new EnableEventsAndReports(), token);
        return new(capabilities, before, plan, notes);
    }

    /// <summary>Asks for 1.1; a reader that does not know the question speaks 1.0.1, and so do we.</summary>
    public static async Task NegotiateVersionAsync(LlrpConnection connection, CancellationToken token)
    {
        const byte Wanted = 2;
        try
        {
            var supported = await connection.RequestAsync(new GetSupportedVersion(), Wanted, token);
            if (supported.Newest < Wanted) return;
            if (supported.Current != Wanted) await connection.RequestAsync(new SetProtocolVersion(Wanted), Wanted, token);
            connection.Version = Wanted;
        }
        catch (LlrpStatusException refused) when (refused.Code is StatusCode.UnsupportedVersion or StatusCode.UnsupportedMessage)
        {
            // 1.0.1: the version both sides began with.
        }
    }

    static async Task MakeRoomAsync(
        LlrpConnection connection, GetReaderCapabilitiesResponse capabilities, uint ours, List<string> notes, CancellationToken token)
    {
        var specs = (await connection.RequestAsync(new GetRoSpecs(), token)).Specs.ToArray();
        if (specs.Any(spec => spec.Id == ours)) await connection.RequestAsync(new DeleteRoSpec(ours), token);

        // Room for one more: what runs is spared longest.
        var others = specs.Where(spec => spec.Id != ours).OrderBy(spec => spec.State).ToArray();
        var specsMax = capabilities.Llrp?.RoSpecsMax ?? 0;
        var surplus = specsMax == 0 ? 0 : Math.Max(0, others.Length + 1 - (int)Math.Min(specsMax, int.MaxValue));
        foreach (var other in others.Take(surplus))
        {
            await connection.RequestAsync(new DeleteRoSpec(other.Id), token);
            notes.Add($"RoSpec {other.Id} of another program was deleted: the reader keeps {specsMax} and we need one.");
        }

        foreach (var other in others.Skip(surplus))
            notes.Add($"RoSpec {other.Id} of another program ({other.State}) was left on the reader; while it runs, ours may have to wait.");
    }
}
