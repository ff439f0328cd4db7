using EdgeTrace.Web;
using EdgeTrace.Web.Frame;
using EdgeTrace.Web.Live;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Microsoft.FluentUI.AspNetCore.Components;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.RootComponents.Add<App>("#app");
builder.Services.AddFluentUIComponents();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(new HttpClient { BaseAddress = new Uri(builder.HostEnvironment.BaseAddress), Timeout = Timeout.InfiniteTimeSpan });
builder.Services.AddSingleton<SiteClient>();
builder.Services.AddSingleton<LiveSite>();
builder.Services.AddSingleton<Browser>();
builder.Services.AddSingleton<ScanTaker>();
await builder.Build().RunAsync();
