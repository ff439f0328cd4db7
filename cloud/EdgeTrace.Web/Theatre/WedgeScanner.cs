using Microsoft.JSInterop;

namespace EdgeTrace.Web.Theatre;

/// <summary>Takes a keyboard scanner's codes wherever the focus is; <c>wwwroot/js/theatre.js</c> is the other half.</summary>
sealed class WedgeScanner(IJSRuntime js, Func<string, Task> scanned) : IAsyncDisposable
{
    IJSObjectReference? _module;
    DotNetObjectReference<WedgeScanner>? _me;

    public async Task BeginAsync()
    {
        _module = await js.InvokeAsync<IJSObjectReference>("import", "./js/theatre.js");
        _me = DotNetObjectReference.Create(this);
        await _module.InvokeVoidAsync("take", _me);
    }

    public async Task FocusAsync(params string[] selectors)
    {
        if (_module is not null)
            await _module.InvokeVoidAsync("focus", (object)selectors);
    }

    [JSInvokable]
    public Task Scanned(string code) => scanned(code);

    public async ValueTask DisposeAsync()
    {
        if (_module is not null)
        {
            await _module.InvokeVoidAsync("leave");
            await _module.DisposeAsync();
        }
        _me?.Dispose();
    }
}
