using System.Globalization;

namespace EdgeTrace.Identity;

/// <summary>Reads a HIBC label (ANSI/HIBC 2.6): who made it and what it is, lot, serial, dates and quantity, in one symbol or in two.</summary>
/// <remarks>
/// <code>
/// primary      +  LIC PCN… U  check            LIC: a letter and three more; PCN: up to 18; U: unit of measure, one digit
/// secondary    +  data…    link  check         link: the check character of the primary it belongs to
/// both in one  +  LIC PCN… U / data… / S… / 16D… / 14D… / Q…  check
/// data         YYJJJ lot · $ lot · $+ serial · $$ date lot · $$+ date serial · $$8 qq date lot · $$9 qqqqq date lot
/// date         MMYY when it begins with 0 or 1 (the digit is the month's) · 2 MMDDYY · 3 YYMMDD · 4 YYMMDDHH · 5 YYJJJ · 6 YYJJJHH · 7 none
/// </code>
/// Fields stand among the elements under their names. Two symbols read in one go are told apart by the second '+'.
/// </remarks>
sealed class HibcReading(ElementReading reading, int currentYear)
{
    const int LicLength = 4;
    const int PcnMax = 18;
    const int PrimaryLengthMin = 1 + LicLength + 1 + 1 + 1;   // +, LIC, one of PCN, unit of measure, check

    /// <summary>The alphabet in the order of its weights.</summary>
    const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

    public void Read(string text)
    {
        if (IsSecondary(text))
        {
            ReadSecondarySymbol(text, primaryCheck: null);
        }
        else if (SecondSymbol(text) is { } at)
        {
            JudgeCheck(text[..at]);
            ReadPrimary(text[1..(at - 1)]);
            ReadSecondarySymbol(text[at..], CheckOf(text.AsSpan(0, at - 1)));
        }
        else
        {
            JudgeCheck(text);
            var segments = text[1..^1].Split('/');
            ReadPrimary(segments[0]);
            for (var i = 1; i < segments.Length; i++) ReadSegment(segments[i]);
        }
    }

    /// <summary>The check character that belongs behind these: the sum of their places in the alphabet, modulo 43; null when one is none of its characters.</summary>
    public static char? CheckOf(ReadOnlySpan<char> text)
    {
        var sum = 0;
        foreach (var c in text)
        {
            var weight = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (weight < 0) return null;
            sum += weight;
        }
        return Alphabet[sum % Alphabet.Length];
    }

    static bool IsSecondary(ReadOnlySpan<char> symbol) => symbol is ['+', '$' or (>= '0' and <= '9'), ..];

    static int? SecondSymbol(string text)
    {
        for (var at = PrimaryLengthMin; at < text.Length - 1; at++)
        {
            if (IsSecondary(text.AsSpan(at)) && !text.AsSpan(0, at).Contains('/') && char.IsAsciiDigit(text[at - 2])) return at;
        }
        return null;
    }

    void JudgeCheck(string symbol)
    {
        if (symbol.Length < 3) reading.Fail("a HIBC label ends before it says anything");
        else if (CheckOf(symbol.AsSpan(0, symbol.Length - 1)) is not { } right) reading.Fail($"'{symbol.First(c => !Alphabet.Contains(c))}' is no character of a HIBC label");
        else if (right != symbol[^1]) reading.Fail($"check character '{symbol[^1]}' should be '{right}'");
    }

    void ReadPrimary(string primary)
    {
        if (primary.Length < LicLength + 2 || !char.IsAsciiLetter(primary[0]) || !char.IsAsciiDigit(primary[^1]))
        {
            reading.Fail($"'{primary}' is not a labeler's four characters, a product code and a unit of measure");
            reading.Keep(primary);
            return;
        }
        var pcn = primary[LicLength..^1];
        if (pcn.Length > PcnMax) reading.Fail($"product code '{pcn}' has {pcn.Length} characters, at most {PcnMax} are allowed");
        reading.Add(FieldName.Labeler, primary[..LicLength]);
        reading.Add(FieldName.ProductCode, pcn);
        reading.Add(FieldName.UnitOfMeasure, primary[^1..]);
    }

    void ReadSecondarySymbol(string symbol, char? primaryCheck)
    {
        JudgeCheck(symbol);
        if (symbol.Length < 4)
        {
            reading.Fail("a HIBC label ends before it says anything");
            reading.Keep(symbol);
            return;
        }
        var link = symbol[^2];
        if (primaryCheck is { } check && check != link) reading.Fail($"link character '{link}' should be '{check}': the two symbols are of different labels");
        if (primaryCheck is null) reading.Add(FieldName.Link, link.ToString());
        var segments = symbol[1..^2].Split('/');
        foreach (var segment in segments) ReadSegment(segment);
    }

    void ReadSegment(string segment)
    {
        switch (segment)
        {
            case ['$', '$', '+', .. var rest]:
                ReadDated(rest, FieldName.Serial);
                break;
            case ['$', '$', .. var rest]:
                ReadDated(rest, FieldName.Lot);
                break;
            case ['$', '+', .. var serial]:
                AddUnlessEmpty(FieldName.Serial, serial);
                break;
            case ['$', .. var lot]:
                AddUnlessEmpty(FieldName.Lot, lot);
                break;
            case ['1', '4', 'D', .. { Length: 8 } date]:
                AddFullDate(FieldName.Expiry, date);
                break;
            case ['1', '6', 'D', .. { Length: 8 } date]:
                AddFullDate(FieldName.Produced, date);
                break;
            case ['S', _, .. ]:
                reading.Add(FieldName.Serial, segment[1..]);
                break;
            case ['Q', >= '0' and <= '9', ..]:
                reading.Add(FieldName.Quantity, segment[1..]);
                break;
            case { Length: >= 5 } when !segment.AsSpan(0, 5).ContainsAnyExceptInRange('0', '9'):
                AddDayOfYear(segment[..5], hour: null);
                AddUnlessEmpty(FieldName.Lot, segment[5..]);
                break;
            default:
                reading.Warnings.Add($"'{segment}' is a part of a HIBC label this version does not know");
                break;
        }
    }

    /// <summary>What follows $$: perhaps a quantity, a date in one of seven forms, then lot or serial.</summary>
    void ReadDated(string text, string name)
    {
        if (text is ['8', ..]) text = TakeQuantity(text, 2);
        else if (text is ['9', ..]) text = TakeQuantity(text, 5);
        var length = text is [] ? 0 : text[0] switch { '0' or '1' => 4, '2' or '3' => 7, '4' => 9, '5' => 6, '6' => 8, '7' => 1, _ => 0 };
        if (length == 0 || text.Length < length || text.AsSpan(0, length).ContainsAnyExceptInRange('0', '9'))
        {
            if (text.Length > 0) reading.Fail($"'{text}' does not begin with a date of a HIBC label");
            AddUnlessEmpty(name, text);
            return;
        }
        var date = text[..length];
        switch (date[0])
        {
            case '0' or '1': AddMonth(date); break;
            case '2': AddDate(FieldName.Expiry, date[5..7] + date[1..5], hour: null); break;
            case '3': AddDate(FieldName.Expiry, date[1..], hour: null); break;
            case '4': AddDate(FieldName.Expiry, date[1..7], date[7..]); break;
            case '5': AddDayOfYear(date[1..], hour: null); break;
            case '6': AddDayOfYear(date[1..6], date[6..]); break;
        }
        AddUnlessEmpty(name, text[length..]);
    }

    string TakeQuantity(string text, int digits)
    {
        if (text.Length <= digits || text.AsSpan(1, digits).ContainsAnyExceptInRange('0', '9'))
        {
            reading.Fail($"'{text}' does not begin with a quantity of {digits} digits");
            return text[1..];
        }
        reading.Add(FieldName.Quantity, text[1..(1 + digits)].TrimStart('0') is { Length: > 0 } quantity ? quantity : "0");
        return text[(1 + digits)..];
    }

    void AddMonth(string mmyy)
    {
        var month = int.Parse(mmyy.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture);
        var year = Gs1Date.YearOf(int.Parse(mmyy.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture), currentYear);
        if (month is < 1 or > 12) reading.Fail($"there is no month {month:D2}");
        else reading.Add(FieldName.Expiry, string.Create(CultureInfo.InvariantCulture, $"{year:D4}-{month:D2}"));
    }

    void AddFullDate(string name, string yyyymmdd)
    {
        if (DateOnly.TryParseExact(yyyymmdd, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) reading.Add(name, FieldName.Date(date));
        else reading.Fail($"'{yyyymmdd}' is no date YYYYMMDD");
    }

    void AddDate(string name, string yymmdd, string? hour)
    {
        if (Gs1Date.Fault(yymmdd, currentYear, dayMayBeMissing: false) is { } fault) { reading.Fail($"'{yymmdd}': {fault}"); return; }
        Gs1Date.TryRead(yymmdd, currentYear, out var date);
        Add(name, date, hour);
    }

    void AddDayOfYear(string yyjjj, string? hour)
    {
        var year = Gs1Date.YearOf(int.Parse(yyjjj.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture), currentYear);
        var day = int.Parse(yyjjj.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture);
        if (day < 1 || day > (DateTime.IsLeapYear(year) ? 366 : 365)) reading.Fail($"{year} has no day {day}");
        else Add(FieldName.Expiry, new DateOnly(year, 1, 1).AddDays(day - 1), hour);
    }

    void Add(string name, DateOnly date, string? hour)
    {
        if (hour is not null && string.CompareOrdinal(hour, "23") > 0) reading.Fail($"there is no hour {hour}");
        reading.Add(name, hour is null ? FieldName.Date(date) : $"{FieldName.Date(date)}T{hour}:00");
    }

    void AddUnlessEmpty(string name, string value)
    {
        if (value.Length > 0) reading.Add(name, value);
    }
}
