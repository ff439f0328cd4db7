using EdgeTrace.ColdChain;
using EdgeTrace.Contract;
using EdgeTrace.Gateway.Outbox;

namespace EdgeTrace.Gateway.Devices.Temperature;

/// <summary>Judges a point on the gateway itself, with no network: what it decides goes out first of all, and the cloud's episode wins.</summary>
sealed class LocalJudge(string point, StorageClass storageClass, AlarmStream alarms)
{
    readonly PointJudge _judge = new(storageClass.For(point));
    readonly List<EpisodeFact> _facts = [];

    public void Judge(Contract.Sample sample)
    {
        _facts.Clear();
        _judge.Apply(
            sample.Fault == Contract.ProbeFault.None
                ? ColdChain.Sample.Temperature(sample.TimeUs, sample.MilliCelsius / 1000.0)
                : ColdChain.Sample.Faulty(sample.TimeUs),
            _facts);
        // The interval is the sensor's own: nothing older follows, so the judge need not hold a sample back for its predecessor.
        _judge.Advance(sample.TimeUs, _facts);
        foreach (var fact in _facts) alarms.Add(Alarm(fact.Episode));
        alarms.Promise(sample.TimeUs);
    }

    LocalAlarm Alarm(Episode episode) => new()
    {
        Point = point, Rule = episode.Rule.Code, StartUs = episode.StartUs, RaisedUs = episode.ActiveUs, EndedUs = episode.EndUs ?? 0,
        PeakMilliCelsius = episode.Peak is { } peak ? (int)Math.Round(peak * 1000) : 0,
    };
}
