namespace EdgeTrace.Identity;

/// <summary>A date of six digits, YYMMDD, as labels carry it.</summary>
public static class Gs1Date
{
    /// <summary>Reads YYMMDD. Day 00 means the last day of the month; <paramref name="hadDay"/> tells whether a day was printed.</summary>
    public static bool TryRead(ReadOnlySpan<char> digits, int currentYear, out DateOnly date, out bool hadDay)
    {
        date = default;
        hadDay = false;
        if (Fault(digits, currentYear, dayMayBeMissing: true) is not null) return false;
        var (year, month, day) = (YearOf(Two(digits), currentYear), Two(digits[2..]), Two(digits[4..]));
        hadDay = day != 0;
        date = new(year, month, hadDay ? day : DateTime.DaysInMonth(year, month));
        return true;
    }

    public static bool TryRead(ReadOnlySpan<char> digits, int currentYear, out DateOnly date) => TryRead(digits, currentYear, out date, out _);

    public static string Write(DateOnly date) => date.ToString("yyMMdd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The year two digits mean today: never more than 49 years back or 50 ahead (General Specifications §7.12).</summary>
    public static int YearOf(int twoDigits, int currentYear)
    {
        var ahead = twoDigits - currentYear % 100;
        var century = currentYear - currentYear % 100;
        if (ahead >= 51) century -= 100;
        if (ahead <= -50) century += 100;
        return century + twoDigits;
    }

    internal static string? Fault(ReadOnlySpan<char> digits, int currentYear, bool dayMayBeMissing)
    {
        if (digits.Length != 6 || digits.ContainsAnyExceptInRange('0', '9')) return "a date is six digits, YYMMDD";
        var (year, month, day) = (YearOf(Two(digits), currentYear), Two(digits[2..]), Two(digits[4..]));
        if (month is < 1 or > 12) return $"there is no month {month:D2}";
        if (day == 0) return dayMayBeMissing ? null : "a day is needed here, 00 is none";
        return day <= DateTime.DaysInMonth(year, month) ? null : $"{year}-{month:D2} has no day {day:D2}";
    }

    static int Two(ReadOnlySpan<char> digits) => (digits[0] - '0') * 10 + digits[1] - '0';
}
