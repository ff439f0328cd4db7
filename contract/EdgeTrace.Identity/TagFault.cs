namespace EdgeTrace.Identity;

/// <summary>Why an EPC is not a readable GS1 tag. A door hears foreign tags all day: asking costs no allocation, the sentence is made by <see cref="TagFaults.Explain"/> only when somebody wants it.</summary>
public enum TagFault : byte
{
    None,

    /// <summary>No scheme of the standard has this header.</summary>
    UnknownHeader,

    /// <summary>A scheme of the standard that is more than plain numbers: <see cref="TagContent"/> reads it.</summary>
    NotDecoded,

    /// <summary>A blank tag.</summary>
    Unprogrammed,

    /// <summary>More or fewer bits than the scheme has.</summary>
    WrongLength,

    /// <summary>Partition 7, which is reserved.</summary>
    ReservedPartition,

    /// <summary>The company prefix's bits hold more than its digits can say.</summary>
    PrefixTooGreat,

    /// <summary>The reference's bits hold more than its digits can say.</summary>
    ReferenceTooGreat,
}

/// <summary>Says a fault in a sentence that names the field.</summary>
public static class TagFaults
{
    public static string? Explain(this TagFault fault, Epc epc)
    {
        var name = EpcSchemes.Of(epc).Name();
        return fault switch
        {
            TagFault.None => null,
            TagFault.UnknownHeader when epc.IsEmpty => "the tag has no EPC",
            TagFault.UnknownHeader when epc.Header == 0xE2 => "header E2 begins a TID, never an EPC",
            TagFault.UnknownHeader => $"header {epc.Header:X2} belongs to no scheme of the Tag Data Standard",
            TagFault.NotDecoded => $"{name} is no plain 96-bit scheme",
            TagFault.Unprogrammed => "header 00: an unprogrammed tag",
            TagFault.WrongLength => $"{name} has 96 bits; this EPC has {epc.Length * 8}",
            TagFault.ReservedPartition => $"{name}: partition 7 is reserved",
            TagFault.PrefixTooGreat => $"{name}: company prefix {Gs1Tag.RawPrefix(epc)} has more than the {CompanyPrefix.LengthMax - Gs1Tag.RawPartition(epc)} digits its partition allows",
            TagFault.ReferenceTooGreat => $"{name}: {Gs1Tag.ReferenceName(EpcSchemes.Of(epc))} {Gs1Tag.RawReference(epc)} does not fit the digits its partition leaves for it",
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
        };
    }
}
