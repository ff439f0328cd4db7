namespace EdgeTrace.Cloud.Doors;

/// <summary>What doors tell of what is carried in.</summary>
static class DoorServices
{
    public static IServiceCollection AddDoors(this IServiceCollection services) =>
        services.AddSingleton<DoorJudge>().AddSingleton<DoorViews>().AddSingleton<DoorFollower>().AddHostedService(s => s.GetRequiredService<DoorFollower>());
}
