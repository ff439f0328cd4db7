using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Readings;

namespace EdgeTrace.Cloud.Projections;

/// <summary>Fills a board with what the readings store remembers, so that a restart does not empty the page.</summary>
static class PointBoards
{
    public static PointBoard Filled(SiteModel site, ReadingsStore readings)
    {
        var board = new PointBoard();
        foreach (var point in site.Points)
        {
            if (readings.Newest(point.Id, PointBoard.RecentMax) is not [.., var last] newest) continue;
            board[point.Id] = new(
                last.Ns / 1000, last.MilliCelsius / 1000.0, last.Fault, last.Fault.Length > 0 ? Severity.Unknown : Severity.Fine, last.Fault.Length > 0 ? $"The probe does not give a temperature: {last.Fault}." : "",
                [.. newest.Select(s => s.MilliCelsius / 1000.0)]);
        }
        return board;
    }
}
