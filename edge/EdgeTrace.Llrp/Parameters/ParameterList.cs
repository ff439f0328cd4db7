using System.Collections;
using System.Runtime.CompilerServices;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

/// <summary>The parameters inside a message or parameter, in the order of the wire. Lists of equal parameters are equal.</summary>
[CollectionBuilder(typeof(ParameterList), nameof(Create))]
public sealed class ParameterList : IReadOnlyList<LlrpParameter>, IEquatable<ParameterList>
{
    readonly IReadOnlyList<LlrpParameter> _items;

    internal ParameterList(IReadOnlyList<LlrpParameter> items) => _items = items;

    public static ParameterList Empty { get; } = new([]);
    public static ParameterList Create(ReadOnlySpan<LlrpParameter> items) => items.IsEmpty ? Empty : new ParameterList(items.ToArray());

    public int Count => _items.Count;
    public LlrpParameter this[int index] => _items[index];

    /// <summary>The first of a kind, or null.</summary>
    public T? Find<T>() where T : LlrpParameter
    {
        foreach (var item in _items)
            if (item is T found) return found;
        return null;
    }

    /// <summary>The first of a kind that the protocol says must be there.</summary>
    public T Require<T>(object owner) where T : LlrpParameter =>
        Find<T>() ?? throw new LlrpProtocolException(0, owner.GetType().Name, $"a {typeof(T).Name} inside", "none");

    /// <summary>All of a kind.</summary>
    public IEnumerable<T> All<T>() where T : LlrpParameter => _items.OfType<T>();

    /// <summary>The number in a TV of this type, or null.</summary>
    public ulong? Number(ParameterType tv)
    {
        foreach (var item in _items)
            if (item is TvParameter found && found.Type == tv) return found.Number;
        return null;
    }

    internal void Write(LlrpWriter writer)
    {
        foreach (var item in _items) item.Write(writer);
    }

    public IEnumerator<LlrpParameter> GetEnumerator() => _items.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    public bool Equals(ParameterList? other) => other is not null && _items.SequenceEqual(other._items);
    public override bool Equals(object? obj) => Equals(obj as ParameterList);
    public override int GetHashCode() => _items.Count;
    public override string ToString() => $"[{string.Join(", ", _items)}]";
}
