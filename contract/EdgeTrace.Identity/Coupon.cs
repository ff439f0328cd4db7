namespace EdgeTrace.Identity;

/// <summary>The fields inside a North American coupon, (8110) and (8112). No hospital takes one; but an identifier nobody judges could hide those behind it.</summary>
/// <remarks>Nearly every field has a digit in front that says its length. Optional fields begin with their number, in order.</remarks>
static class Coupon
{
    /// <summary>What is wrong with a coupon (8110), or null.</summary>
    public static string? Fault(ReadOnlySpan<char> text, int currentYear)
    {
        if (text.ContainsAnyExceptInRange('0', '9')) return "a coupon has nothing but digits";
        var fields = new Fields(text);
        fields.Sized("company prefix", "0123456", plus: 6, isPrefix: true);
        fields.Skip("offer code", 6);
        fields.Sized("save value", "12345");
        fields.Purchase("primary purchase");
        if (fields.Begins('1'))
        {
            fields.OneOf("additional purchase rules", "0123");
            fields.Purchase("second purchase");
            fields.Sized("second purchase's company prefix", "01234569", plus: 6, isPrefix: true, absent: '9');
        }
        if (fields.Begins('2'))
        {
            fields.Purchase("third purchase");
            fields.Sized("third purchase's company prefix", "01234569", plus: 6, isPrefix: true, absent: '9');
        }
        if (fields.Begins('3')) fields.Date("expiration date", currentYear);
        if (fields.Begins('4')) fields.Date("start date", currentYear);
        if (fields.Begins('5')) fields.Sized("serial number", "0123456789", plus: 6);
        if (fields.Begins('6')) fields.Sized("retailer", "1234567", plus: 6, isPrefix: true);
        if (fields.Begins('9'))
        {
            fields.OneOf("save value code", "01256");
            fields.OneOf("save value applies to", "012");
            fields.OneOf("store coupon flag", "0123456789");
            fields.OneOf("don't-multiply flag", "01");
        }
        return fields.End();
    }

    /// <summary>What is wrong with a positive offer (8112), or null.</summary>
    public static string? OfferFault(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExceptInRange('0', '9')) return "a coupon has nothing but digits";
        var fields = new Fields(text);
        fields.OneOf("format", "01");
        fields.Sized("funder", "0123456", plus: 6, isPrefix: true);
        fields.Skip("offer code", 6);
        fields.Sized("serial number", "0123456789", plus: 6);
        return fields.End();
    }

    ref struct Fields(ReadOnlySpan<char> rest)
    {
        ReadOnlySpan<char> _rest = rest;
        string? _fault;

        public bool Begins(char number)
        {
            if (_fault is not null || _rest.IsEmpty || _rest[0] != number) return false;
            _rest = _rest[1..];
            return true;
        }

        public void OneOf(string name, string allowed)
        {
            if (_fault is not null) return;
            if (_rest.IsEmpty) _fault = $"the coupon ends before its {name}";
            else if (!allowed.Contains(_rest[0])) _fault = $"the coupon's {name} is {_rest[0]}, not one of {allowed}";
            else _rest = _rest[1..];
        }

        public void Skip(string name, int digits)
        {
            if (_fault is not null) return;
            if (_rest.Length < digits) _fault = $"the coupon ends inside its {name}";
            else _rest = _rest[digits..];
        }

        public void Sized(string name, string sizes, int plus = 0, bool isPrefix = false, char absent = '\0')
        {
            var size = _rest.IsEmpty ? '\0' : _rest[0];
            OneOf($"{name}'s length", sizes);
            if (_fault is not null || size == absent) return;
            var value = _rest;
            var length = size - '0' + plus;
            Skip(name, length);
            if (_fault is null && isPrefix && ElementRules.CompanyPrefixFault(value[..length]) is { } fault) _fault = $"the coupon's {name} {fault}";
        }

        public void Purchase(string name)
        {
            Sized($"{name} requirement", "12345");
            OneOf($"{name} requirement code", "012349");
            Skip($"{name} family code", 3);
        }

        public void Date(string name, int currentYear)
        {
            var value = _rest;
            Skip(name, 6);
            if (_fault is null && Gs1Date.Fault(value[..6], currentYear, dayMayBeMissing: false) is { } fault) _fault = $"the coupon's {name}: {fault}";
        }

        public readonly string? End() => _fault ?? (_rest.IsEmpty ? null : $"the coupon has '{_rest}' left over");
    }
}
