using System.Text;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Doors;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Stock;

/// <summary>
/// Takes what people do to stock: reads the label, asks the rules, and writes events, the place they put the thing in, and the audit in one commit.
/// An act sent twice is done once: its events' ids come from its own.
/// </summary>
sealed class StockBook(SiteModel site, ItemNames names, CodeBook codes, LedgerReader ledger, LedgerWriter writer, StockViews views, RecallBook recalls, TimeProvider time)
{
    /// <summary>What waited in a terminal without Wi-Fi; older than this, a person enters it by hand and says when.</summary>
    public static readonly TimeSpan LateMax = TimeSpan.FromDays(7);

    /// <summary>A clock may be a little ahead of ours.</summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(2);

    /// <summary>Before the code of the rule that put something on hold.</summary>
    const string RuleActor = "rule:";

    /// <summary>Enough to look for an earlier expiry: a store's whole shelf of one product.</summary>
    const int ShelfMax = 10_000;

    /// <param name="kind">The act's, already understood.</param>
    public async Task<ActOutcome> DoAsync(StockAct act, EventKind kind, long atUs, Person person)
    {
        var commit = new LedgerCommit(person.Actor);
        var before = ledger.StockEventsOfAct(act.Id).ToLookup(e => e.Event.Subject);
        var lines = act.Lines.Select((line, n) => Do(act, line, n, kind, atUs, person, before, commit)).ToList();
        if (!commit.IsEmpty) await writer.CommitAsync(commit);
        return new(act.Id, lines);
    }

    LineOutcome Do(StockAct act, StockLine line, int n, EventKind kind, long atUs, Person person, ILookup<string, RecordedEvent> before, LedgerCommit commit)
    {
        var (label, error) = codes.Read(line.Code, line.More, line.Quantity is not null);
        if (label is null)
        {
            commit.Audit.Add(new(time.NowUs(), person.Actor, $"refused-{kind.Word()}", Printable(line.Code), error!));
            return new(line.Code, null, null, "refused", [new("unreadable", error!, true)]);
        }
        if (label.IsLot && line.Quantity is null or < 0) return new(line.Code, label.Key, null, "refused", [new("how-many", "It has no number of its own: say how many pieces.", true)]);
        var row = label.IsLot ? null : ledger.StockItem(label.Key);
        var lot = label.IsLot ? ledger.StockLot(label.Key) : null;
        if (kind == EventKind.Released && (row?.Item.Holds ?? lot?.Holds)?.Any(hold => hold.Id == line.Hold && hold.Reason == HoldReason.ColdChain) == true && !person.May(Permission.ReleaseExcursions))
        {
            commit.Audit.Add(new(time.NowUs(), person.Actor, "refused-released", label.Key, "for-pharmacy"));
            return new(line.Code, label.Key, null, "refused", [new("for-pharmacy", $"It was outside its temperature: whether it may still be used is for {RoleTable.WhoMay(Permission.ReleaseExcursions)} to say.", true)]);
        }
        // What it cost when it came is what a waste report adds up, whatever the catalogue says by then.
        var detail = Detail(act, line, label) with { Pence = kind is EventKind.Opening or EventKind.Received ? names.Products.Find(label.Parts.Product)?.Pence : null };
        var name = label.Parts.Product is { } product ? names.Named(label.Parts.Epc ?? label.Key, product, label.Parts.Serial, label.Parts.Lot) : new(label.Key, label.Parts.Epc ?? label.Key, "");
        if (before.Contains(label.Key)) return new(line.Code, label.Key, name, "already", [.. before[label.Key].Where(e => e.Event.Kind == EventKind.Held && e.Event.Actor.StartsWith(RuleActor, StringComparison.Ordinal)).Select(e => new VerdictView(e.Event.Actor[RuleActor.Length..], e.Event.Detail.Reason ?? "", false))]);
        List<Verdict> said = [.. ActRules.Judge(Facts(act, line, kind, label, row, lot, detail)), .. TagDiffers(detail, atUs)];
        if (said.Any(v => v.Stops))
        {
            commit.Audit.Add(new(time.NowUs(), person.Actor, $"refused-{kind.Word()}", label.Key, string.Join(" ", said.Where(v => v.Stops).Select(v => v.Code))));
            return new(line.Code, label.Key, name, "refused", Views(said));
        }
        if (said.Any(v => v.Code == "already")) return new(line.Code, label.Key, name, "already", Views(said));
        Write(act, n, kind, atUs, person, label, detail, said, commit);
        return new(line.Code, label.Key, name, "done", Views(said));
    }

    void Write(StockAct act, int n, EventKind kind, long atUs, Person person, Labelled label, EventDetail detail, IReadOnlyList<Verdict> said, LedgerCommit commit)
    {
        // What is under way is nowhere until somebody or a door sees it arrive.
        var place = kind is EventKind.Issued or EventKind.Missed or EventKind.Left or EventKind.Stolen ? null : act.Place;
        var e = new StockEvent(IdOf(act.Id, label.Key, kind, n), label.Key, kind, atUs, OffsetAt(atUs), place, act.Terminal, act.Id, person.Actor, detail);
        commit.StockEvents.Add(e);
        if (!label.IsLot && detail.Epc is { } epc && TagData.Says(epc, atUs) is { IsEmpty: false } tag) commit.StockEvents.Add(TagData.Learnt(label.Key, epc, tag, atUs, OffsetAt(atUs), act.Terminal, act.Id));
        foreach (var verdict in said)
            if (verdict.Hold is { } reason)
                commit.StockEvents.Add(e with
                {
                    Id = IdOf(act.Id, label.Key, EventKind.Held, (int)reason), Kind = EventKind.Held, Actor = $"{RuleActor}{verdict.Code}",
                    Detail = new() { HoldReason = reason, Reason = verdict.Says, Quantity = detail.Quantity is null ? null : 0, Notice = reason == HoldReason.Recall ? NoticeOf(detail) : null },
                });
        StockClaims.Add(commit, e);
    }

    ActFacts Facts(StockAct act, StockLine line, EventKind kind, Labelled label, StockItemRow? row, LotState? lot, EventDetail detail)
    {
        var known = names.Products.Find(label.Parts.Product ?? row?.Item.Product);
        var expiry = Earliest(detail.Expiry, row?.Item.Expiry ?? lot?.Expiry);
        IReadOnlyList<Unavailable> against = row is not null ? views.Against(row)
            : lot is not null && (line.From ?? act.Place) is { } from ? views.Against(new StockPiecesRow(lot, from, lot.Pieces.GetValueOrDefault(from)))
            : recalls.Names(new ItemState(label.Key) { Product = label.Parts.Product, Lot = label.Parts.Lot, Serial = label.Parts.Serial, Expiry = expiry }) ? [Unavailable.Recalled] : label.IsLot ? [] : [Unavailable.Unbooked];
        var earlier = kind is EventKind.Picked or EventKind.Issued or EventKind.Reserved && known is not null && expiry is { } day ? Earlier(known.Key, day, row, line.From ?? act.Place) : 0;
        return new(
            kind, known, label.IsLot ? null : row?.Now.Status ?? ItemStatus.Unbooked, against, expiry, views.Today, earlier,
            act.Place is null ? [] : [.. site.Points.Where(p => p.Location == act.Place).Select(p => p.Class)], act.Case, row?.Now.Case, act.Reason is { Length: > 0 })
        {
            Unsettled = kind == EventKind.Released && line.Hold == TwoTags.HoldId ? TwoTags.Mistake(row?.Item, line.Tid) : null,
        };
    }

    /// <summary>A tag that says lot or date itself must say what the label says.</summary>
    static IEnumerable<Verdict> TagDiffers(EventDetail detail, long atUs)
    {
        if (detail.Epc is null || TagData.Says(detail.Epc, atUs) is not { IsEmpty: false } tag) yield break;
        if (tag.Expiry is { } date && detail.Expiry is { } other && date != other) yield return new("tag-differs", $"Its tag says use by {date:yyyy-MM-dd}, its label {other:yyyy-MM-dd}: the earlier counts. Look whether the tag is on the right thing.");
        if (tag.Lot is { } lot && detail.Lot is { } label && lot != label) yield return new("tag-differs", $"Its tag says lot {lot}, its label lot {label}: look whether the tag is on the right thing.");
    }

    /// <summary>How many of a product, in the same place, expire earlier and could be taken instead.</summary>
    int Earlier(string product, DateOnly expiry, StockItemRow? row, string? place)
    {
        var from = row?.At?.Location ?? place;
        return views.Glances(product, ShelfMax).Where(other => other.Place == from && other.Standing.Expiry < expiry && views.Against(other, views.Today).Count == 0).Sum(other => other.Pieces);
    }

    static EventDetail Detail(StockAct act, StockLine line, Labelled label) => new()
    {
        Product = label.Parts.Product, Lot = label.Parts.Lot, Serial = label.Parts.Serial, Expiry = label.Parts.Expiry, Made = label.Parts.Made, Epc = line.Epc ?? label.Parts.Epc, Tid = line.Tid, Carrier = label.Parts.Carrier,
        Quantity = label.IsLot ? line.Quantity ?? 0 : null, From = line.From, Destination = act.Destination, Container = act.Container, Owner = act.Owner, Order = act.Order, DespatchAdvice = act.DespatchAdvice, Case = act.Case,
        Reason = act.Reason, Witness = act.Witness, Hold = line.Hold, Scan = line.Scan,
        HoldReason = Enum.TryParse<HoldReason>(line.HoldReason?.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var reason) ? reason : null,
    };

    /// <summary>Somebody says that an event is not so. Where it had placed the thing, it is again where it was before, or where the person says.</summary>
    public async Task<bool> DeclareEventAsync(string id, string reason, string? place, Person person)
    {
        if (ledger.StockEvent(id) is not { } recorded) return false;
        var (commit, e) = (new LedgerCommit(person.Actor), recorded.Event);
        var placed = StockClaims.Places(e);
        var declaration = new Declaration("event", id, e.Subject, person.Actor, reason, time.NowUs(), placed ? place ?? ledger.PlaceBefore(e.Subject, e.AtUs) : null);
        Declare(commit, declaration);
        if (placed) StockClaims.Add(commit, declaration, e.AtUs);
        await writer.CommitAsync(commit);
        return true;
    }

    /// <summary>As <see cref="DeclareEventAsync"/>, of what a door said.</summary>
    public async Task<bool> DeclareMovementAsync(string id, string reason, string? place, Person person)
    {
        if (ledger.Visit(id) is not { } visit || ledger.MovementItem(id) is not { } item) return false;
        var commit = new LedgerCommit(person.Actor);
        var declaration = new Declaration("movement", id, item, person.Actor, reason, time.NowUs(), place ?? visit.From ?? ledger.PlaceBefore(item, visit.Visit.LastUs));
        Declare(commit, declaration);
        StockClaims.Add(commit, declaration, visit.Visit.LastUs);
        await writer.CommitAsync(commit);
        return true;
    }

    static void Declare(LedgerCommit commit, Declaration declaration)
    {
        commit.Declarations.Add(declaration);
        commit.Audit.Add(new(declaration.AtUs, declaration.Actor, "declare-wrong", $"{declaration.Kind}/{declaration.Fact}", declaration.Reason));
    }

    string? NoticeOf(EventDetail d) => recalls.Open.FirstOrDefault(notice => notice.Names(d.Product, d.Lot, d.Serial, d.Expiry, d.Made))?.Id;

    public int OffsetAt(long atUs) => (int)site.TimeZone.GetUtcOffset(EventTime.FromUs(atUs)).TotalMinutes;

    public static string IdOf(string act, string subject, EventKind kind, int n) => FactId.Of("stock", act, n, Encoding.UTF8.GetBytes($"{kind.Word()}\0{subject}"));

    static DateOnly? Earliest(DateOnly? a, DateOnly? b) => a is { } x && b is { } y ? (x < y ? x : y) : a ?? b;

    static IReadOnlyList<VerdictView> Views(IReadOnlyList<Verdict> said) => [.. said.Select(v => new VerdictView(v.Code, v.Says, v.Stops))];

    /// <summary>A scan may hold anything: what is written beside the audit's words is legible.</summary>
    static string Printable(string code) => string.Concat(code.Take(200).Select(c => char.IsControl(c) ? '·' : c));
}
