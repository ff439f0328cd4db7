using System.Globalization;

namespace EdgeTrace.Identity;

/// <summary>Reads ISBT 128 data structures (ICCBBA ST-001, ST-017): of one symbol, of a compound message, or one behind the other.</summary>
/// <remarks>
/// <code>
/// =α nnnn yy nnnnnn ff   donation: facility 5, year 2, sequence 6, flags 2       =/ ppppp ffffff ddddd  processor 5, its product 6, description 5
/// =&lt; oooootds           blood component                                        =, nnnnnn              divisions
/// =&gt; &amp;&gt; expiry · =} &amp;} produced · =* &amp;* collected: cyyjjj, behind &amp; with hhmm   &amp;,1 nnnnnnnnnnnnnnnnnn  lot 18
/// =% blood group 4 · =) container's maker 10 · &amp;) container's lot 10              =+ aa bbb              compound of aa structures, by sequence bbb
/// </code>
/// Every length is fixed, so nothing separates them. A structure this version does not know ends the reading and is kept.
/// </remarks>
sealed class IsbtReading(ElementReading reading)
{
    // Flags 60 to 96 say 60 + the check value of the 13 characters before them (ST-001, type 3); others are a process's own.
    const int CheckFlagsFirst = 60;
    const int CheckModulus = 37;

    public void Read(string text)
    {
        int? promised = null;
        var structures = 0;
        var rest = text.AsSpan();
        if (rest.StartsWith("=+"))
        {
            if (rest.Length < 7 || rest[2..7].ContainsAnyExceptInRange('0', '9')) { reading.Fail("'=+' is not followed by the five digits of a compound message"); reading.Keep(text); return; }
            promised = int.Parse(rest[2..4], NumberStyles.None, CultureInfo.InvariantCulture);
            rest = rest[7..];
        }
        while (!rest.IsEmpty)
        {
            if (!TryReadStructure(ref rest))
            {
                reading.Keep(rest.ToString());
                return;
            }
            structures++;
        }
        if (promised is { } count && count != structures) reading.Fail($"the compound message promises {count} parts and has {structures}");
    }

    bool TryReadStructure(ref ReadOnlySpan<char> text)
    {
        var data = text.Length > 2 ? text[2..] : default;
        var (length, taken) = (text.Length < 2 ? ' ' : text[0], text.Length < 2 ? ' ' : text[1]) switch
        {
            ('=', '/') => (16, 2),
            ('=', '<') => (8, 2),
            ('=', ',') => (6, 2),
            ('=', '>' or '}' or '*') => (6, 2),
            ('&', '>' or '}' or '*') => (10, 2),
            ('=', '%') => (4, 2),
            ('=' or '&', ')') => (10, 2),
            ('&', ',') when data.StartsWith("1") => (18, 3),
            ('=', >= 'A' and <= 'Z' or >= '1' and <= '9') => (15, 1),
            _ => (0, 0),
        };
        if (length == 0)
        {
            reading.Fail($"'{(text.Length > 2 ? text[..2] : text)}' begins a part of an ISBT 128 label this version does not know");
            return false;
        }
        if (text.Length < taken + length)
        {
            reading.Fail($"'{text[..taken]}' has {text.Length - taken} characters behind it, {length} are needed");
            return false;
        }
        var value = text.Slice(taken, length).ToString();
        Read(text[0], taken == 1 ? ' ' : text[1], value);
        text = text[(taken + length)..];
        return true;
    }

    void Read(char first, char second, string value)
    {
        switch (second)
        {
            case ' ': ReadDonation(value); break;
            case '/':
                if (value.AsSpan(0, 5).Contains('O')) reading.Fail($"processor '{value[..5]}' has the letter O, which is used nowhere in ISBT 128 facilities");
                reading.Add(FieldName.Processor, value[..5]);
                reading.Add(FieldName.FacilityProduct, value[5..11]);
                reading.Add(FieldName.Description, value[11..]);
                break;
            case '<': reading.Add(FieldName.Component, value); break;
            case ',' when first == '&': reading.Add(FieldName.Lot, value); break;
            case ',': reading.Add(FieldName.Divisions, value); break;
            case '>': ReadDate(FieldName.Expiry, value); break;
            case '}': ReadDate(FieldName.Produced, value); break;
            case '*': ReadDate(FieldName.Collected, value); break;
            case '%': reading.Add(FieldName.BloodGroup, value); break;
            case ')': reading.Add(first == '=' ? FieldName.ContainerMaker : FieldName.ContainerLot, value); break;
        }
    }

    void ReadDonation(string value)
    {
        var din = value[..13];
        var flags = value[13..];
        if (din.AsSpan(0, 5).Contains('O')) reading.Fail($"facility '{din[..5]}' has the letter O, which is used nowhere in ISBT 128 facilities");
        if (din.AsSpan(2).ContainsAnyExceptInRange('0', '9')) reading.Fail($"donation '{din}' has more than digits behind its facility");
        else if (int.TryParse(flags, NumberStyles.None, CultureInfo.InvariantCulture, out var flag) && flag >= CheckFlagsFirst
            && CheckOf(din) is { } check && flag <= CheckFlagsFirst + CheckModulus - 1 && flag != CheckFlagsFirst + check) reading.Fail($"donation '{din}': flags {flags} should be {CheckFlagsFirst + check}");
        reading.Add(FieldName.Donation, din);
        reading.Add(FieldName.Flags, flags);
    }

    /// <summary>The ISO 7064 check value, modulo 37 and base 2, over digits and letters; null for another character.</summary>
    public static int? CheckOf(ReadOnlySpan<char> text)
    {
        var sum = 0;
        foreach (var c in text)
        {
            var weight = c is >= '0' and <= '9' ? c - '0' : c is >= 'A' and <= 'Z' ? c - 'A' + 10 : -1;
            if (weight < 0) return null;
            sum = (sum + weight) * 2 % CheckModulus;
        }
        return (CheckModulus + 1 - sum) % CheckModulus;
    }

    /// <summary>cyyjjj: the century's last digit, year, day of the year; perhaps hhmm.</summary>
    void ReadDate(string name, string value)
    {
        if (value.AsSpan().ContainsAnyExceptInRange('0', '9')) { reading.Fail($"'{value}' is no date cyyjjj"); return; }
        var year = (value[0] == '9' ? 1900 : 2000 + 100 * (value[0] - '0')) + int.Parse(value.AsSpan(1, 2), NumberStyles.None, CultureInfo.InvariantCulture);
        var day = int.Parse(value.AsSpan(3, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        if (day < 1 || day > (DateTime.IsLeapYear(year) ? 366 : 365)) { reading.Fail($"{year} has no day {day}"); return; }
        var date = FieldName.Date(new DateOnly(year, 1, 1).AddDays(day - 1));
        if (value.Length == 6) { reading.Add(name, date); return; }
        if (string.CompareOrdinal(value[6..8], "23") > 0 || value[8] > '5') reading.Fail($"there is no time {value[6..]}");
        reading.Add(name, $"{date}T{value[6..8]}:{value[8..]}");
    }
}
