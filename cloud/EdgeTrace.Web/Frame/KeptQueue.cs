using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeTrace.Web.Frame;

/// <summary>
/// What this terminal owes the server, oldest first: what was scanned and done and has no answer yet. Written to the browser's storage with every change, so that
/// neither a reload nor a browser that dies loses any of it.
/// </summary>
sealed class KeptQueue<T>(Browser browser, string name, JsonTypeInfo<List<T>> type) where T : class
{
    /// <summary>Scans of a day without a link; a terminal that has more has been forgotten in a drawer.</summary>
    public const int Max = 2000;

    List<T> _all = [];
    bool _begun;

    public IReadOnlyList<T> All => _all;
    public int Count => _all.Count;
    public bool IsFull => _all.Count >= Max;

    /// <summary>False: the browser's storage is forbidden or full, and what is here dies with the page.</summary>
    public bool IsKept { get; private set; } = true;

    /// <summary>Takes up what an earlier page left, and has the browser keep this one, so that it opens without a link; false: that was done before.</summary>
    public async Task<bool> BeginAsync()
    {
        if (_begun)
            return false;
        _begun = true;
        var left = await browser.RecallAsync(name) is { Length: > 0 } kept ? JsonSerializer.Deserialize(kept, type) ?? [] : [];
        // What was scanned while this was read comes after it.
        _all = [.. left, .. _all];
        await browser.KeepPageAsync();
        return true;
    }

    public Task AddAsync(T one)
    {
        _all.Add(one);
        return KeepAsync();
    }

    /// <summary>All of them with one writing: a browser that dies in between has either forgotten all or none.</summary>
    public Task RemoveAsync(params IReadOnlyList<T> some)
    {
        _all.RemoveAll(some.Contains);
        return KeepAsync();
    }

    public Task ChangeAsync(Func<T, T> change)
    {
        _all = [.. _all.Select(change)];
        return KeepAsync();
    }

    async Task KeepAsync() => IsKept = await browser.RememberAsync(name, JsonSerializer.Serialize(_all, type));
}
