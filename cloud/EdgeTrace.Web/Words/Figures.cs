using System.Globalization;

namespace EdgeTrace.Web.Words;

/// <summary>Numbers as people read them: thin grouping, a true minus sign, units always, one decimal for °C.</summary>
static class Figures
{
    const char ThinSpace = '\u202f'; // narrow no-break space: groups digits and ties a unit to its number
    const char Minus = '\u2212';

    public static string Count(long value)
    {
        var digits = Math.Abs(value).ToString(CultureInfo.InvariantCulture);
        for (var at = digits.Length - 3; at > 0; at -= 3)
            digits = digits.Insert(at, ThinSpace.ToString());
        return value < 0 ? Minus + digits : digits;
    }

    public static string Things(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    /// <summary>The number alone; the unit is set smaller beside it.</summary>
    public static string Degrees(double celsius)
    {
        var text = Math.Abs(celsius).ToString("0.0", CultureInfo.InvariantCulture);
        return celsius < 0 && text != "0.0" ? Minus + text : text;
    }

    public static string Celsius(double celsius) => $"{Degrees(celsius)}\u00a0°C";

    public static string Percent(double share)
    {
        // Never says 100 of something that is only nearly so.
        var percent = share >= 1 ? 100 : Math.Min(99, Math.Round(share * 100));
        return $"{percent.ToString(CultureInfo.InvariantCulture)}{ThinSpace}%";
    }

    /// <summary>In the unit that leaves one to three digits before the point; 1 kB is 1 000 bytes.</summary>
    public static string Bytes(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        var unit = 0;
        for (; bytes >= 999.5 && unit < units.Length - 1; unit++)
            bytes /= 1000;
        return $"{bytes.ToString(unit == 0 || bytes >= 99.95 ? "0" : "0.0", CultureInfo.InvariantCulture)}\u00a0{units[unit]}";
    }

    /// <summary>To a tenth of a percent; never says none or all of something that is only nearly so.</summary>
    public static string Share(double share)
    {
        var percent = share <= 0 ? 0 : share >= 1 ? 100 : Math.Clamp(Math.Round(share * 100, 1), 0.1, 99.9);
        return $"{percent.ToString("0.0", CultureInfo.InvariantCulture)}{ThinSpace}%";
    }

    /// <summary>£1 234.50 of 123450 pence.</summary>
    public static string Pounds(long pence) => $"{(pence < 0 ? Minus.ToString() : "")}£{Count(Math.Abs(pence) / 100)}.{Math.Abs(pence) % 100:00}";

    public static string Dbm(double dbm) => $"{(dbm < 0 ? Minus.ToString() : "")}{Math.Abs(dbm).ToString("0", CultureInfo.InvariantCulture)}\u00a0dBm";
}
