using System.Text;

namespace EdgeTrace.Identity;

/// <summary>The host of a Digital Link on a "++" tag: a bit, six bits of how many units, then 7-bit characters of which some stand for a whole piece (TDS 2.3 §14.5.16, table A).</summary>
/// <remarks>Checked against the examples of TDS 2.3 annex E.3 with their errata. Hosts in URN Code 40 (bit 0) and the two-unit tables of country domains have no public example: such a host is refused by name.</remarks>
static class HostName
{
    const int UnitsMax = 63;

    // Units that no host needs as characters.
    static readonly (int Unit, string Piece)[] Pieces =
    [
        (0x1E, "qr."), (0x1F, "www."), (0x20, "id."), (0x5B, ".com"), (0x5C, ".org"), (0x5D, ".net"), (0x5E, ".int"),
        (0x60, ".edu"), (0x7B, ".gov"), (0x7C, ".mil"), (0x7D, ".biz"), (0x7E, ".eco"), (0x7F, ".med"),
    ];

    public static bool TryTake(ref BitCursor cursor, out string host, out string? error)
    {
        host = "";
        error = null;
        if (cursor.Take(1) == 0) { error = "its host name is in URN Code 40, which this version does not read"; return false; }
        var text = new StringBuilder();
        for (var units = (int)cursor.Take(6); units > 0; units--)
        {
            var unit = (int)cursor.Take(7);
            var piece = Array.Find(Pieces, piece => piece.Unit == unit).Piece;
            if (piece is null && !IsCharacter((char)unit)) { error = $"its host name has unit {unit:X2}, which this version does not read"; return false; }
            text.Append(piece ?? ((char)unit).ToString());
        }
        host = text.ToString();
        error = cursor.IsShort || host.Length == 0 ? "the EPC ends inside its host name" : null;
        return error is null;
    }

    public static bool TryPut(string host, BitWriter writer)
    {
        var units = new List<int>();
        for (var at = 0; at < host.Length;)
        {
            var (unit, piece) = Array.Find(Pieces, piece => string.CompareOrdinal(host, at, piece.Piece, 0, piece.Piece.Length) == 0);
            if (piece is null && !IsCharacter(host[at])) return false;
            units.Add(piece is null ? host[at] : unit);
            at += piece?.Length ?? 1;
        }
        if (units.Count is 0 or > UnitsMax) return false;
        writer.Put(1, 1);
        writer.Put((ulong)units.Count, 6);
        foreach (var unit in units) writer.Put((ulong)unit, 7);
        return true;
    }

    static bool IsCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ':' or '_';
}
