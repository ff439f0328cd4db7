return await EdgeTrace.Gateway.Commands.Root.Parse(args).InvokeAsync();
