using EdgeTrace.Api;

namespace EdgeTrace.Web.Accounts;

/// <summary>Who sits at this page, and what they may see of it.</summary>
sealed class Me
{
    TaskCompletionSource _somebody = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Me(SessionWatch watch) => watch.Expired += () =>
    {
        if (Session is { Who: not null } session)
            Take(session with { Who = null });
    };

    public event Action? Changed;

    /// <summary>Null: the server has not said yet.</summary>
    public SessionView? Session { get; private set; }

    public WhoView? Who => Session?.Who;

    /// <summary>Who was here before this page was opened without a link; the server has not been asked yet.</summary>
    public bool IsRemembered { get; private set; }

    public bool May(Permission permission) => Who?.Permissions.Contains(permission) == true;

    /// <summary>What the server says of this page now.</summary>
    public void Take(SessionView session, bool remembered = false)
    {
        (Session, IsRemembered) = (session, remembered);
        if (session.Who is not null)
            _somebody.TrySetResult();
        else if (_somebody.Task.IsCompleted)
            _somebody = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Changed?.Invoke();
    }

    /// <summary>Completes while somebody is signed in.</summary>
    public Task SomebodyAsync(CancellationToken token) => _somebody.Task.WaitAsync(token);
}
