using System.Buffers;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.ColdChain;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EpisodeFact = EdgeTrace.Store.Ledger.EpisodeFact;
using ProbeFault = EdgeTrace.ColdChain.ProbeFault;
using Sample = EdgeTrace.ColdChain.Sample;
using Severity = EdgeTrace.Api.Severity;

namespace EdgeTrace.Cloud.Projections;

/// <summary>One point: samples become episodes; what the gateway itself decided joins them by (point, rule, start).</summary>
sealed class PointZone : Zone
{
    readonly SiteModel _site;
    readonly PointBoard _board;
    readonly PointJudge _judge;
    readonly List<ColdChain.EpisodeFact> _told = [];
    readonly Queue<double?> _recent = [];
    long? _newestUs;
    double? _celsius;
    string _fault = "";

    public PointZone(string point, SiteModel site, PointBoard board, byte[]? snapshot) : base(new("point", point))
    {
        (_site, _board) = (site, board);
        var limits = PointRules.History(site.PointHistory(point));
        _judge = snapshot is null ? new(limits) : PointJudge.Restore(snapshot, limits);
        var known = board[point];
        foreach (var value in known.Recent) _recent.Enqueue(value);
        (_newestUs, _celsius, _fault) = (known.AtUs, known.Celsius, known.Fault);
    }

    public override StreamKind Main => StreamKind.Samples;

    public override void Apply(LoggedBatch logged, Batch batch, LedgerCommit facts)
    {
        if (batch.Header.TimeQuality == TimeQuality.Relative) return;
        switch (batch.BodyCase)
        {
            case Batch.BodyOneofCase.Samples:
                foreach (var sample in batch.Samples.Samples.OrderBy(s => s.TimeUs)) Judge(sample);
                break;
            case Batch.BodyOneofCase.Alarms:
                foreach (var alarm in batch.Alarms.Alarms) Tell(alarm, facts);
                return;
        }
        _judge.Advance(batch.Header.ThroughUs, _told);
        Tell(facts);
    }

    public override void Advance(long throughUs, LedgerCommit facts)
    {
        _judge.Advance(throughUs, _told);
        Tell(facts);
    }

    public override byte[] Snapshot()
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        _judge.Snapshot(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    public override void Committed()
    {
        // Which rules are broken is the judge's to say, also after a restart from a snapshot.
        var open = _judge.Phases.Where(p => p.Phase is RulePhase.Active).Select(p => p.Rule).ToList();
        var name = _site.Point(Id.Zone, _newestUs ?? 0)?.Name ?? Id.Zone;
        var worst = open.Select(r => AlarmWords.Of(r, r.Code, name, null)).OrderByDescending(w => w.Severity).FirstOrDefault();
        var (state, reason) = open.Count > 0 ? (worst.Severity, worst.Sentence)
            : _fault.Length > 0 ? (Severity.Unknown, $"The probe does not give a temperature: {_fault}.")
            : _newestUs is null ? (Severity.Unknown, PointStatus.None.Reason)
            : (Severity.Fine, "");
        _board[Id.Zone] = new(_newestUs, _celsius, _fault, state, reason, [.. _recent]);
    }

    void Judge(Contract.Sample sample)
    {
        var faulty = sample.Fault != Contract.ProbeFault.None;
        _judge.Apply(sample.Kind switch
        {
            SampleKind.Door => Sample.Door(sample.TimeUs, sample.On),
            SampleKind.Mains => Sample.Mains(sample.TimeUs, sample.On),
            _ when faulty => Sample.Faulty(sample.TimeUs),
            _ => Sample.Temperature(sample.TimeUs, sample.MilliCelsius / 1000.0),
        }, _told);
        if (sample.Kind != SampleKind.Temperature || sample.TimeUs < (_newestUs ?? long.MinValue)) return;

        // The judge also finds implausible values by itself: what it does not believe is not shown as a temperature.
        faulty |= _judge.Fault != ProbeFault.None && _judge.NewestUs == sample.TimeUs;
        _newestUs = sample.TimeUs;
        _fault = !faulty ? "" : sample.Fault != Contract.ProbeFault.None ? FaultWord(sample.Fault) : _judge.Fault.ToString();
        _celsius = faulty ? null : sample.MilliCelsius / 1000.0;
        _recent.Enqueue(_celsius);
        while (_recent.Count > PointBoard.RecentMax) _recent.Dequeue();
    }

    void Tell(LedgerCommit facts)
    {
        foreach (var told in _told)
        {
            var episode = told.Episode;
            var fact = new EpisodeFact(
                episode.Id.ToString(), episode.Point, episode.Rule.Code, episode.StartUs, episode.ActiveUs, episode.EndUs,
                episode.Peak is { } peak ? (int)Math.Round(peak * 1000) : null, ApiJson.Write(episode.Rule));
            facts.Episodes.Add(fact);
            var phase = told.Change switch
            {
                EpisodeChange.Opened => "raised",
                EpisodeChange.Closed => "ended",
                _ => $"worse.{told.EventUs}",
            };
            facts.Outgoing.Add(new(FeedKind.Alarm, fact.Id, phase, told.EventUs, ApiJson.Write(AlarmViews.Of(_site, fact, null))));
        }
        _told.Clear();
    }

    void Tell(LocalAlarm alarm, LedgerCommit facts)
    {
        var id = Episode.IdOf(Id.Zone, alarm.Rule, alarm.StartUs).ToString();
        long? endedUs = alarm.EndedUs == 0 ? null : alarm.EndedUs;
        facts.LocalEpisodes.Add(new(id, Id.Zone, alarm.Rule, alarm.StartUs, alarm.RaisedUs, endedUs, alarm.PeakMilliCelsius));
        var view = AlarmViews.Of(_site, new EpisodeFact(id, Id.Zone, alarm.Rule, alarm.StartUs, alarm.RaisedUs, endedUs, alarm.PeakMilliCelsius, ""), null);
        facts.Outgoing.Add(new(FeedKind.Alarm, id, endedUs is null ? "raised" : "ended", endedUs ?? alarm.RaisedUs, ApiJson.Write(view)));
    }

    static string FaultWord(Contract.ProbeFault fault) => fault switch
    {
        Contract.ProbeFault.Vanished => "it is unplugged",
        Contract.ProbeFault.Unreadable => "its driver returns an error",
        Contract.ProbeFault.Checksum => "its checksum is wrong",
        Contract.ProbeFault.PowerOnValue => "85 °C is its value before its first conversion",
        Contract.ProbeFault.OutOfRange => "the value is beyond what it can measure",
        _ => "unknown fault",
    };
}
