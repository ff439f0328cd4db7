using System.Collections.Frozen;
using EdgeTrace.Api;

namespace EdgeTrace.Cloud.Faults;

/// <summary>The words of one state of one kind of thing.</summary>
/// <param name="What">To be followed by "since 14:02".</param>
/// <param name="Means">What people miss because of it; <c>{it}</c> stands for what the thing serves.</param>
/// <param name="Do">What a person does, where the device itself gives no better advice.</param>
sealed record FaultWord(Severity Severity, string What, string Means, string Do);

/// <summary>
/// Every state of every kind of thing, in words: the one place that says how bad a state is and how it is said. The gateway's states are
/// those of edge/README.md; those of the cloud's own parts are in <see cref="FaultWords.Own"/>.
/// </summary>
static class FaultWords
{
    public const string Fine = "fine";
    public const string NeverHeard = "never-heard";
    public const string NotDeclared = "not declared by the gateway";
    public const string NotInSiteModel = "not in the site model";
    public const string OfAnotherGateway = "belongs to another gateway";

    const string Blind = "Movements through {it} are not being seen.";
    const string Unscanned = "What is scanned at {it} is not being recorded.";
    const string Unmeasured = "Nobody knows how warm {it} is.";

    /// <summary>What devices are in; keyed by (kind, state).</summary>
    public static readonly FrozenDictionary<(string Kind, string State), FaultWord> Devices = new Dictionary<(string, string), FaultWord>
    {
        [("gateway", "offline")] = new(Severity.Alarm, "has not been heard", "What its doors and fridges see is not known here; it keeps what it reads and sends it when it is back.", "Check its power and network; edgetrace-gateway doctor on the box says more."),
        [("gateway", NeverHeard)] = new(Severity.Unknown, "has never been heard", "The site model names it, and nothing of its doors and fridges is known here.", "Start it with edgetrace-gateway run; edgetrace-gateway doctor on the box says what is in the way. If there is no such box, correct the site model."),
        [("gateway", "clock-stepped")] = new(Severity.Warning, "has jumped", "Readings keep the old time until it is sure; then it starts anew and is blind for two seconds.", "Check which time is right, and the time server this box asks."),

        [("reader", "connecting")] = new(Severity.Note, "has been connecting", "Movements through {it} are not being seen yet.", "Wait a moment; if it stays so, check the reader's power and cable."),
        [("reader", "unreachable")] = new(Severity.Warning, "has not answered", Blind, "Check its power, its network cable and the address."),
        [("reader", "taken")] = new(Severity.Warning, "has been held by another program", $"{Blind} A reader serves one program at a time.", "Stop the other program, or restart the reader."),
        [("reader", "refused")] = new(Severity.Warning, "has refused what the gateway asks of it", Blind, "Do as its reason says; restart the reader if it goes on."),
        [("reader", "silent")] = new(Severity.Warning, "has kept its connection but sent no sign of life", Blind, "Check the reader's power and network cable."),
        [("reader", "disconnected")] = new(Severity.Warning, "has closed its connection", Blind, "It is tried again by itself; if it goes on, restart the reader."),
        [("reader", "protocol-error")] = new(Severity.Warning, "has said what is not LLRP", Blind, "Check that this is the reader's LLRP port, and note its firmware; restart the reader if it goes on."),
        [("reader", "overflowed")] = new(Severity.Warning, "has lost reads in its own full buffer", "Some movements through {it} may have been missed; the time is marked as blind.", "Check the network between reader and gateway."),
        [("reader", "no-tid")] = new(Severity.Note, "has read EPCs without the chips' own numbers", "Two tags that carry one number are not told apart at {it}.", "Put an Impinj reader there, or take Tid off this reader in the gateway's configuration."),
        [("reader", "failed")] = new(Severity.Warning, "has made the gateway's own program for it fail", Blind, "Send the gateway's log to its makers; the device is tried again."),
        [("antenna", "unplugged")] = new(Severity.Warning, "has not answered its reader", "Some movements through {it} are missed, or their direction is unsure.", "Check the antenna's cable and connector."),

        [("beacon", "not-configured")] = new(Severity.Warning, "has been wanted and is not there", "What leaves through {it} without a ticket is said on the page alone.", "Name the lamp's outputs as Beacon of this portal in the gateway's configuration, or leave this door without one."),
        [("beacon", "refused")] = new(Severity.Warning, "has not been switched by its reader", "Its lamp stays as it is; what leaves through {it} without a ticket is said on the page.", "Compare AmberPort and RedPort with the outputs this reader has."),
        [("beacon", "unreachable")] = new(Severity.Warning, "could not be lit", "Its reader was not connected when something left through {it} without a ticket.", "Look at the reader; when it is back, so is the lamp."),

        [("scanner", "refused")] = new(Severity.Warning, "has not let the gateway open it", Unscanned, "Add the gateway's user to the group dialout, or close the other program."),
        [("scanner", "unplugged")] = new(Severity.Warning, "has been unplugged", Unscanned, "Plug the scanner in; it is picked up by itself."),
        [("scanner", "failed")] = new(Severity.Warning, "has made the gateway's own program for it fail", Unscanned, "Send the gateway's log to its makers; the device is tried again."),

        [("probe", "unplugged")] = new(Severity.Warning, "has been unplugged", Unmeasured, "Check the connector at the probe and at the gateway. Read the thermometer by hand meanwhile."),
        [("probe", "unreadable")] = new(Severity.Warning, "has given no readable value", Unmeasured, "Check the cable for damage and length; replace the probe if it goes on. Read the thermometer by hand meanwhile."),
        [("probe", "implausible")] = new(Severity.Warning, "has said what cannot be", $"{Unmeasured} What it says is not taken for a temperature.", "Check the probe's power and connector; replace the probe if it goes on. Read the thermometer by hand meanwhile."),
        [("probe", "failed")] = new(Severity.Warning, "has made the gateway's own program for it fail", Unmeasured, "Send the gateway's log to its makers; the device is tried again."),

        [("link", "connecting")] = new(Severity.Note, "has been connecting", "What the gateway reads waits in its outbox.", "Wait a moment; if it stays so, check the gateway's network."),
        [("link", "unreachable")] = new(Severity.Warning, "has had no answer from the broker", "What the gateway reads waits in its outbox. Nothing is lost meanwhile.", "Check the network and that the broker runs at the configured address."),
        [("link", "refused")] = new(Severity.Warning, "has been refused by the broker", "What the gateway reads waits in its outbox until the broker takes it.", "Check the password file and that the broker knows this gateway."),
        [("link", "cloud-not-listening")] = new(Severity.Warning, "has found no cloud behind the broker", "The broker takes batches and no cloud has them in its log; the gateway keeps them.", "Start edgetrace-cloud, or check that it is connected to this broker."),
        [("link", "stalled")] = new(Severity.Warning, "has had no acknowledgement", "Pages fall behind and the gateway's outbox grows; nothing is lost.", "Look at the cloud's disk and log: it has stopped acknowledging."),

        [("outbox", "disk-full")] = new(Severity.Alarm, "has had no room on the gateway's disk", "Readings wait in memory and are lost when that is full too.", "Free space on the gateway's disk."),
        [("outbox", "disk-refused")] = new(Severity.Alarm, "has been refused by the gateway's disk", "What is read now cannot be kept; what was sealed before is still sent.", "Replace the gateway's card or disk."),
        [("outbox", "over-budget")] = new(Severity.Warning, "has been over its share of the disk", "The oldest unsent reads are thinned, counted and named; samples and scans come last, alarms never.", "Restore the link to the cloud, or raise Outbox.DiskBudgetBytes."),

        [("portal", NotInSiteModel)] = new(Severity.Warning, "has been read without being in the site model", "Its reads are kept in the log and make no movements.", "Add the portal to the site model, or remove it from the gateway's configuration."),
        [("portal", OfAnotherGateway)] = new(Severity.Warning, "has been read by a gateway that it does not belong to", "Those reads are kept in the log and make no movements.", "Correct the portal's gateway in the site model, or remove it from this gateway's configuration."),
        [("portal", NotDeclared)] = new(Severity.Warning, "has been missing from its gateway's configuration", Blind, "Add the portal to a reader in the gateway's configuration, or correct the site model."),
        [("scanner", NotInSiteModel)] = new(Severity.Warning, "has scanned without being in the site model", "Its scans are kept in the log and not used.", "Add the scanner to the site model, or remove it from the gateway's configuration."),
        [("scanner", OfAnotherGateway)] = new(Severity.Warning, "has scanned at a gateway that it does not belong to", "Those scans are kept in the log and not used.", "Correct the scanner's gateway in the site model, or remove it from this gateway's configuration."),
        [("scanner", NotDeclared)] = new(Severity.Warning, "has been missing from its gateway's configuration", Unscanned, "Add the scanner to the gateway's configuration, or correct the site model."),
        [("point", NotInSiteModel)] = new(Severity.Warning, "has been measured without being in the site model", "Its samples are kept in the log; nobody is alarmed by them but the gateway itself.", "Add the point to the site model, or remove it from the gateway's configuration."),
        [("point", OfAnotherGateway)] = new(Severity.Warning, "has been measured by a gateway that it does not belong to", "Those samples are kept in the log; nobody is alarmed by them but the gateway itself.", "Correct the point's gateway in the site model, or remove it from this gateway's configuration."),
        [("point", NotDeclared)] = new(Severity.Warning, "has been missing from its gateway's configuration", Unmeasured, "Add a probe for the point to the gateway's configuration, or correct the site model."),
        [("stream", NotInSiteModel)] = new(Severity.Warning, "has come without a name that this cloud knows", "Its batches are kept in the log and not used.", "Update edgetrace-cloud to at least the gateway's version."),
    }.ToFrozenDictionary();

    /// <summary>What the cloud's own parts are in; keyed by (kind, state).</summary>
    public static readonly FrozenDictionary<(string Kind, string State), FaultWord> Own = new Dictionary<(string, string), FaultWord>
    {
        [("batch-log", "disk full")] = new(Severity.Alarm, "has had no room on the server's disk", "Nothing is acknowledged, pages stand still and gateways fill up.", "Free space on this volume, or raise the log's BytesMax. Writing resumes by itself."),
        [("batch-log", "corrupt")] = new(Severity.Alarm, "has been damaged", "Nothing is acknowledged, pages stand still and gateways fill up until it is restored.", "Stop the cloud, set its files aside and restore the last backup (edgetrace-cloud restore --set-aside)."),
        [("batch-log", "cannot write")] = new(Severity.Alarm, "has been refused by the server's disk", "Nothing is acknowledged, pages stand still and gateways keep their batches.", "Check the volume (dmesg, SMART) and the folder's permissions. Writing resumes by itself."),
        [("ledger", "waiting")] = new(Severity.Alarm, "has taken no writes", "Batches are still acknowledged; movements and alarms on these pages wait.", "Look at the disk of Cloud.DataDirectory: it is full, read-only or failing."),
        [("ledger", "behind")] = new(Severity.Warning, "has been behind the batch log", "Movements and alarms on these pages are late; nothing is lost.", "Wait; if it does not shrink, the server's disk or processor is too slow."),
        [("readings", "waiting")] = new(Severity.Warning, "has taken no writes", "Charts and the other readers of this store stand still; alarms and acknowledgements go on, and what it misses is written when it is back.", "Look at the disk of Cloud.DataDirectory, and at who else holds its files."),
        [("readings", "away")] = new(Severity.Warning, "has not answered", "Its own readers stand still; these pages, alarms and acknowledgements do not need it, and what it misses is written when it is back.", "Start the store, or correct its Url in ReadingsStores."),
        [("readings", "busy")] = new(Severity.Note, "has asked for fewer requests", "Its own readers are late; these pages do not need it.", "Wait; if it stays so, the store has too little memory or disk."),
        [("readings", "failing")] = new(Severity.Warning, "has failed at every write", "Its own readers stand still; these pages do not need it, and what it misses is written when it can.", "Look at the store's own log and disk."),
        [("readings", "refused")] = new(Severity.Warning, "has refused the cloud's writes", "Its own readers stand still until somebody changes something; nothing is thrown away while the log is kept.", "Check database, bucket, user and token in ReadingsStores: the reason below says which."),
        [("readings", ProjectionView.Incomplete)] = new(Severity.Note, "has gone on without some readings", "Its own readers miss them; EdgeTrace's own store and its log have them.", "edgetrace-cloud stores says which and why, and can write the store again."),
        [("readings", "behind")] = new(Severity.Warning, "has been behind the batch log", "Charts are late; alarms and movements are not, and nothing is lost.", "Wait; if it does not shrink, the store is too slow for what comes in."),
        [("exits", "not watched")] = new(Severity.Alarm, "have not been watched", "What leaves the building raises no question and lights no lamp; movements are seen and kept, and it is judged when the ledger is back.", "Look at the server's disk; when another cloud works on the same ledger, stop one of the two."),
        [("excursions", "not held")] = new(Severity.Alarm, "have held nothing", "What lay in a fridge that was outside its limits is not put on hold; the alarms come as ever, and it is held when the ledger is back.", "Mark what is in an alarming fridge DO NOT USE by hand. Look at the server's disk."),
        [("doors", "not told")] = new(Severity.Warning, "have told nothing", "What is expired or recalled and is carried in raises no alarm at the door; it is shown as such everywhere, and it is told when the ledger is back.", "Look at the server's disk."),
        [("completeness", "waiting")] = new(Severity.Warning, "has not been counted", "What the Completeness page shows stands still; readings, alarms and acknowledgements go on, and it is counted from the log when the ledger is back.", "Look at the server's disk; when another cloud works on the same ledger, stop one of the two."),
        [("completeness", "behind")] = new(Severity.Warning, "has been counted behind the batch log", "The newest hours of the Completeness page are not known yet; nothing is lost.", "Wait; if it does not shrink, the server's disk or processor is too slow for what comes in."),
        [("projection", "stands still")] = new(Severity.Alarm, "has stood still after a fault of its own", "Nothing new is told of {it} until the cloud is started again; everything is in the log.", "Restart edgetrace-cloud, and send its log to its makers."),
        [("projection", "taken")] = new(Severity.Alarm, "has been taken over by another process", "This cloud tells nothing new of {it}.", "Two clouds work on one ledger: stop one of them."),
        [("projection", "rebuilt")] = new(Severity.Note, "has been made anew from the log", "Nothing of {it} is lost; its state was of an older site model or program.", "Nothing, unless it comes again at every start."),
        [("projection", "quarantined")] = new(Severity.Warning, "has stepped over what it could not use", "What those batches say of {it} is missing here; their bytes are kept.", "edgetrace-cloud decode shows them; send them to those who make this."),
        [("broker", "connecting")] = new(Severity.Note, "has been connecting", "Gateways keep what they read until the cloud hears the broker.", "Wait a moment; if it stays so, check that the broker runs."),
        [("broker", "disconnected")] = new(Severity.Alarm, "has not been connected", "No gateway is heard here; they keep what they read.", "Start the broker (systemctl start mosquitto) or correct ExternalBroker."),
        [("broker", "refused")] = new(Severity.Alarm, "has refused the cloud", "No gateway is heard here until the broker lets the cloud in.", "Check ExternalBroker.UserName and PasswordFile, and the broker's ACL."),
        [("backup", "not configured")] = new(Severity.Warning, "has not been configured", "Were this server's disk lost today, everything older than what gateways keep would be lost with it.", "Set Backup.Directory, and run edgetrace-cloud backup hourly (deploy/systemd/edgetrace-backup.timer)."),
        [("backup", "none")] = new(Severity.Warning, "has never been taken", "Were this server's disk lost now, everything older than what gateways keep would be lost with it.", "Run edgetrace-cloud backup, and let edgetrace-backup.timer do it hourly."),
        [("backup", "too old")] = new(Severity.Warning, "has been too old", "Gateways keep two hours: what came between would be lost with this disk.", "Check the timer: systemctl status edgetrace-backup.timer."),
        [("tags", "two tags")] = new(Severity.Alarm, "has been read with two different tags", "One of the two things is not what its tag says (a label printed twice, or a copy), and from afar nobody can tell which: it is on hold.", "Find both: its page says where each tag was read last. Then say there which one is right, and destroy the other."),
        [("audit", "broken")] = new(Severity.Alarm, "has been changed outside this program", "Who did or saw what can no longer be shown for the rows named here.", "Keep the files as they are; edgetrace-cloud verify says where, and the newest backup has the audit as it was."),
        [("disk", "nearly full")] = new(Severity.Alarm, "has been nearly full", "When it is full nothing is acknowledged any more, and gateways fill up next.", "Free space or enlarge the disk, now."),
        [("disk", "filling up")] = new(Severity.Warning, "has been filling up", "When it is full nothing is acknowledged any more.", "Enlarge the disk in good time, or keep less (Retention in cloud.json)."),
        [("server", "not readable")] = new(Severity.Unknown, "could not be read", "Whether anything is wrong there is not known.", "Look at the disk of Cloud.DataDirectory and at the account's rights to it."),
        [("quarantine", "unreadable")] = new(Severity.Warning, "has taken in messages that nobody could read", "What they said is missing here; their bytes are kept.", "Open the list: topic and cause tell who sends what is no EdgeTrace message."),
        [("security", "wrong-password")] = new(Severity.Warning, "has had a wrong password tried", "Somebody or something that is no gateway tries to get in, or a box has an old password.", "Check that gateway's password file; if it is right, find out who connects from the address below."),
        [("security", "other-client-id")] = new(Severity.Warning, "has signed in under another's name", "One gateway's password is used for another name: nothing of it was taken.", "Correct Gateway.Id of the box, or change the password that is used elsewhere."),
        [("security", "denied-subscription")] = new(Severity.Warning, "has tried to listen to what is not its own", "It was refused; a gateway has no reason to try.", "Find out what runs on that box; change its password if it is not our program."),
        [("security", "denied-publication")] = new(Severity.Warning, "has tried to speak for somebody else", "It was refused, so nothing false was taken; a gateway has no reason to try.", "Find out what runs on that box; change its password if it is not our program."),
        [("security", "second-session")] = new(Severity.Warning, "has been connected twice at the same time", "Two boxes may be using one identity: one of them is a copy, and they take turns being heard.", "Find the second box (a cloned card?), and give it a name and a password of its own."),
        [("security", "identity-mismatch")] = new(Severity.Warning, "has sent a batch that names another sender", "It was kept under the name it was signed in with.", "Find out what runs on that box: our program never does that."),
        [("security", "identity-reused")] = new(Severity.Warning, "has sent two different batches under one number", "The first one stands; what the second says is not used.", "Find out whether its card is a copy of another box's, or was put back to an older state."),
    }.ToFrozenDictionary();

    /// <summary>The words of a state; a state that a newer gateway has and this table has not is said as it came.</summary>
    public static FaultWord Of(string kind, string state) =>
        Devices.TryGetValue((kind, state), out var word) || Own.TryGetValue((kind, state), out word) ? word
        : new(Severity.Warning, $"has said it is {state}", "This version of the cloud does not know what that means.", "Update edgetrace-cloud, which knows the words of a newer gateway.");

    /// <summary>What a projection, a readings store or a zone is in; <see cref="Fine"/> while it keeps up.</summary>
    public static (string Kind, string State) OfProjection(ProjectionView projection)
    {
        var kind = projection.Name.Split('/')[0] is "ledger" or "completeness" or "readings" ? projection.Name.Split('/')[0] : "projection";
        return (kind, projection.Reason.Length > 0 ? projection.State : projection.Lag > ServerLimits.LagMax ? "behind" : Fine);
    }

    public static Severity SeverityOf(string kind, string state) => state switch
    {
        Fine => Severity.Fine,
        "unknown" => Severity.Unknown,
        _ => Of(kind, state).Severity,
    };
}
