namespace EdgeTrace.Identity;

/// <summary>The GS1 check digit: weights 3 and 1 in turn from the right, to the next multiple of ten (GS1 General Specifications §7.9).</summary>
public static class CheckDigit
{
    /// <summary>The digit that belongs behind these digits.</summary>
    public static int Of(ulong digits)
    {
        var sum = 0;
        for (var weight = 3; digits != 0; digits /= 10, weight = 4 - weight) sum += weight * (int)(digits % 10);
        return (10 - sum % 10) % 10;
    }

    /// <summary>The digit that belongs behind these digits; the caller knows that there is nothing else among them.</summary>
    public static int Of(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (int i = digits.Length - 1, weight = 3; i >= 0; i--, weight = 4 - weight) sum += weight * (digits[i] - '0');
        return (10 - sum % 10) % 10;
    }

    /// <summary>Whether the last digit is the check digit of those before it.</summary>
    public static bool IsRight(ReadOnlySpan<char> digits) => digits.Length > 1 && Of(digits[..^1]) == digits[^1] - '0';
}
