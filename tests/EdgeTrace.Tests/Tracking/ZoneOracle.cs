using EdgeTrace.Tracking;

namespace EdgeTrace.Tests.Tracking;

/// <summary>The definition of a visit, done the slow way: sort all reads of an EPC, cut them into runs, sum each run.</summary>
sealed class ZoneOracle(IReadOnlyList<PortalModel> models)
{
    sealed record Stay(int Model, long StartUs, long EndUs, List<TagRead> Reads)
    {
        public long FirstUs => Reads.Min(r => r.TimeUs);
        public long LastUs => Reads.Max(r => LastOf(r, EndUs));
    }

    public List<Visit> Visits(IEnumerable<TagRead> reads) =>
        [.. reads.GroupBy(r => r.Epc).SelectMany(tag => VisitsOfOne([.. tag.OrderBy(r => r.TimeUs)])).OrderBy(v => v.Id)];

    List<Visit> VisitsOfOne(List<TagRead> sorted)
    {
        var stays = new List<Stay>();
        foreach (var read in sorted)
        {
            var model = Enumerable.Range(0, models.Count).Last(i => i == 0 || models[i].ValidFromUs <= read.TimeUs);
            var every = models[model].SplitEvery.Ticks / 10;
            var start = (long)Math.Floor((decimal)read.TimeUs / every) * every;
            var end = start + every;
            if (model > 0) start = Math.Max(start, models[model].ValidFromUs);
            if (model + 1 < models.Count) end = Math.Min(end, models[model + 1].ValidFromUs);

            var open = stays.LastOrDefault();
            if (open is not null && open.StartUs == start && open.Model == model && read.TimeUs - open.LastUs <= GapOf(models[model])) open.Reads.Add(read);
            else stays.Add(new(model, start, end, [read]));
        }

        var visits = new List<Visit>();
        for (var i = 0; i < stays.Count; i++)
        {
            var before = i > 0 && Continues(stays[i - 1], stays[i]) ? stays[i - 1] : null;
            visits.Add(VisitOf(stays, i, before, i + 1 < stays.Count && Continues(stays[i], stays[i + 1])));
        }
        return visits;
    }

    bool Continues(Stay stay, Stay next) =>
        next.FirstUs >= stay.EndUs && next.FirstUs - stay.LastUs <= GapOf(models[stay.Model]);

    Visit VisitOf(List<Stay> stays, int index, Stay? before, bool continues)
    {
        var stay = stays[index];
        var model = models[stay.Model];
        var reads = stay.Reads;
        var epc = reads[0].Epc;
        var strongest = reads.OrderByDescending(r => r.RssiCentiDbm).ThenBy(r => r.Antenna).First();
        int Count(Side side) => reads.Count(r => SideOf(model, r) == side);
        var first = Slots(model, reads, r => r.TimeUs);
        if (before is not null) first = [.. first.Concat(Slots(models[before.Model], before.Reads, r => LastOf(r, before.EndUs)).TakeLast(Evidence.SlotsMax))];
        var last = Slots(model, reads, r => LastOf(r, stay.EndUs));
        var run = new Run
        {
            Reads = reads.Count,
            ReadsInside = Count(Side.Inside),
            ReadsOutside = Count(Side.Outside),
            PeakInside = Peak(Side.Inside),
            PeakOutside = Peak(Side.Outside),
        };
        var verdict = DirectionJudge.Judge(model, in run,
            Together(first).Take(Evidence.SlotsMax).ToArray(), Together(last).TakeLast(Evidence.SlotsMax).ToArray());
        return new Visit
        {
            Id = Visit.IdOf(model.Portal, epc, stay.FirstUs),
            Portal = model.Portal,
            Epc = epc,
            FirstUs = stay.FirstUs,
            LastUs = stay.LastUs,
            Count = reads.Sum(r => (long)r.Count),
            Reads = reads.Count,
            ReadsInside = run.ReadsInside,
            ReadsOutside = run.ReadsOutside,
            PeakRssiCentiDbm = strongest.RssiCentiDbm,
            PeakAntenna = strongest.Antenna,
            Direction = verdict.Direction,
            Side = verdict.Side,
            Confidence = verdict.Confidence,
            ContinuesFrom = before is null ? null : Visit.IdOf(model.Portal, epc, before.FirstUs),
            Continues = continues,
        };

        // The peaks of a stay that continues are those of all the stays it continues.
        short Peak(Side side)
        {
            var peak = short.MinValue;
            for (var i = index; ; i--)
            {
                foreach (var read in stays[i].Reads)
                    if (SideOf(models[stays[i].Model], read) == side) peak = Math.Max(peak, read.RssiCentiDbm);
                if (i == 0 || !Continues(stays[i - 1], stays[i])) return peak;
            }
        }
    }

    static List<Slot> Slots(PortalModel model, List<TagRead> reads, Func<TagRead, long> time) =>
        Together(reads.Where(r => SideOf(model, r) != Side.None).Select(r => new Slot
        {
            Number = (long)Math.Floor((decimal)time(r) / Evidence.SlotUs),
            Inside = SideOf(model, r) == Side.Inside ? Evidence.Weigh(r.RssiCentiDbm, r.Count) : 0,
            Outside = SideOf(model, r) == Side.Outside ? Evidence.Weigh(r.RssiCentiDbm, r.Count) : 0,
        }));

    static List<Slot> Together(IEnumerable<Slot> slots) =>
        [.. slots.GroupBy(s => s.Number).OrderBy(g => g.Key).Select(g => new Slot
        {
            Number = g.Key, Inside = (uint)g.Sum(s => (long)s.Inside), Outside = (uint)g.Sum(s => (long)s.Outside),
        })];

    static Side SideOf(PortalModel model, TagRead read) => model.Sides.GetValueOrDefault(read.Antenna);

    static long LastOf(TagRead read, long endUs) => Math.Min(Math.Max(read.TimeUs, read.LastTimeUs), endUs - 1);

    static long GapOf(PortalModel model) => model.Gap.Ticks / 10;
}
