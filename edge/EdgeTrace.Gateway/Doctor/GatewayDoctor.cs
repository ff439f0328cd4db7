using System.Text.Json;

namespace EdgeTrace.Gateway.Doctor;

/// <summary><c>edgetrace-gateway doctor</c>: box, devices and link, each in plain words.</summary>
sealed class GatewayDoctor(GatewayConfiguration configuration, TimeProvider time)
{
    public async Task<Examination> ExamineAsync(CancellationToken stop)
    {
        var box = new BoxCheck(configuration, time);
        var running = box.RunningProcess();
        List<Finding> findings = [new("configuration", Verdict.Fine, $"{configuration.Llrp.Count} readers, {configuration.Barcode.Count} scanners, {configuration.Temperature.Count} probes."), .. box.Look()];
        findings.AddRange(await new DeviceCheck(configuration).LookAsync(running, stop));
        findings.AddRange(await new LinkCheck(configuration, time).LookAsync(running is not null, stop));
        return new(configuration.Gateway.Id, time.GetUtcNow(), findings.Max(finding => finding.Verdict), findings);
    }

    public static void Print(Examination seen, bool asJson, TextWriter to)
    {
        if (asJson)
        {
            to.WriteLine(JsonSerializer.Serialize(seen, DoctorJson.Default.Examination));
            return;
        }
        foreach (var finding in seen.Findings)
        {
            to.WriteLine($"{finding.Verdict.ToString().ToUpperInvariant(),-8} {finding.Name}: {finding.Says}");
            if (finding.Do.Length > 0) to.WriteLine($"{"",-8} → {finding.Do}");
        }
        var wrong = seen.Findings.Count(finding => finding.Verdict >= Verdict.Warning);
        to.WriteLine(wrong == 0 ? $"{seen.Gateway}: nothing is wrong." : $"{seen.Gateway}: {wrong} of {seen.Findings.Count} need somebody.");
    }
}
