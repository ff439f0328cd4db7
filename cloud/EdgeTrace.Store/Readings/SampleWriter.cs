using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Readings;

/// <summary>
/// Writes samples and keeps the minutes and hours beside them true, in one transaction: what a sample adds is added, and a minute one of
/// whose samples is rewritten with another value is summed again. So a roll-up does not depend on order, lateness or how often a batch came.
/// </summary>
sealed class SampleWriter : IDisposable
{
    const string Temperature = "temperature";

    readonly SqliteStatement _insert, _rewrite;
    readonly Level _minutes, _hours;

    public SampleWriter(SqliteConnection connection)
    {
        _insert = new(connection, "INSERT INTO samples VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (point, kind, ns) DO NOTHING", 6);
        _rewrite = new(connection, """
            UPDATE samples SET milli_celsius = $4, state = $5, fault = $6
            WHERE point = $1 AND kind = $2 AND ns = $3 AND (milli_celsius IS NOT $4 OR state IS NOT $5 OR fault IS NOT $6)
            """, 6);
        _minutes = new(connection, SampleLevel.Minutes, """
            SELECT $1, $2, count(milli_celsius), coalesce(sum(milli_celsius), 0), min(milli_celsius), max(milli_celsius), count(*) - count(milli_celsius)
            FROM samples WHERE point = $1 AND kind = 'temperature' AND ns >= $2 * 60000000000 AND ns < ($2 + 1) * 60000000000
            """);
        _hours = new(connection, SampleLevel.Hours, """
            SELECT $1, $2, sum(count), sum(sum), min(lowest), max(highest), sum(faults) FROM sample_minutes WHERE point = $1 AND at >= $2 * 60 AND at < ($2 + 1) * 60
            """);
    }

    /// <summary>How many were not there before.</summary>
    public int Write(SqliteTransaction transaction, IEnumerable<StoredSample> samples)
    {
        // What a transaction that came to nothing had left is not of this one.
        _minutes.Begin();
        _hours.Begin();
        var added = 0;
        foreach (var s in samples)
        {
            var temperature = s.Kind == Temperature;
            if (_insert.Run(transaction, s.Point, s.Kind, s.Ns, s.MilliCelsius, s.On, s.Fault) == 1)
            {
                added++;
                if (!temperature) continue;
                _minutes.Add(s);
                _hours.Add(s);
            }
            else if (_rewrite.Run(transaction, s.Point, s.Kind, s.Ns, s.MilliCelsius, s.On, s.Fault) == 1 && temperature)
            {
                _minutes.SumAgain(s);
                _hours.SumAgain(s);
            }
        }
        // The hours that are summed again are summed from the minutes, so those come first.
        _minutes.Flush(transaction);
        _hours.Flush(transaction);
        return added;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _rewrite.Dispose();
        _minutes.Dispose();
        _hours.Dispose();
    }

    /// <summary>One width of roll-up, and what the transaction under way changes in it.</summary>
    sealed class Level(SqliteConnection connection, SampleLevel level, string sum) : IDisposable
    {
        readonly SqliteStatement _add = new(connection, $"""
            INSERT INTO {level.Table} VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (point, at) DO UPDATE SET
                count = count + excluded.count, sum = sum + excluded.sum, faults = faults + excluded.faults,
                lowest = min(coalesce(lowest, excluded.lowest), coalesce(excluded.lowest, lowest)),
                highest = max(coalesce(highest, excluded.highest), coalesce(excluded.highest, highest))
            """, 7);
        readonly SqliteStatement _sumAgain = new(connection, $"INSERT OR REPLACE INTO {level.Table} {sum}", 2);
        readonly Dictionary<(string Point, long At), Added> _added = [];
        readonly HashSet<(string Point, long At)> _again = [];

        public void Begin()
        {
            _added.Clear();
            _again.Clear();
        }

        public void Add(StoredSample s) => _added[Of(s)] = _added.GetValueOrDefault(Of(s)).With(s.MilliCelsius);

        public void SumAgain(StoredSample s) => _again.Add(Of(s));

        public void Flush(SqliteTransaction transaction)
        {
            foreach (var ((point, at), a) in _added) _add.Run(transaction, point, at, a.Count, a.Sum, a.Lowest, a.Highest, a.Faults);
            foreach (var (point, at) in _again) _sumAgain.Run(transaction, point, at);
        }

        public void Dispose()
        {
            _add.Dispose();
            _sumAgain.Dispose();
        }

        (string, long) Of(StoredSample s) => (s.Point, level.NumberOf(s.Us));
    }

    readonly record struct Added(long Count, long Sum, int? Lowest, int? Highest, long Faults)
    {
        public Added With(int? milli) => milli is not { } value
            ? this with { Faults = Faults + 1 }
            : new(Count + 1, Sum + value, Math.Min(Lowest ?? value, value), Math.Max(Highest ?? value, value), Faults);
    }
}
