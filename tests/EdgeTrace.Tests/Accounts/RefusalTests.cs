using System.Net;
using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeTrace.Tests.Accounts;

/// <summary>What somebody was refused is in the audit, and no script can fill it with that.</summary>
public class RefusalTests
{
    [Fact]
    public async Task An_act_and_a_look_at_a_patient_that_were_refused_are_in_the_audit_before_they_are_answered()
    {
        await using var rig = await ApiRig.StartAsync();
        using var estates = await rig.SignInAsync("Eve Stone", StaffRole.Estates);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(estates.GetAsync("/api/v1/theatre/cases/c1/patient")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(estates.PostAsJsonAsync("/api/v1/stock/acts", new { id = "a" })));
        Assert.Equal([("GET /api/v1/theatre/cases/c1/patient", "needs SeePatients"), ("POST /api/v1/stock/acts", "needs HandleStock")], Refused(rig).Select(row => (row.Subject, row.Detail)));
        Assert.All(Refused(rig), row => Assert.Equal("Eve Stone (eve.stone)", row.Actor));
        // What hangs on every wall is no secret.
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(estates.GetAsync("/api/v1/stock")));
        Assert.Equal(2, Refused(rig).Count);
    }

    [Fact]
    public async Task What_is_refused_inside_an_act_is_written_too()
    {
        await using var rig = await ApiRig.StartAsync();
        using var handler = new HttpClient { BaseAddress = rig.Http.BaseAddress };
        handler.DefaultRequestHeaders.Authorization = new("Bearer", await rig.Services.GetRequiredService<AccountDesk>().AddTokenAsync("test", "handler-2", [Permission.HandleStock]));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(handler.PostAsJsonAsync("/api/v1/stock/acts", new StockAct("a", "held", [new("x")]) { Reason = "dropped" })));
        Assert.Equal(("POST /api/v1/stock/acts", "needs HoldStock"), Refused(rig).Select(row => (row.Subject, row.Detail)).Single());
    }

    [Fact]
    public async Task A_script_that_tries_every_case_is_two_rows_a_minute()
    {
        await using var rig = await ApiRig.StartAsync();
        using var estates = await rig.SignInAsync("Eve Stone", StaffRole.Estates);
        using var operations = await rig.SignInAsync("Olu Reed", StaffRole.Operations);
        for (var n = 0; n < 40; n++) await StatusAsync(estates.GetAsync($"/api/v1/theatre/cases/c{n}/patient"));
        await StatusAsync(operations.GetAsync("/api/v1/theatre/cases/c1/patient"));
        Assert.Equal(2, Refused(rig).Count);
        var book = rig.Services.GetRequiredService<RefusalBook>();
        await book.CloseAsync(long.MaxValue);
        await book.CloseAsync(long.MaxValue);
        Assert.Equal(("GET /api/v1/theatre/cases/{id}/patient", "39 more times within a minute", "Eve Stone (eve.stone)"), (Refused(rig)[2].Subject, Refused(rig)[2].Detail, Refused(rig)[2].Actor));
        Assert.Equal(3, Refused(rig).Count);
        // The minute is over: it begins anew.
        await StatusAsync(estates.GetAsync("/api/v1/theatre/cases/c1/patient"));
        Assert.Equal(4, Refused(rig).Count);
    }

    static List<AuditEntry> Refused(ApiRig rig) => [.. rig.Ledger.AuditAfter(0, 1000).Where(row => row.Action == "refused").Select(row => new AuditEntry(row.AtUs, row.Actor, row.Action, row.Subject, row.Detail))];

    static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        return answer.StatusCode;
    }
}
