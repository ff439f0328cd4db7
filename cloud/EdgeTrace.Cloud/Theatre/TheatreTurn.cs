namespace EdgeTrace.Cloud.Theatre;

/// <summary>One scan, act or new case at a time: each is judged by what the one before has left, and one new patient is never given two pseudonyms.</summary>
sealed class TheatreTurn : IDisposable
{
    readonly SemaphoreSlim _one = new(1);

    public async Task<T> TakeAsync<T>(Func<Task<T>> what)
    {
        await _one.WaitAsync();
        try
        {
            return await what();
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
