using System.Net;

namespace EdgeTrace.Web.Accounts;

/// <summary>Tells when the server no longer knows who asks, whoever of the page has asked.</summary>
sealed class SessionWatch() : DelegatingHandler(new HttpClientHandler())
{
    public event Action? Expired;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        // A wrong password is answered so, too; that is the door's own affair.
        if (answer.StatusCode == HttpStatusCode.Unauthorized && request.RequestUri?.AbsolutePath.StartsWith("/api/v1/session", StringComparison.Ordinal) == false)
            Expired?.Invoke();
        return answer;
    }
}
