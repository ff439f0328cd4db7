namespace EdgeTrace.Faults;

/// <summary>A fault done to plain PUBACK delivery, named after the row of ours that does the same.</summary>
/// <param name="LikeRow">Our row with the same fault.</param>
sealed record PlainRow(string Name, string What, string LikeRow, Func<PlainPuback, Task> DoAsync)
{
    /// <summary>Beyond the 1,000 messages that Mosquitto queues by default.</summary>
    const int BeyondQueue = 5000;
    const int Few = 900;

    public static IReadOnlyList<PlainRow> All { get; } =
    [
        new("puback-broker-kill", "Mosquitto kill -9 while the subscriber is away", "broker-kill", async plain =>
        {
            await plain.SubscribeAsync();
            await plain.UnsubscribeKeepingSessionAsync();
            await plain.PublishAsync(Few);
            await plain.Broker.KillAsync();
            plain.Broker.Start();
            await plain.SubscribeAsync();
        }),
        new("puback-broker-wiped", "Mosquitto kill -9 and wiped; the subscriber is a little behind (6 ms a message)", "broker-kill", async plain =>
        {
            await plain.SubscribeAsync(each: TimeSpan.FromMilliseconds(6));
            await plain.PublishAsync(Few, over: TimeSpan.FromSeconds(4));
            await plain.Broker.KillAsync();
            plain.Wipe();
            plain.Broker.Start();
            await plain.SubscribeAsync();
            await plain.PublishAsync(100);
        }),
        new("puback-subscriber-kill", "the subscriber dies between receiving and storing (it stores once a second)", "cloud-kill", async plain =>
        {
            await plain.SubscribeAsync(storesEvery: TimeSpan.FromSeconds(1));
            await plain.PublishAsync(Few, over: TimeSpan.FromSeconds(4));
            await plain.KillSubscriberAsync();
            await plain.SubscribeAsync();
        }),
        new("puback-subscriber-away", "the subscriber is away for a while", "cloud-frozen", async plain =>
        {
            await plain.SubscribeAsync();
            await plain.UnsubscribeKeepingSessionAsync();
            await plain.PublishAsync(BeyondQueue);
            await plain.SubscribeAsync();
        }),
        new("puback-subscriber-slow", "a subscriber of 2 ms a message, slower than the publisher", "cloud-disk-slow", async plain =>
        {
            await plain.SubscribeAsync(each: TimeSpan.FromMilliseconds(2));
            await plain.PublishAsync(BeyondQueue);
        }),
        new("puback-link-cut", "the publisher's link is reset again and again; it publishes again what was not acknowledged", "link-cut", async plain =>
        {
            await plain.SubscribeAsync();
            await plain.PublishThroughCutsAsync(BeyondQueue);
        }),
    ];
}
