using System.Text.Json;

namespace EdgeTrace.Web.Live;

/// <summary>One thing asked of the server: on its way, here, unknown there, or out of reach. The newest question wins.</summary>
public sealed class Fetched<T> where T : class
{
    int _asked;

    public T? Value { get; private set; }
    public bool NotKnown { get; private set; }
    public bool OutOfReach { get; private set; }

    /// <summary>Neither what is here nor what is on its way is wanted any more.</summary>
    public void Forget()
    {
        _asked++;
        (Value, NotKnown, OutOfReach) = (null, false, false);
    }

    /// <summary>An answer already here stays until the next one has come, also when that one fails.</summary>
    public async Task AskAsync(Func<CancellationToken, Task<T>> ask, bool forget = false)
    {
        var number = ++_asked;
        if (forget)
            (Value, NotKnown, OutOfReach) = (null, false, false);
        try
        {
            var value = await ask(CancellationToken.None);
            if (number == _asked)
                (Value, NotKnown, OutOfReach) = (value, false, false);
        }
        catch (NotKnownException) when (number == _asked)
        {
            (Value, NotKnown, OutOfReach) = (null, true, false);
        }
        catch (Exception trouble) when (trouble is HttpRequestException or OperationCanceledException or IOException or JsonException or NotKnownException)
        {
            if (number == _asked)
                OutOfReach = true;
        }
    }
}
