using CsCheck;
using EdgeTrace.Identity;

namespace EdgeTrace.Tests.Identity;

public class EpcTests
{
    static readonly Gen<byte[]> AnyBytes = Gen.Byte.Array[0, Epc.BytesMax];

    [Fact]
    public void Bytes_come_back_as_they_went_in() => AnyBytes.Sample(bytes =>
    {
        var epc = Epc.From(bytes);
        Assert.Equal(bytes, epc.ToArray());
        Assert.Equal(bytes.Length, epc.Length);
        Assert.Equal(Convert.ToHexString(bytes), epc.ToString());
        Assert.Equal(epc, Epc.Parse(epc.ToString()));
        Assert.Equal(epc, Epc.Parse(epc.ToString().ToLowerInvariant()));
    });

    [Fact]
    public void Order_equality_and_hash_are_those_of_the_bytes() => Gen.Select(AnyBytes, AnyBytes, Gen.Int[0, Epc.BytesMax]).Sample((a, b, shared) =>
    {
        a.AsSpan(0, Math.Min(shared, Math.Min(a.Length, b.Length))).CopyTo(b);
        var (x, y) = (Epc.From(a), Epc.From(b));
        Assert.Equal(Math.Sign(a.AsSpan().SequenceCompareTo(b)), Math.Sign(x.CompareTo(y)));
        Assert.Equal(a.AsSpan().SequenceEqual(b), x == y);
        if (x == y) Assert.Equal(x.GetHashCode(), y.GetHashCode());
        Assert.Equal(a.AsSpan().StartsWith(b), x.StartsWith(y));
        Assert.True(x.StartsWith(Epc.From(a.AsSpan(0, Math.Min(shared, a.Length)))));
    });

    [Fact]
    public void Trailing_zeros_make_another_tag()
    {
        Assert.NotEqual(Epc.Parse("30"), Epc.Parse("3000"));
        Assert.True(Epc.Parse("30") < Epc.Parse("3000"));
        Assert.NotEqual(Epc.Parse(new string('A', 32)), Epc.Parse(new string('A', 32) + "00"));
    }

    [Theory]
    [InlineData("309B60F9A167850019EA8A4")]     // 23 digits
    [InlineData("30285471BD5A0A56789G1234")]
    [InlineData("3074 257BF7194E4000001A85")]
    public void What_is_not_whole_bytes_of_hexadecimal_is_refused(string text) => Assert.False(Epc.TryParse(text, out _));

    [Fact]
    public void Longer_than_the_air_protocol_allows_is_refused()
    {
        Assert.True(Epc.TryParse(new string('A', 2 * Epc.BytesMax), out _));
        Assert.False(Epc.TryParse(new string('A', 2 * Epc.BytesMax + 2), out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => Epc.From(new byte[Epc.BytesMax + 1]));
    }

    [Fact]
    public void Up_to_sixteen_bytes_nothing_is_allocated()
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Fill(0x5A);
        Epc.From(bytes).GetHashCode();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = 0;
        for (var length = 0; length <= 16; length++) sum += Epc.From(bytes[..length]).CopyTo(bytes);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(136, sum);
    }

    [Fact]
    public void Every_header_of_the_standard_has_a_name_and_no_other()
    {
        var named = Enumerable.Range(0, 256).Where(header => EpcSchemes.Of((byte)header) != EpcScheme.Unknown).ToList();
        Assert.Equal(47, named.Count);   // 00, the 22 of TDS 1.x, 12 "+", 12 "++"
        Assert.All(named, header => Assert.NotEqual("unknown", EpcSchemes.Of((byte)header).Name()));
    }
}
