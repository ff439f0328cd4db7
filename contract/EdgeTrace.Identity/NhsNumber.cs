namespace EdgeTrace.Identity;

/// <summary>A patient's NHS number: ten digits, the last a check digit (weights 10 to 2, modulo 11). Held without spaces, shown 943 476 5919.</summary>
public readonly record struct NhsNumber
{
    const int Digits = 10;

    readonly string? _digits;

    NhsNumber(string digits) => _digits = digits;

    /// <summary>Reads ten digits, in one piece or 3-3-4 with spaces or hyphens between.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NhsNumber number)
    {
        number = default;
        if (text.Length == Digits + 2)
        {
            if (text[3] is not (' ' or '-') || text[7] != text[3]) return false;
            text = $"{text[..3]}{text[4..7]}{text[8..]}";
        }
        if (text.Length != Digits || text.ContainsAnyExceptInRange('0', '9')) return false;
        var sum = 0;
        for (var i = 0; i < Digits - 1; i++) sum += (text[i] - '0') * (Digits - i);
        var check = (11 - sum % 11) % 11;   // 10 is no digit: such a number is never given out
        if (check != text[^1] - '0') return false;
        number = new(text.ToString());
        return true;
    }

    /// <summary>The NHS number inside a patient's GSRN (8018): only where the number begins with the prefix NHS Digital numbers patients under, because anybody's GSRN has ten digits there.</summary>
    public static bool TryFromGsrn(ReadOnlySpan<char> gsrn, CompanyPrefix patients, out NhsNumber number)
    {
        number = default;
        return patients.Length == 7 && gsrn.Length == 18 && !gsrn.ContainsAnyExceptInRange('0', '9') && CheckDigit.IsRight(gsrn)
            && gsrn.StartsWith(patients.ToString()) && TryParse(gsrn[7..17], out number);
    }

    /// <summary>Ten digits.</summary>
    public override string ToString() => _digits ?? "";

    /// <summary>As people read it: 943 476 5919.</summary>
    public string ToSpaced() => _digits is null ? "" : $"{_digits[..3]} {_digits[3..6]} {_digits[6..]}";
}
