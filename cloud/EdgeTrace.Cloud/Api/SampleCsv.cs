using System.Globalization;
using System.Text;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Readings;

namespace EdgeTrace.Cloud.Api;

/// <summary>A point's temperatures at their full rate as CSV (RFC 4180), for a spreadsheet or another system. A faulty sample is a line with its fault and no value.</summary>
static class SampleCsv
{
    /// <summary>About half a megabyte of text. A page is read and let go: a slow line to somebody's spreadsheet must not hold the store's write-ahead log open.</summary>
    const int PageMax = 10_000;

    public const string Header = "point,utc,site_time,celsius,fault";

    public static async Task WriteAsync(SampleReader readings, TimeZoneInfo zone, string point, long fromUs, long toUs, Stream output, CancellationToken token)
    {
        await output.WriteAsync(Encoding.UTF8.GetBytes(Header + "\r\n"), token);
        var text = new StringBuilder();
        for (var (nextNs, endNs) = (fromUs * 1000, toUs * 1000); nextNs < endNs;)
        {
            var page = readings.Page(point, nextNs, endNs, PageMax);
            foreach (var sample in page)
            {
                var at = EventTime.FromUs(sample.Ns / 1000);
                text.Append(CultureInfo.InvariantCulture,
                    $"{point},{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'},{TimeZoneInfo.ConvertTime(at, zone):yyyy-MM-dd'T'HH:mm:ss.fffzzz},{sample.MilliCelsius / 1000m:0.000},{sample.Fault}\r\n");
            }
            await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), token);
            text.Clear();
            nextNs = page.Count < PageMax ? endNs : page[^1].Ns + 1;
        }
    }
}
