using Microsoft.JSInterop;

namespace EdgeTrace.Web.Frame;

/// <summary>The few things only the browser itself can do; <c>wwwroot/js/page.js</c> is the other half.</summary>
sealed class Browser(IJSRuntime js) : IAsyncDisposable
{
    Task<IJSObjectReference>? _module;

    public async Task ListenAsync(object listener) => await (await ModuleAsync()).InvokeVoidAsync("listen", listener);

    /// <summary>The theme now shown: light or dark.</summary>
    public async Task<string> ThemeAsync() => await (await ModuleAsync()).InvokeAsync<string>("theme");

    public async Task<string> ToggleThemeAsync() => await (await ModuleAsync()).InvokeAsync<string>("toggleTheme");

    public async Task ShowModalAsync(Microsoft.AspNetCore.Components.ElementReference dialog) =>
        await (await ModuleAsync()).InvokeVoidAsync("showModal", dialog);

    public async Task CloseModalAsync(Microsoft.AspNetCore.Components.ElementReference dialog) =>
        await (await ModuleAsync()).InvokeVoidAsync("closeModal", dialog);

    public async Task<double> ScrollTopAsync(Microsoft.AspNetCore.Components.ElementReference element) =>
        await (await ModuleAsync()).InvokeAsync<double>("scrollTop", element);

    public async Task ScrollToTopAsync(Microsoft.AspNetCore.Components.ElementReference element) =>
        await (await ModuleAsync()).InvokeVoidAsync("scrollToTop", element);

    /// <summary>No field has the focus any more: what a scanner types goes to the page.</summary>
    public async Task BlurAsync() => await (await ModuleAsync()).InvokeVoidAsync("blur");

    /// <summary>Calls <c>Idle</c> once nobody has touched anything for so long; 0 stops watching.</summary>
    public async Task WatchIdleAsync(object listener, int minutes) => await (await ModuleAsync()).InvokeVoidAsync("watchIdle", listener, minutes);

    /// <summary>What this page is made of is kept by the browser, so that it opens without a link.</summary>
    public async Task KeepPageAsync() => await (await ModuleAsync()).InvokeVoidAsync("keepPage");

    public async Task<string?> RecallAsync(string name) => await (await ModuleAsync()).InvokeAsync<string?>("recall", name);

    /// <summary>False: this browser keeps nothing.</summary>
    public async Task<bool> RememberAsync(string name, string value) => await (await ModuleAsync()).InvokeAsync<bool>("remember", name, value);

    public async ValueTask DisposeAsync()
    {
        if (_module is not null)
            await (await _module).DisposeAsync();
    }

    Task<IJSObjectReference> ModuleAsync() => _module ??= js.InvokeAsync<IJSObjectReference>("import", "./js/page.js").AsTask();
}
