using EdgeTrace.Web;
using EdgeTrace.Web.Accounts;
using EdgeTrace.Web.Frame;
using EdgeTrace.Web.GoodsIn;
using EdgeTrace.Web.Live;
using EdgeTrace.Web.Theatre;
using EdgeTrace.Web.Recalls;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Microsoft.FluentUI.AspNetCore.Components;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.RootComponents.Add<App>("#app");
builder.Services.AddFluentUIComponents();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<SessionWatch>();
builder.Services.AddSingleton(services =>
{
    var http = new HttpClient(services.GetRequiredService<SessionWatch>()) { BaseAddress = new Uri(builder.HostEnvironment.BaseAddress), Timeout = Timeout.InfiniteTimeSpan };
    // No other site's form can send this, so the server knows that a change was asked for here.
    http.DefaultRequestHeaders.Add("X-EdgeTrace", "page");
    return http;
});
builder.Services.AddSingleton<AccountClient>();
builder.Services.AddSingleton<Me>();
builder.Services.AddSingleton<SiteClient>();
builder.Services.AddSingleton<RecallClient>();
builder.Services.AddSingleton<LiveSite>();
builder.Services.AddSingleton<Browser>();
builder.Services.AddSingleton<ScanTaker>();
builder.Services.AddSingleton<Delivery>();
builder.Services.AddSingleton<TheatreClient>().AddSingleton<TheatreDesk>();
await builder.Build().RunAsync();
