using System.CommandLine;
using EdgeTrace.Simulators.Commands;

// Devices a gateway can really connect to, one by one or as a whole hospital that knows what truly happened.
var root = new RootCommand("EdgeTrace simulators: real LLRP over TCP, a real serial line, sensor files in the kernel's shapes, and a hospital of them.")
{
    HospitalCommand.Create(TimeProvider.System),
    LlrpCommand.Create(TimeProvider.System),
    LoadCommand.Create(TimeProvider.System),
    ScannerCommand.Create(TimeProvider.System),
    SensorsCommand.Create(TimeProvider.System),
};
return await root.Parse(args).InvokeAsync();
