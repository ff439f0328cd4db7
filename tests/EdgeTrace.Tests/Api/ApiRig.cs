using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Tests.Projections;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeTrace.Tests.Api;

/// <summary>The projections and the API in a real Kestrel on a port of its own, over real files; batches are put into the log by hand.</summary>
sealed class ApiRig : IAsyncDisposable
{
    readonly DirectoryInfo _folder;
    readonly WebApplication _app;

    ApiRig(DirectoryInfo folder, BatchLog log, WebApplication app) => (_folder, Log, _app) = (folder, log, app);

    public BatchLog Log { get; }
    public string Folder => _folder.FullName;
    public Promised Promises { get; private init; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public GatewayDirectory Gateways => Services.GetRequiredService<GatewayDirectory>();
    public IServiceProvider Services => _app.Services;
    public ProjectionPump Pump => Services.GetRequiredService<ProjectionPump>();
    public LedgerReader Ledger => Services.GetRequiredService<LedgerReader>();

    /// <param name="time">The rig's clock; the real one when left out.</param>
    /// <param name="site">The site model's JSON; SmallHospital's when left out.</param>
    /// <param name="more">What this test has beside the usual services.</param>
    public static async Task<ApiRig> StartAsync(TimeProvider? time = null, string? site = null, Action<IServiceCollection>? more = null)
    {
        time ??= TimeProvider.System;
        var gateways = new GatewayDirectory([]);
        var folder = Directory.CreateTempSubdirectory("edgetrace-api-");
        var log = BatchLog.Open(folder.FullName, time, NullLogger<BatchLog>.Instance);
        var promises = new Promised();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(time).AddSingleton(log).AddSingleton<IStreamPromises>(promises);
        builder.Services.AddSingleton(site is null ? SmallHospital.Site : SiteModelFile.Read("site.json", site)).AddSingleton(SmallHospital.Names.AsConfigured);
        builder.Services.AddSingleton(new ConfigurationFile(Path.Combine(folder.FullName, "cloud.json"))).AddSingleton(gateways);
        builder.Services.AddSingleton(Options.Create(new CloudOptions { DataDirectory = folder.FullName }));
        builder.Services.AddProjections(_ => folder.FullName).AddApi();
        more?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapApi();
        await app.StartAsync();
        var rig = new ApiRig(folder, log, app) { Promises = promises, Http = new() { BaseAddress = new(app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) } };
        // A machine that may do everything a machine may: what is tried is what it asks for.
        rig.Http.DefaultRequestHeaders.Authorization = new("Bearer", await rig.Services.GetRequiredService<AccountDesk>().AddTokenAsync("test", "rig", [.. Enum.GetValues<Permission>().Except([Permission.Administer])]));
        return rig;
    }

    /// <summary>Somebody with an account of their own, signed in as the page does it.</summary>
    public async Task<HttpClient> SignInAsync(string name, params StaffRole[] roles)
    {
        const string Password = "a long walk by the sea";
        var (desk, id) = (Services.GetRequiredService<AccountDesk>(), name.ToLowerInvariant().Replace(' ', '.'));
        await desk.AddAsync("test", id, name, null, roles);
        await desk.SetPasswordAsync("test", id, Password);
        var browser = NewBrowser();
        (await browser.PostAsJsonAsync("/api/v1/session", new { name = id, password = Password })).EnsureSuccessStatusCode();
        return browser;
    }

    /// <summary>Keeps its cookies, and nobody has signed in with it.</summary>
    public HttpClient NewBrowser()
    {
        var browser = new HttpClient { BaseAddress = Http.BaseAddress, Timeout = TimeSpan.FromSeconds(30) };
        browser.DefaultRequestHeaders.Add(AccountServices.OwnPageHeader, "page");
        return browser;
    }

    public async Task AppendAsync(Batch batch)
    {
        var body = batch.ToByteArray();
        var header = batch.Header;
        await Log.AppendAsync(new(new(header.Gateway, header.Stream, header.Epoch, header.Sequence), 1, header.Readings, System.IO.Hashing.Crc32.HashToUInt32(body), body));
    }

    /// <summary>Two people's worth of stock through a door: tag in, then a later read that lets the visit close.</summary>
    public async Task WalkInAsync(ulong sequence, int tag, long atUs)
    {
        var reads = Enumerable.Range(0, 12).Select(i => (atUs + i * 60_000, (ushort)(i < 6 ? 1 : 2), SmallHospital.Tag(tag))).ToArray();
        await AppendAsync(SmallHospital.Reads("door-1", sequence, reads));
        Promises.Say(new(SmallHospital.Gateway, "reads/door-1", 7, sequence + 1, atUs + 60_000_000));
    }

    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds())
        {
            Assert.False(patience.IsCancellationRequested, $"waited in vain until {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Log.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    internal sealed class Promised : IStreamPromises
    {
        readonly System.Collections.Concurrent.ConcurrentDictionary<string, StreamPromise> _said = new();
        public void Say(StreamPromise promise) => _said[promise.Stream] = promise;
        public IReadOnlyList<StreamPromise> Current() => [.. _said.Values];
    }
}
