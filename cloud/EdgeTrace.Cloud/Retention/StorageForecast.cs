namespace EdgeTrace.Cloud.Retention;

/// <summary>One thing that grows.</summary>
/// <param name="BytesPerDay">Measured; 0 when it does not grow.</param>
/// <param name="GrowsForDays">Until retention takes away as much as comes; infinite where nothing is deleted.</param>
readonly record struct Growth(double BytesPerDay, double GrowsForDays);

/// <summary>When a disk is full, if what is measured goes on.</summary>
static class StorageForecast
{
    /// <summary>Further ahead than anybody plans a disk.</summary>
    public const double DaysMax = 3650;

    /// <summary>Days until the free bytes are used up; <see cref="DaysMax"/> when that is further away, or never.</summary>
    public static double DaysUntilFull(double freeBytes, IEnumerable<Growth> growths)
    {
        // Piece by piece: at each end of somebody's growth the slope is less.
        var growing = growths.Where(growth => growth.BytesPerDay > 0 && growth.GrowsForDays > 0).OrderBy(growth => growth.GrowsForDays).ToList();
        var day = 0.0;
        for (var first = 0; first < growing.Count && day < DaysMax; first++)
        {
            var slope = growing.Skip(first).Sum(growth => growth.BytesPerDay);
            var days = growing[first].GrowsForDays - day;
            if (freeBytes <= slope * days) return Math.Min(DaysMax, day + freeBytes / slope);
            freeBytes -= slope * days;
            day = growing[first].GrowsForDays;
        }
        return DaysMax;
    }
}
