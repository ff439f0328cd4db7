namespace EdgeTrace.Tracking;

/// <summary>Reads a direction out of how a stay began and how it ended.</summary>
static class DirectionJudge
{
    /// <summary>A contrast between the sides closer to zero than this speaks for neither.</summary>
    const double ContrastMin = 0.15;

    /// <summary>Strong enough to be believed as one end of a passage though the other end is faint.</summary>
    const double SwingMin = 0.7;

    /// <summary>An end is at most 8 slots, 1 s, of the stay, and never more than its third: a long stay near the door must not dilute the step that led to it.</summary>
    const long EndSlotsMax = 8;

    public readonly record struct Verdict(Direction Direction, Side Side, double Confidence)
    {
        public static readonly Verdict None = new(Direction.Unknown, Side.None, 0);
    }

    public static Verdict Judge(PortalModel model, in Run run, ReadOnlySpan<Slot> first, ReadOnlySpan<Slot> last)
    {
        var inside = model.Sides.Values.Count(s => s == Side.Inside);
        var outside = model.Sides.Values.Count(s => s == Side.Outside);
        if (model.Kind != PortalKind.Door || inside == 0 || outside == 0) return Verdict.None;
        if (first.IsEmpty) return Verdict.None;
        if (run.ReadsInside + run.ReadsOutside < model.ReadsMin) return Faint(run);

        // A stay whose strongest read is faint never came to the door: strays of parked stock, a trolley in the corridor.
        var strongInside = run.PeakInside >= model.StrayBelowCentiDbm;
        var strongOutside = run.PeakOutside >= model.StrayBelowCentiDbm;
        if (!strongInside && !strongOutside) return Faint(run);

        var span = last[^1].Number - first[0].Number + 1;
        var end = Math.Clamp(span / 3, 1, EndSlotsMax);
        var began = Contrast(first, first[0].Number, end, inside, outside);
        var ended = Contrast(last, last[^1].Number, end, inside, outside);

        var from = SideOf(began, ended);
        var to = SideOf(ended, began);
        if (from == Side.None || to == Side.None) return new(Direction.Unknown, to, 0);
        var seen = Math.Min(Math.Abs(began), Math.Abs(ended));
        if (from == to) return new(Direction.Past, to, Sureness(seen, run.ReadsInside + run.ReadsOutside));

        // Whoever walked through the door was close to the antennas of both its sides.
        if (!strongInside || !strongOutside) return new(Direction.Past, strongInside ? Side.Inside : Side.Outside, Sureness(seen, run.Reads) / 2);
        var fewer = Math.Min(run.ReadsInside, run.ReadsOutside);
        return new(to == Side.Inside ? Direction.In : Direction.Out, to, Sureness(Math.Abs(began - ended) / 2, 2 * fewer));
    }

    /// <summary>Too little for a movement. Heard on one side alone it passed or stood there; that much can be said, and with how little it is said.</summary>
    static Verdict Faint(in Run run) => (run.ReadsInside, run.ReadsOutside) switch
    {
        (0, > 0) => new(Direction.Past, Side.Outside, Sureness(0.5, run.ReadsOutside)),
        ( > 0, 0) => new(Direction.Past, Side.Inside, Sureness(0.5, run.ReadsInside)),
        _ => Verdict.None,
    };

    /// <summary>−1 (all inside) … +1 (all outside), each slot counting less the farther it lies from its end of the stay.</summary>
    static double Contrast(ReadOnlySpan<Slot> slots, long edge, long reach, int antennasInside, int antennasOutside)
    {
        double inside = 0, outside = 0;
        foreach (var slot in slots)
        {
            var weight = reach - Math.Abs(slot.Number - edge);
            if (weight <= 0) continue;
            inside += (double)slot.Inside * weight;
            outside += (double)slot.Outside * weight;
        }
        inside /= antennasInside;
        outside /= antennasOutside;
        return inside + outside == 0 ? 0 : (outside - inside) / (inside + outside);
    }

    static Side SideOf(double contrast, double other)
    {
        if (contrast > ContrastMin) return Side.Outside;
        if (contrast < -ContrastMin) return Side.Inside;
        if (contrast - other > SwingMin) return Side.Outside;
        return other - contrast > SwingMin ? Side.Inside : Side.None;
    }

    /// <summary>Each pair of reads halves the doubt that is left; rounded, so that the number is the same on every machine and fit to print.</summary>
    static double Sureness(double contrast, int reads) => Math.Round(contrast * (1 - Math.Pow(0.5, reads / 2.0)), 3);
}
