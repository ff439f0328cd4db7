using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeTrace.Tracking;

/// <summary>The models of one portal in order of validity: answers, for any event time, which model holds and where the visit must be cut.</summary>
sealed class PortalTimeline
{
    /// <summary>A stretch of event time no visit may leave: one split period under one model.</summary>
    public readonly record struct Segment(int Model, long StartUs, long EndUs);

    readonly PortalModel[] _models;
    readonly Side[][] _sides;

    public PortalTimeline(IEnumerable<PortalModel> models)
    {
        _models = [.. models.OrderBy(m => m.ValidFromUs)];
        if (_models.Length == 0) throw new ArgumentException("A portal needs at least one model.", nameof(models));
        var errors = _models.SelectMany(m => m.Errors()).ToList();
        for (var i = 1; i < _models.Length; i++)
        {
            if (_models[i].Portal != Portal) errors.Add($"One portal's models name two portals, {Portal} and {_models[i].Portal}.");
            if (_models[i].ValidFromUs == _models[i - 1].ValidFromUs) errors.Add($"{Portal}: two models hold from {_models[i].ValidFromUs} µs.");
        }
        if (errors.Count > 0) throw new ArgumentException(string.Join(" ", errors), nameof(models));
        _sides = [.. _models.Select(ByPort)];
    }

    public string Portal => _models[0].Portal;

    public PortalModel this[int model] => _models[model];

    /// <summary>The side of each antenna port; a port beyond has none.</summary>
    public Side[] SidesByPort(int model) => _sides[model];

    public Segment SegmentAt(long timeUs)
    {
        var index = _models.Length - 1;
        while (index > 0 && _models[index].ValidFromUs > timeUs) index--;
        var model = _models[index];
        var start = timeUs - Mod(timeUs, model.SplitUs);
        var end = start + model.SplitUs;
        if (index > 0) start = Math.Max(start, model.ValidFromUs);
        if (index + 1 < _models.Length) end = Math.Min(end, _models[index + 1].ValidFromUs);
        return new(index, start, end);
    }

    /// <summary>Names the models that explained anything up to <paramref name="newestUs"/>; a snapshot made under others must not be continued.</summary>
    public uint Fingerprint(long newestUs)
    {
        var print = Crc(0, MemoryMarshal.AsBytes(Portal.AsSpan()));
        for (var i = 0; i < _models.Length && (i == 0 || _models[i].ValidFromUs <= newestUs); i++)
        {
            var model = _models[i];
            print = BitOperations.Crc32C(print, (ulong)(i == 0 ? long.MinValue : model.ValidFromUs));
            print = BitOperations.Crc32C(print, (ulong)model.GapUs);
            print = BitOperations.Crc32C(print, (ulong)model.SplitUs);
            print = BitOperations.Crc32C(print, (ulong)(((long)model.StrayBelowCentiDbm << 32) ^ ((long)model.ReadsMin << 3) ^ (long)model.Kind));
            foreach (var side in _sides[i]) print = BitOperations.Crc32C(print, (byte)side);
        }
        return print;
    }

    static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    static Side[] ByPort(PortalModel model)
    {
        var sides = new Side[model.Sides.Count == 0 ? 0 : model.Sides.Keys.Max() + 1];
        foreach (var (port, side) in model.Sides) sides[port] = side;
        return sides;
    }

    /// <summary>Never negative, so that times before 1970 are cut at the same multiples.</summary>
    static long Mod(long value, long divisor)
    {
        var rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }
}
