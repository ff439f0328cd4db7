using EdgeTrace.Api;
using Microsoft.AspNetCore.Mvc;

namespace EdgeTrace.Cloud.Accounts;

/// <summary>The accounts, for whoever keeps them.</summary>
static class PeopleEndpoints
{
    public static void MapAccounts(this RouteGroupBuilder api)
    {
        api.MapSessions();
        api.MapGet("/people", (AccountBook book) => View(book)).Needs(Permission.Administer);
        api.MapPost("/people", Add).Needs(Permission.Administer);
        api.MapPost("/people/{id}", Change).Needs(Permission.Administer);
        api.MapPost("/people/{id}/disable", (HttpContext context, AccountBook book, AccountDesk desk, string id) => Done(book, () => desk.DisableAsync(context.Person().Actor, id))).Needs(Permission.Administer);
        api.MapPost("/people/{id}/enable", (HttpContext context, AccountBook book, AccountDesk desk, string id) => Done(book, () => desk.EnableAsync(context.Person().Actor, id))).Needs(Permission.Administer);
        api.MapPost("/people/{id}/invite", (HttpContext context, AccountDesk desk, string id) => SessionEndpoints.Told(async () => Results.Ok(await desk.InviteAsync(context.Person().Actor, id)))).Needs(Permission.Administer);
        api.MapAudit();
    }

    static Task<IResult> Add(HttpContext context, AccountDesk desk, [FromBody] PersonWords words) => SessionEndpoints.Told(async () =>
    {
        var row = await desk.AddAsync(context.Person().Actor, words.Id ?? "", words.Name ?? "", words.Badge, words.Roles ?? []);
        return Results.Ok(await desk.InviteAsync(context.Person().Actor, row.Id));
    });

    /// <summary>What is left out stays.</summary>
    static Task<IResult> Change(HttpContext context, AccountBook book, AccountDesk desk, string id, [FromBody] PersonWords words) => Done(book, async () =>
    {
        var (row, actor) = (desk.Known(id), context.Person().Actor);
        if (words.Name is not null || words.Badge is not null) await desk.RenameAsync(actor, id, words.Name ?? row.Name, words.Badge ?? row.Badge);
        if (words.Roles is { } roles && !book.Of(row).Roles.ToHashSet().SetEquals(roles)) await desk.SetRolesAsync(actor, id, roles);
    });

    static Task<IResult> Done(AccountBook book, Func<Task> act) => SessionEndpoints.Told(async () =>
    {
        await act();
        return Results.Ok(View(book));
    });

    static PeopleView View(AccountBook book) => new(book.People(), [.. Enum.GetValues<StaffRole>().Select(role => new RoleView(role, [.. RoleTable.Of([role]).Order()]))]);

    sealed record PersonWords(string? Id, string? Name, string? Badge, StaffRole[]? Roles);
}
