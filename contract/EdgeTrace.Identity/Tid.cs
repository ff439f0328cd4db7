namespace EdgeTrace.Identity;

/// <summary>What a chip says of itself in its TID bank.</summary>
public static class Tid
{
    /// <summary>The allocation class, the maker and the model; a serial follows where the chip has one.</summary>
    const int BytesMin = 4;

    /// <summary>Whether these are a TID: its first byte is the class E0 or E2 of ISO/IEC 15963, as Gen2 has it. What else was read there tells no chip from another.</summary>
    public static bool IsOne(ReadOnlySpan<byte> bytes) => bytes.Length >= BytesMin && bytes[0] is 0xE0 or 0xE2;
}
