using System.Text.Json;
using EdgeTrace.ColdChain;
using EdgeTrace.Contract;
using EdgeTrace.Identity;
using EdgeTrace.Tracking;

namespace EdgeTrace.Cloud.Site;

/// <summary>The site model cannot be used; every mistake of the file is in the message, each with its cure.</summary>
sealed class SiteModelException(string file, IReadOnlyList<string> errors)
    : Exception($"{file} has {errors.Count} mistake{(errors.Count == 1 ? "" : "s")}:\n- {string.Join("\n- ", errors)}")
{
    public string File { get; } = file;
    public IReadOnlyList<string> Errors { get; } = errors;
}

/// <summary>Reads <c>site.json</c> (its shape is in cloud/README.md) and reports everything wrong with it at once.</summary>
static class SiteModelFile
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    };

    static readonly string[] s_equipmentKinds = ["gateway", "reader", "antenna", "scanner", "probe"];

    static readonly string[] s_scannersDo = ["received", "stored", "returned", "arrived", "counted"];

    /// <summary>One line of the page.</summary>
    const int FactLettersMax = 80;

    static readonly string[] s_kinds = ["store", "theatre", "pharmacy", "goods-in", "corridor", "outside"];

    /// <exception cref="SiteModelException">The file is missing, is no JSON, or says something that cannot be.</exception>
    public static SiteModel Load(string path)
    {
        try
        {
            return Read(path, File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SiteModelException(path, [$"it cannot be read ({error.Message}): set Site:ModelFile to the site model."]);
        }
    }

    internal static SiteModel Read(string path, string json)
    {
        FileShape? file;
        try
        {
            file = JsonSerializer.Deserialize<FileShape>(json, s_json);
        }
        catch (JsonException error)
        {
            throw new SiteModelException(path, [$"it is no site model at {error.Path}, line {error.LineNumber + 1}: {error.Message}"]);
        }
        var errors = new List<string>();
        var model = Build(file ?? new(), errors);
        return errors.Count == 0 ? model! : throw new SiteModelException(path, errors);
    }

    static SiteModel? Build(FileShape file, List<string> errors)
    {
        void Word(string what, string? word)
        {
            if (!GatewayTopics.IsWord(word)) errors.Add($"{what} \"{word}\": use 1 to 40 of a–z, 0–9 and -.");
        }
        Word("trust.id", file.Trust?.Id);
        Word("site.id", file.Site?.Id);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(file.Site?.TimeZone ?? "Europe/London", out var zone))
            errors.Add($"site.timeZone \"{file.Site?.TimeZone}\" is not known here: use an IANA name as \"Europe/London\".");

        var locations = new Dictionary<string, Location>();
        foreach (var l in file.Locations ?? [])
        {
            Word("location id", l.Id);
            if (!s_kinds.Contains(l.Kind)) errors.Add($"location \"{l.Id}\": kind \"{l.Kind}\" is none of {string.Join(", ", s_kinds)}.");
            if (l.Gln is { } gln && (gln.Length != 13 || gln.Any(c => !char.IsAsciiDigit(c)) || !CheckDigit.IsRight(gln))) errors.Add($"location \"{l.Id}\": gln \"{gln}\" is no GLN of 13 digits with a right check digit.");
            if (!locations.TryAdd(l.Id ?? "", new(l.Id ?? "", l.Name ?? l.Id ?? "", l.Kind ?? "") { Parent = l.Parent, Gln = l.Gln })) errors.Add($"location \"{l.Id}\" is there twice: remove one.");
        }
        foreach (var l in locations.Values)
        {
            if (l.Parent is { } parent && !locations.ContainsKey(parent)) errors.Add($"location \"{l.Id}\" lies in \"{parent}\", which is not in locations: add it there.");
            var depth = 0;
            for (var up = l; up.Parent is { } next && locations.TryGetValue(next, out var above) && depth <= locations.Count; up = above) depth++;
            if (depth > locations.Count) errors.Add($"location \"{l.Id}\" lies in itself: mend the parents.");
        }
        void Known(string what, string? location)
        {
            if (location is not null && !locations.ContainsKey(location)) errors.Add($"{what} names location \"{location}\", which is not in locations: add it there.");
        }

        var portals = (file.Portals ?? []).Select(p => PortalOf(p, errors, Word, Known, id => id is not null && locations.GetValueOrDefault(id)?.Kind == "outside")).ToList();
        foreach (var twice in portals.GroupBy(p => (p.Id, p.Model.ValidFromUs)).Where(g => g.Count() > 1))
            errors.Add($"portal \"{twice.Key.Id}\" is there twice with one validFrom: give each its own.");
        var scanners = (file.Scanners ?? []).Select(s =>
        {
            Word("scanner id", s.Id);
            Word($"scanner \"{s.Id}\": gateway", s.Gateway);
            Known($"scanner \"{s.Id}\"", s.Location);
            if (s.Does is not null && !s_scannersDo.Contains(s.Does)) errors.Add($"scanner \"{s.Id}\": does \"{s.Does}\" is none of {string.Join(", ", s_scannersDo)}.");
            if (s.Does is not null && s.Location is null) errors.Add($"scanner \"{s.Id}\" does \"{s.Does}\" nowhere: name its location.");
            return new Scanner(s.Id ?? "", s.Name ?? s.Id ?? "", s.Location, s.Gateway ?? "") { Does = s.Does };
        }).ToList();
        foreach (var twice in scanners.GroupBy(s => s.Id).Where(g => g.Count() > 1)) errors.Add($"scanner \"{twice.Key}\" is there twice: remove one.");
        var points = (file.Points ?? []).Select(p =>
        {
            Word("point id", p.Id);
            Word($"point \"{p.Id}\": gateway", p.Gateway);
            Known($"point \"{p.Id}\"", p.Location);
            // A fridge that nobody judges because of a mistyped word would look fine.
            if (StorageClass.Find(p.Class ?? "") is null) errors.Add($"point \"{p.Id}\": class \"{p.Class}\" is none of {string.Join(", ", StorageClass.All.Select(c => c.Code))}.");
            var every = p.Every ?? TimeSpan.FromSeconds(10);
            if (every <= TimeSpan.Zero || every > TimeSpan.FromHours(1)) errors.Add($"point \"{p.Id}\": every {every} must be more than 0 and at most 1 h.");
            return new Point(p.Id ?? "", p.Name ?? p.Id ?? "", p.Location, p.Gateway ?? "", p.Class ?? "", every, p.WarnDelay, p.ExcursionDelay, p.Silence, FromUs(p.ValidFrom))
            {
                Probe = ProbeOf(p, errors),
            };
        }).ToList();
        foreach (var twice in points.GroupBy(p => (p.Id, p.ValidFromUs)).Where(g => g.Count() > 1))
            errors.Add($"point \"{twice.Key.Id}\" is there twice with one validFrom: give each its own.");
        var equipment = (file.Equipment ?? []).Select(e => EquipmentOf(e, errors, Word)).ToList();
        foreach (var twice in equipment.GroupBy(e => (e.Gateway, e.Kind, e.Id)).Where(g => g.Count() > 1))
            errors.Add($"equipment: {twice.Key.Kind} \"{twice.Key.Id}\" of gateway \"{twice.Key.Gateway}\" is there twice: remove one.");
        if (errors.Count > 0) return null;
        return new(new(file.Trust!.Id!, file.Trust.Name ?? file.Trust.Id!), new(file.Site!.Id!, file.Site.Name ?? file.Site.Id!), zone!,
            locations.Values, portals, scanners, points, equipment);
    }

    static Equipment EquipmentOf(EquipmentShape e, List<string> errors, Action<string, string?> word)
    {
        var kind = e.Kind ?? "gateway";
        var what = $"equipment: {kind} \"{e.Id ?? e.Gateway}\"";
        word($"{what}: gateway", e.Gateway);
        if (!s_equipmentKinds.Contains(kind)) errors.Add($"{what}: kind \"{kind}\" is none of {string.Join(", ", s_equipmentKinds)}.");
        if (kind != "gateway" && e.Id is null) errors.Add($"{what} has no id: give the name it has in the gateway's configuration (of a probe, its point).");
        if (kind == "gateway" && e.Id is not null && e.Id != e.Gateway) errors.Add($"{what}: a gateway's id is its own, \"{e.Gateway}\": leave id out, or name the kind.");
        foreach (var (fact, text) in new[] { ("name", e.Name), ("asset", e.Asset), ("room", e.Room), ("port", e.Port) })
            if (text is { Length: 0 or > FactLettersMax }) errors.Add($"{what}: {fact} has {text.Length} letters: write 1 to {FactLettersMax}, or leave it out.");
        if ((e.Name, e.Asset, e.Room, e.Port) is (null, null, null, null)) errors.Add($"{what} says nothing: give name, asset, room or port, or remove it.");
        return new(e.Gateway ?? "", kind, e.Id ?? e.Gateway ?? "", e.Name, e.Asset, e.Room, e.Port);
    }

    static Portal PortalOf(PortalShape p, List<string> errors, Action<string, string?> word, Action<string, string?> known, Func<string?, bool> outside)
    {
        word("portal id", p.Id);
        word($"portal \"{p.Id}\": gateway", p.Gateway);
        known($"portal \"{p.Id}\"", p.Inside);
        known($"portal \"{p.Id}\"", p.Outside);
        if (!Enum.TryParse<PortalKind>(p.Kind ?? "door", ignoreCase: true, out var kind)) errors.Add($"portal \"{p.Id}\": kind \"{p.Kind}\" is none of door, zone, desk.");
        if (p.Inside is null) errors.Add($"portal \"{p.Id}\" has no inside: name the location it leads into or stands in.");
        if (kind == PortalKind.Door && p.Outside is null) errors.Add($"door \"{p.Id}\" has no outside: name the location it leads out to.");
        var sides = new Dictionary<int, Side>();
        foreach (var antenna in p.Antennas ?? [])
        {
            if (!Enum.TryParse<Side>(antenna.Side ?? "none", ignoreCase: true, out var side)) errors.Add($"portal \"{p.Id}\", antenna {antenna.Antenna}: side \"{antenna.Side}\" is none of inside, outside, none.");
            if (!sides.TryAdd(antenna.Antenna, side)) errors.Add($"portal \"{p.Id}\": antenna {antenna.Antenna} is there twice.");
        }
        // A door out of the building that cannot tell out from in would let everything go unsaid.
        if (kind == PortalKind.Door && outside(p.Outside) && (!sides.ContainsValue(Side.Inside) || !sides.ContainsValue(Side.Outside)))
            errors.Add($"door \"{p.Id}\" leads out of the building and has no antenna on its {(sides.ContainsValue(Side.Inside) ? "outside" : "inside")}: without one on each side nobody can tell what left.");
        var isExit = kind == PortalKind.Door && outside(p.Outside);
        foreach (var (name, value) in new[] { ("redAfter", p.RedAfter), ("lateAfter", p.LateAfter) })
            if (value is not null && !isExit) errors.Add($"portal \"{p.Id}\": {name} says nothing of what is no door out of the building: remove it, or give it an outside of kind outside.");
        // A lamp of half an hour is a lamp that nobody looks at; and a passage takes up to 5 s to be told at all.
        if (p.RedAfter is { } red && (red < TimeSpan.FromSeconds(5) || red > TimeSpan.FromMinutes(10))) errors.Add($"door \"{p.Id}\": redAfter {red} must be 5 s to 10 min: the time to reach the door and ask.");
        if (p.LateAfter is { } late && (late < TimeSpan.FromSeconds(10) || late > TimeSpan.FromHours(1))) errors.Add($"door \"{p.Id}\": lateAfter {late} must be 10 s to 1 h: below it every passage would come late, for it takes up to 5 s to be told.");
        var model = new PortalModel { Portal = p.Id ?? "", Kind = kind, ValidFromUs = FromUs(p.ValidFrom), Sides = sides, Inside = p.Inside, Outside = p.Outside };
        if (p.Gap is { } gap) model = model with { Gap = gap };
        if (p.Id is { Length: > 0 }) errors.AddRange(model.Errors());
        var portal = new Portal(p.Id ?? "", p.Name ?? p.Id ?? "", p.Gateway ?? "", model);
        return portal with { RedAfter = p.RedAfter ?? portal.RedAfter, LateAfter = p.LateAfter ?? portal.LateAfter };
    }

    static Probe? ProbeOf(PointShape point, List<string> errors)
    {
        if (point.Probe is not { } probe) return null;
        DateOnly? Day(string name, string? text)
        {
            if (text is null) return null;
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day)) return day;
            errors.Add($"point \"{point.Id}\", probe: {name} \"{text}\" is no date: write it as 2026-11-30.");
            return null;
        }
        if (string.IsNullOrWhiteSpace(probe.Serial)) errors.Add($"point \"{point.Id}\": its probe has no serial: give the one on the instrument, or leave the probe out.");
        var (at, until) = (Day("calibratedAt", probe.CalibratedAt), Day("calibratedUntil", probe.CalibratedUntil));
        if (until <= at) errors.Add($"point \"{point.Id}\", probe: calibratedUntil {until:yyyy-MM-dd} is not after calibratedAt {at:yyyy-MM-dd}: one of them is mistyped.");
        return new(probe.Serial ?? "", probe.Certificate, at, until);
    }

    static long FromUs(DateTimeOffset? at) => at is { } from ? EventTime.ToUs(from) : long.MinValue;

    sealed record FileShape
    {
        public PlaceShape? Trust { get; init; }
        public PlaceShape? Site { get; init; }
        public LocationShape[]? Locations { get; init; }
        public PortalShape[]? Portals { get; init; }
        public ScannerShape[]? Scanners { get; init; }
        public PointShape[]? Points { get; init; }
        public EquipmentShape[]? Equipment { get; init; }
    }

    sealed record PlaceShape(string? Id, string? Name, string? TimeZone);
    sealed record LocationShape(string? Id, string? Name, string? Kind, string? Parent, string? Gln);
    sealed record AntennaShape(int Antenna, string? Side);
    sealed record PortalShape(
        string? Id, string? Name, string? Kind, string? Gateway, string? Inside, string? Outside, AntennaShape[]? Antennas, TimeSpan? Gap, DateTimeOffset? ValidFrom, TimeSpan? RedAfter, TimeSpan? LateAfter);
    sealed record EquipmentShape(string? Gateway, string? Kind, string? Id, string? Name, string? Asset, string? Room, string? Port);
    sealed record ScannerShape(string? Id, string? Name, string? Location, string? Gateway, string? Does);
    sealed record PointShape(
        string? Id, string? Name, string? Location, string? Gateway, string? Class, TimeSpan? Every,
        TimeSpan? WarnDelay, TimeSpan? ExcursionDelay, TimeSpan? Silence, DateTimeOffset? ValidFrom, ProbeShape? Probe);
    sealed record ProbeShape(string? Serial, string? Certificate, string? CalibratedAt, string? CalibratedUntil);
}
