using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Links = EdgeTrace.Identity.DigitalLink;

namespace EdgeTrace.Identity;

/// <summary>What the EPC of any scheme of the Tag Data Standard says, TDS 1.x of any length, "+" and "++": read from bits, spelled in every way, and written back.</summary>
/// <remarks><see cref="Gs1Tag"/> reads the plain 96-bit schemes that fill a door without allocation; here is everything, at the price of some text.</remarks>
public sealed record TagContent
{
    TagContent(EpcScheme scheme, int filter, PureIdentity? identity, ImmutableArray<Gs1Element> key, ImmutableArray<Gs1Element> data, string? host)
    {
        Scheme = scheme;
        Filter = filter;
        Identity = identity;
        Key = key;
        Data = data;
        Host = host;
    }

    public EpcScheme Scheme { get; }

    /// <summary>A hint for portals, no part of the identity.</summary>
    public int Filter { get; }

    /// <summary>The identity as EPC URIs name it; null for "+" and "++", which do not say where the company prefix ends.</summary>
    public PureIdentity? Identity { get; }

    /// <summary>The elements of the key: what makes it this thing and no other. None for GID, USDOD and ADI.</summary>
    public ImmutableArray<Gs1Element> Key { get; }

    /// <summary>What the tag says beside its key: the date of a DSGTIN+, and +AIDC data such as lot (10) and use-by date (17).</summary>
    public ImmutableArray<Gs1Element> Data { get; }

    /// <summary>Host of the Digital Link, on a "++" tag.</summary>
    public string? Host { get; }

    /// <summary>What is wrong with values that can be read all the same: a check digit, a date.</summary>
    public ImmutableArray<string> Warnings { get; private init; } = [];

    /// <summary>Key and data, as a barcode would say them.</summary>
    public ImmutableArray<Gs1Element> Elements => Key.AddRange(Data);

    /// <summary>urn:epc:tag:sgtin-198:…; null for "+" and "++", which have none.</summary>
    public string? TagUri => Identity is null ? null : TagScheme.Of(Scheme) is { HasFilter: true } scheme ? $"urn:epc:tag:{scheme.TagName}:{Filter}.{Identity.Joined()}" : $"urn:epc:tag:{Scheme.Name().ToLowerInvariant()}:{Identity.Joined()}";

    public string? PureUri => Identity?.ToString();

    /// <summary>The canonical Digital Link of key and data; null where GS1 has no element for the key.</summary>
    public string? DigitalLink => Key.IsEmpty ? null : Links.Write(Elements);

    /// <summary>The same under the host the tag names.</summary>
    public string? HostedLink => Host is null ? null : DigitalLink?.Replace(Links.Canonical, "https://" + Host, StringComparison.Ordinal);

    /// <summary>Reads the bits; never throws, whatever the tag.</summary>
    public static bool TryDecode(Epc epc, [NotNullWhen(true)] out TagContent? content, [NotNullWhen(false)] out string? error)
    {
        content = null;
        var scheme = EpcSchemes.Of(epc);
        Span<byte> bytes = stackalloc byte[Epc.BytesMax];
        bytes = bytes[..epc.CopyTo(bytes)];
        if (TagScheme.Of(scheme) is { } drawing)
        {
            if (!TagBits.TryRead(drawing, bytes, out var filter, out var fields, out error)) return false;
            var identity = new PureIdentity(drawing.Uri, [.. fields]);
            if (identity.Fault is { } fault) { error = $"{scheme.Name()}: {fault}"; return false; }
            content = new(scheme, filter, identity, identity.ToElements(), [], null);
        }
        else if (PlusTag.KeyOf(scheme) is not null)
        {
            if (!PlusTag.TryRead(scheme, bytes, out var filter, out var key, out var data, out var host, out var faults, out error)) return false;
            content = new(scheme, filter, null, [.. key], [.. data], host) { Warnings = [.. faults] };
        }
        else
        {
            error = (scheme == EpcScheme.Unprogrammed ? TagFault.Unprogrammed : TagFault.UnknownHeader).Explain(epc)!;
            return false;
        }
        error = null;
        return true;
    }

    /// <summary>The bits, filled up to whole words of 16.</summary>
    public Epc ToEpc()
    {
        var written = Identity is not null
            ? TagBits.TryWrite(TagScheme.Of(Scheme)!, Filter, Identity.Fields, out var epc, out var error)
            : PlusTag.TryWrite(Scheme, Filter, Elements, Host, judge: false, out epc, out error);
        return written ? epc : throw new InvalidOperationException($"What was read cannot be written: {error}");
    }

    /// <summary>Reads a tag URI, or a pure identity URI, which becomes the shortest tag that holds it and is given <paramref name="filter"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? uri, [NotNullWhen(true)] out TagContent? content, [NotNullWhen(false)] out string? error, int filter = 0)
    {
        content = null;
        if (uri is null || !uri.StartsWith(TagPrefix, StringComparison.Ordinal))
        {
            if (!PureIdentity.TryParse(uri, out var identity, out error)) return false;
            return TryCreate(identity, filter, out content, out error);
        }

        var body = uri[TagPrefix.Length..];
        var colon = body.IndexOf(':');
        if (colon < 0 || Array.Find(TagScheme.All, scheme => scheme.TagName == body[..colon]) is not { } named) { error = $"{uri}: no scheme of the Tag Data Standard"; return false; }
        var fields = body[(colon + 1)..];
        if (named.HasFilter)
        {
            var dot = fields.IndexOf('.');
            if (dot < 0 || !int.TryParse(fields.AsSpan(0, dot), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out filter)) { error = $"{uri}: filter '{(dot < 0 ? fields : fields[..dot])}' is no number"; return false; }
            fields = fields[(dot + 1)..];
        }
        if (!PureIdentity.TryRead(named.Uri, fields, out var read, out error) || !TagBits.TryWrite(named, filter, read.Fields, out _, out error))
        {
            error = $"{uri}: {error}";
            return false;
        }
        content = new(named.Scheme, named.HasFilter ? filter : 0, read, read.ToElements(), [], null);
        return true;
    }

    const string TagPrefix = "urn:epc:tag:";

    /// <summary>The shortest tag of TDS 1.x that holds an identity.</summary>
    public static bool TryCreate(PureIdentity identity, int filter, [NotNullWhen(true)] out TagContent? content, [NotNullWhen(false)] out string? error)
    {
        content = null;
        error = identity.IsPattern ? "a pattern names no one thing, so no tag" : $"{identity.Scheme}: no tag has this scheme";
        if (identity.IsPattern) return false;
        foreach (var scheme in TagScheme.All)
        {
            if (scheme.Uri != identity.Scheme) continue;
            if (!TagBits.TryWrite(scheme, scheme.HasFilter ? filter : 0, identity.Fields, out _, out error)) continue;
            content = new(scheme.Scheme, scheme.HasFilter ? filter : 0, identity, identity.ToElements(), [], null);
            return true;
        }
        return false;
    }

    /// <summary>A "+" or "++" tag of elements: those of its key, in any order, and any others as data behind it.</summary>
    /// <param name="host">Host of the Digital Link for "++", null for "+".</param>
    public static bool TryCreate(EpcScheme scheme, IReadOnlyCollection<Gs1Element> elements, int filter, string? host, [NotNullWhen(true)] out TagContent? content, [NotNullWhen(false)] out string? error)
    {
        content = null;
        if (PlusTag.KeyOf(scheme) is null) { error = $"{scheme.Name()} is no scheme of TDS 2.x"; return false; }
        return PlusTag.TryWrite(scheme, filter, elements, host, judge: true, out var epc, out error) && TryDecode(epc, out content, out error);
    }
}
