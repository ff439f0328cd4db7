using Microsoft.AspNetCore.Components;

namespace EdgeTrace.Web.Accounts;

/// <summary>A component about people: it is drawn again when somebody else is here, and what the server refuses becomes a sentence.</summary>
public abstract class AccountPage : ComponentBase, IDisposable
{
    [Inject] internal Me Me { get; set; } = null!;
    [Inject] internal AccountClient Client { get; set; } = null!;

    /// <summary>Why the last thing asked was not done; empty when it was.</summary>
    protected string Trouble { get; set; } = "";

    protected bool Busy { get; private set; }

    protected override void OnInitialized() => Me.Changed += Redraw;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => Me.Changed -= Redraw;

    /// <summary>Does one thing at a time; false when it was not done.</summary>
    protected async Task<bool> DoAsync(Func<Task> act)
    {
        if (Busy)
            return false;
        (Busy, Trouble) = (true, "");
        try
        {
            await act();
            return true;
        }
        catch (Exception trouble) when (AccountClient.Sentence(trouble) is { } sentence)
        {
            Trouble = sentence;
            return false;
        }
        finally
        {
            Busy = false;
        }
    }

    void Redraw() => _ = InvokeAsync(StateHasChanged);
}
