using System.Numerics;
using EdgeTrace.Simulators.Llrp;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>
/// What one reader's antennas hear. Ports take turns; in its turn an antenna runs inventory rounds over whatever is audible.
/// <code>
/// power at the tag = transmit + antenna(angle) − path(distance) − lintel − body − tag − fading
/// heard with a probability around the chip's threshold; RSSI pays the way back too
/// </code>
/// The same seed gives the same reads: it is stepped in whole turns of run time, not by the wall clock.
/// </summary>
sealed class RadioField(IReadOnlyList<Door> doors, int seed)
{
    /// <summary>A turn of one port, as R420s take.</summary>
    const long TurnUs = 50_000;

    // Gen2 in dense-reader mode: some 2 ms a singulation, and the round's own cost. About 400 reads a second at best.
    const long RoundUs = 9_000;
    const long SingulationUs = 2_200;

    // A portal commissioned for its doorway: 24 dBm at the port after cable, patch antenna of 6 dBi, 70° wide, 15 dB front to back.
    const double TransmitDbm = 24;
    const double GainDbi = 6;
    const double BeamDegrees = 70;
    const double FrontToBackDb = 15;

    const double PathAtOneMetreDb = 31.2;   // free space, 866 MHz
    const double PathExponent = 2.2;        // a corridor of plasterboard and steel doors
    const double LintelDb = 4;              // to the other side of the wall the antenna hangs on
    const double PolarisationDb = 3;        // circular antenna, linear tag
    const double ChipDbm = -20;             // a tag of the Monza R6 class (−22 dBm in air), mounted
    const double ThresholdWidthDb = 0.8;
    const double BackscatterDb = 8;
    const double ReaderSensitivityDbm = -80;
    const double CollisionShare = 0.12;     // slots in which a reply is lost to another
    const double BodyDb = 9;                // somebody walks between tag and antenna
    const double OrientationDb = 2.5;       // as it hangs, a dipole shows each antenna another face
    const double FadingDb = 3.2;
    const double FadingMovingUs = 120_000;  // a third of a wavelength at walking pace
    const double FadingStandingUs = 20_000_000;
    const float HearingRange = 7;
    const float TagHeight = 1.15f;

    readonly Random _random = new(seed);
    readonly (Door Door, AntennaMount Mount)[] _ports = [.. doors.SelectMany(door => door.Antennas.Select(mount => (door, mount)))];
    readonly Dictionary<(CarriedTag, int), Fading> _fading = [];
    int _port;
    long _turnUs;

    /// <summary>Takes every turn that is over by <paramref name="untilUs"/> (run time), and adds what was heard, in time order.</summary>
    public void Advance(long untilUs, IReadOnlyList<Walk> underWay, List<Heard> into)
    {
        for (; _turnUs + TurnUs <= untilUs; _turnUs += TurnUs, _port = (_port + 1) % _ports.Length) TakeTurn(underWay, into);
    }

    /// <summary>A walk is over: nothing remembers its tags.</summary>
    public void Forget(Walk walk)
    {
        foreach (var tag in walk.Tags)
            for (var port = 0; port < _ports.Length; port++) _fading.Remove((tag, port));
    }

    void TakeTurn(IReadOnlyList<Walk> underWay, List<Heard> into)
    {
        var (door, mount) = _ports[_port];
        var audible = new List<(CarriedTag Tag, double AtTagDbm, double RssiDbm, float Metres)>();
        var middle = _turnUs + TurnUs / 2;
        foreach (var walk in underWay)
        {
            if (!walk.IsUnderWay(middle) || Vector2.Distance(walk.At(middle).Body, door.Position) > HearingRange) continue;
            foreach (var tag in walk.Tags)
            {
                var (atTag, rssi, metres) = Link(door, mount, walk, tag, middle);
                if (atTag > ChipDbm - 4 && rssi > ReaderSensitivityDbm) audible.Add((tag, atTag, rssi, metres));
            }
        }
        if (audible.Count == 0) return;
        for (var at = _turnUs + RoundUs; at < _turnUs + TurnUs; at += RoundUs)
        {
            foreach (var (tag, atTag, rssi, metres) in audible)
            {
                var chance = (1 - CollisionShare) / (1 + Math.Exp(-(atTag + Noise.Normal(_random, 0, 0.7) - ChipDbm) / ThresholdWidthDb));
                if (_random.NextDouble() >= chance) continue;
                if ((at += SingulationUs) >= _turnUs + TurnUs) return;
                var channel = 1 + (int)(at / 4_000_000 % ReaderCapabilities.Channels.Length);
                var centi = (int)Math.Round(100 * (rssi + Noise.Normal(_random, 0, 0.6)));
                into.Add(new(door, tag, mount.Port, at + _random.Next(1, 400), Math.Clamp(centi, -9000, -1500), Phase(metres, channel), channel));
            }
        }
    }

    (double AtTagDbm, double RssiDbm, float Metres) Link(Door door, AntennaMount mount, Walk walk, CarriedTag tag, long at)
    {
        var (_, facing) = walk.At(at);
        var place = walk.TagAt(at);
        var ray = new Vector3(place, TagHeight) - mount.Position;
        var metres = ray.Length();
        var degrees = MathF.Acos(Math.Clamp(Vector3.Dot(ray / metres, mount.Boresight), -1, 1)) * 180 / MathF.PI;
        var gain = Math.Max(GainDbi - 12 * Math.Pow(degrees / BeamDegrees, 2), GainDbi - FrontToBackDb);
        var path = PathAtOneMetreDb + 10 * PathExponent * Math.Log10(Math.Max(metres, 0.3));
        var lintel = door.Beyond(place) < 0 == mount.Inside ? 0 : LintelDb;
        var way = gain - path - lintel - Body(mount, place, facing) + Fade(tag, mount, walk.IsParked, at);
        var atTag = TransmitDbm + way - PolarisationDb - tag.LossDb;
        return (atTag, atTag + way - PolarisationDb - tag.LossDb / 2 - BackscatterDb, metres);
    }

    /// <summary>Whoever walks away carries the tag behind their own body; straight below the antenna that hides little.</summary>
    static double Body(AntennaMount mount, Vector2 place, Vector2 facing)
    {
        var towards = new Vector2(mount.Position.X, mount.Position.Y) - place;
        var flat = towards.Length();
        if (facing == Vector2.Zero || flat < 0.05f) return 0;
        return BodyDb * Math.Max(0, -Vector2.Dot(towards / flat, facing)) * Math.Min(1, flat / 2);
    }

    /// <summary>Multipath: a first-order process, quick for what moves and almost still for what stands.</summary>
    double Fade(CarriedTag tag, AntennaMount mount, bool parked, long at)
    {
        var key = (tag, Array.FindIndex(_ports, port => port.Mount == mount));
        var deviation = parked ? FadingDb / 2 : FadingDb;
        if (!_fading.TryGetValue(key, out var last)) last = new(at, Noise.Normal(_random, 0, deviation), Math.Abs(Noise.Normal(_random, 0, OrientationDb)));
        var stays = Math.Exp(-(at - last.AtUs) / (parked ? FadingStandingUs : FadingMovingUs));
        var now = last.Db * stays + Noise.Normal(_random, 0, deviation * Math.Sqrt(1 - stays * stays));
        _fading[key] = last with { AtUs = at, Db = now };
        return now - last.FaceDb;
    }

    static int Phase(float metres, int channel)
    {
        var wavelength = 299_792.458 / ReaderCapabilities.Channels[channel - 1];
        return (int)(2 * metres / wavelength * 4096 + channel * 977) & 0xFFF;
    }

    readonly record struct Fading(long AtUs, double Db, double FaceDb);
}

/// <summary>One read, before the reader's clock: run time in microseconds.</summary>
readonly record struct Heard(Door Door, CarriedTag Tag, int Port, long AtUs, int RssiCentiDbm, int Phase, int Channel);
