using Microsoft.AspNetCore.Components;

namespace EdgeTrace.Web.Live;

/// <summary>A component that shows the live site and is drawn again whenever it changes.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    [Inject] internal LiveSite Live { get; set; } = null!;

    protected override void OnInitialized()
    {
        Live.Changed += Redraw;
        Live.Start();
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => Live.Changed -= Redraw;

    void Redraw() => _ = InvokeAsync(StateHasChanged);
}
