using System.Net;
using System.Net.Http.Json;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Store.Accounts;
using EdgeTrace.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Accounts;

/// <summary>Signing in, being shut out, sharing a terminal: over real HTTP with a browser's cookies.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    const string Password = "a long walk by the sea", Pin = "402617";

    readonly FakeTimeProvider _time = new(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
    ApiRig _rig = null!;

    AccountDesk Desk => _rig.Services.GetRequiredService<AccountDesk>();

    public async ValueTask InitializeAsync() => _rig = await ApiRig.StartAsync(_time);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    /// <summary>Without ringing every second's timers on the way.</summary>
    void Later(TimeSpan later) => _time.AdjustTime(_time.GetUtcNow() + later);

    static async Task<HttpStatusCode> SignInAsync(HttpClient browser, string name, string password) => (await browser.PostAsJsonAsync("/api/v1/session", new { name, password })).StatusCode;

    static async Task<HttpStatusCode> AskAsync(HttpClient browser) => (await browser.GetAsync("/api/v1/status")).StatusCode;

    static async Task<SessionView> SessionAsync(HttpClient browser) => (await browser.GetFromJsonAsync<SessionView>("/api/v1/session", ApiJson.Options))!;

    static async Task<string> DetailAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<Microsoft.AspNetCore.Mvc.ProblemDetails>())!.Detail!;

    [Fact]
    public async Task Set_up_is_open_to_whoever_has_the_code_of_this_machine_and_to_nobody_after()
    {
        using var browser = _rig.NewBrowser();
        Assert.True((await SessionAsync(browser)).SetUp);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(browser));
        var file = Path.Combine(_rig.Folder, "set-up-code");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Task<HttpResponseMessage> SetUpAsync(string code, string password) => browser.PostAsJsonAsync("/api/v1/set-up", new { code, id = "ann", name = "Ann Fox", password });

        Assert.Equal(HttpStatusCode.BadRequest, (await SetUpAsync("00000-00000-00000-00000", Password)).StatusCode);
        var code = (await File.ReadAllTextAsync(file)).Trim();
        Assert.Contains("12 letters", await DetailAsync(await SetUpAsync(code, "short")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await SetUpAsync($" {code.ToUpperInvariant()} ", Password)).StatusCode);
        Assert.Equal(("Ann Fox", false), ((await SessionAsync(browser)).Who!.Name, (await SessionAsync(browser)).SetUp));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(browser));
        Assert.False(File.Exists(file));
        Assert.Equal(HttpStatusCode.Conflict, (await SetUpAsync(code, Password)).StatusCode);
    }

    [Fact]
    public async Task Ten_wrong_passwords_lock_an_account_for_a_quarter_of_an_hour_and_the_right_one_does_not_help()
    {
        using var ann = await _rig.SignInAsync("Ann Fox", StaffRole.Pharmacy);
        using var browser = _rig.NewBrowser();
        for (var i = 0; i < 9; i++) Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(browser, "ann.fox", "not it at all, no"));
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(browser, "Ann.Fox ", Password));
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(browser, "ann.fox", "not it at all, no"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(browser, "ann.fox", Password));
        // Who works already goes on: locking somebody out is not a way to stop them.
        Assert.Equal(HttpStatusCode.OK, await AskAsync(ann));
        Later(TimeSpan.FromMinutes(14.9));
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(browser, "ann.fox", Password));
        Later(TimeSpan.FromMinutes(0.2));
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(browser, "ann.fox", Password));
        var audit = _rig.Ledger.AuditAfter(0, 1000);
        Assert.Single(audit, row => row.Action == "lock-account");
        Assert.Equal(20, audit.Count(row => row.Action == "sign-in-failed"));
    }

    [Fact]
    public async Task A_wrong_name_a_wrong_password_and_a_disabled_account_answer_alike_and_what_was_typed_is_not_kept()
    {
        using var ann = await _rig.SignInAsync("Ann Fox", StaffRole.Pharmacy);
        using var sam = await _rig.SignInAsync("Sam Patel", StaffRole.Pharmacy);
        await Desk.DisableAsync("test", "sam.patel");
        using var browser = _rig.NewBrowser();
        List<string> answers = [];
        foreach (var (name, password) in ((string, string)[])[("my secret by mistake", Password), ("ann.fox", "not it at all, no"), ("sam.patel", Password)])
        {
            var answer = await browser.PostAsJsonAsync("/api/v1/session", new { name, password });
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            var problem = await answer.Content.ReadFromJsonAsync<Microsoft.AspNetCore.Mvc.ProblemDetails>();
            answers.Add($"{problem!.Title} {problem.Detail}");
        }
        Assert.Single(answers.Distinct());
        Assert.DoesNotContain(_rig.Ledger.AuditAfter(0, 1000), row => $"{row.Subject} {row.Detail}".Contains("secret by mistake", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_disabled_account_loses_its_session_at_the_next_request_and_its_live_page_within_a_pulse()
    {
        using var ann = await _rig.SignInAsync("Ann Fox", StaffRole.Pharmacy);
        using var live = await ann.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await live.Content.ReadAsStreamAsync();
        // Another process, as the command line is.
        using (var beside = AccountsFile.Open(Path.Combine(_rig.Folder, AccountsFile.Name)))
        {
            var row = beside.Now().Accounts.Single(account => account.Id == "ann.fox");
            beside.Put(row with { DisabledUs = 1, Stamp = "another" }, row.Stamp);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(ann));
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var reading = Task.Run(async () => { while (await stream.ReadAsync(buffer, patience.Token) > 0) { } }, patience.Token);
        while (!reading.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token));
        }
        await reading;
    }

    [Fact]
    public async Task A_new_password_ends_every_other_session_and_roles_hold_from_the_next_request()
    {
        using var ann = await _rig.SignInAsync("Ann Fox", StaffRole.Pharmacy);
        using var elsewhere = _rig.NewBrowser();
        await SignInAsync(elsewhere, "ann.fox", Password);
        Assert.Equal(HttpStatusCode.Forbidden, (await ann.GetAsync("/api/v1/audit")).StatusCode);
        await Desk.SetRolesAsync("test", "ann.fox", [StaffRole.Auditor]);
        Assert.Equal(HttpStatusCode.OK, (await ann.GetAsync("/api/v1/audit")).StatusCode);

        Assert.Contains("not your password", (await (await ann.PostAsJsonAsync("/api/v1/me/password", new { old = "not it at all, no", @new = "another walk by the river" })).Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Contains("Everybody tries", await DetailAsync(await ann.PostAsJsonAsync("/api/v1/me/password", new { old = Password, @new = "Password1234!" })), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ann.PostAsJsonAsync("/api/v1/me/password", new { old = Password, @new = "another walk by the river" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(ann));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(elsewhere));
    }

    [Fact]
    public async Task A_call_that_changes_something_needs_the_header_only_the_own_page_can_send()
    {
        using var ann = await _rig.SignInAsync("Ann Fox", StaffRole.Estates);
        ann.DefaultRequestHeaders.Remove(AccountServices.OwnPageHeader);
        var answer = await ann.PostAsJsonAsync("/api/v1/planned-work", new { subject = "x", reason = "y" });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(AccountServices.OwnPageHeader, await DetailAsync(answer), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await ann.PostAsync("/api/v1/session/end", null)).StatusCode);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_of_other_sites_and_dies_after_a_shift_without_work()
    {
        using var ann = await _rig.SignInAsync("Ann Fox", StaffRole.Estates);
        var again = await ann.PostAsJsonAsync("/api/v1/session", new { name = "ann.fox", password = Password });
        var cookie = Assert.Single(again.Headers.GetValues("Set-Cookie"));
        foreach (var word in (string[])["httponly", "samesite=strict", "path=/"]) Assert.Contains(word, cookie, StringComparison.OrdinalIgnoreCase);
        using var https = new HttpRequestMessage(HttpMethod.Post, "/api/v1/session") { Content = JsonContent.Create(new { name = "ann.fox", password = Password }) };
        https.Headers.Add("X-Forwarded-Proto", "https");
        Assert.Contains("; secure", Assert.Single((await ann.SendAsync(https)).Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
        await SignInAsync(ann, "ann.fox", Password);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Later(TimeSpan.FromHours(7));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(ann));
        }
        Later(TimeSpan.FromHours(12.1));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(ann));
    }

    [Fact]
    public async Task A_pin_works_where_a_password_has_made_a_shared_terminal_and_nowhere_else()
    {
        using var ward = await _rig.SignInAsync("Ann Fox", StaffRole.Administrator, StaffRole.Theatre);
        Assert.Contains("6 to 12 digits", await DetailAsync(await ward.PostAsJsonAsync("/api/v1/me/pin", new { password = Password, pin = "1234" })), StringComparison.Ordinal);
        Assert.Contains("in a row", await DetailAsync(await ward.PostAsJsonAsync("/api/v1/me/pin", new { password = Password, pin = "234567" })), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await ward.PostAsJsonAsync("/api/v1/me/pin", new { password = "not it at all, no", pin = Pin })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ward.PostAsJsonAsync("/api/v1/me/pin", new { password = Password, pin = Pin })).StatusCode);
        await Desk.RenameAsync("test", "ann.fox", "Ann Fox", "(8017)050123456789012345");

        using var home = _rig.NewBrowser();
        Assert.Equal(HttpStatusCode.Forbidden, (await home.PostAsJsonAsync("/api/v1/session/switch", new { who = "ann.fox", pin = Pin })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ward.PostAsJsonAsync("/api/v1/terminal", new { name = "Theatre 2, anaesthetic room", idleMinutes = 3 })).StatusCode);
        Assert.Equal(new TerminalView("Theatre 2, anaesthetic room", 3), (await SessionAsync(ward)).Terminal);
        Assert.Null((await (await ward.PostAsync("/api/v1/session/end?locked=1", null)).Content.ReadFromJsonAsync<SessionView>(ApiJson.Options))!.Who);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(ward));

        // By what the scanner sends of the badge: symbology identifier, AI and number.
        Assert.Equal(HttpStatusCode.OK, (await ward.PostAsJsonAsync("/api/v1/session/switch", new { who = "]d28017050123456789012345", pin = Pin })).StatusCode);
        var who = (await SessionAsync(ward)).Who!;
        Assert.Equal(("Ann Fox", SignInWith.Pin, false, true), (who.Name, who.With, who.Permissions.Contains(Permission.Administer), who.Permissions.Contains(Permission.SeePatients)));
        Assert.Equal(HttpStatusCode.Forbidden, (await ward.GetAsync("/api/v1/people")).StatusCode);
        // Only a password makes a terminal; and one that has been ended is none.
        Assert.Equal(HttpStatusCode.Forbidden, (await ward.PostAsJsonAsync("/api/v1/terminal", new { name = "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ward.PostAsync("/api/v1/terminal/end", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await ward.PostAsJsonAsync("/api/v1/session/switch", new { who = "ann.fox", pin = Pin })).StatusCode);
    }

    [Fact]
    public async Task Five_wrong_pins_lock_the_pin_until_the_password_is_given()
    {
        using var ward = await _rig.SignInAsync("Ann Fox", StaffRole.Theatre);
        await ward.PostAsJsonAsync("/api/v1/me/pin", new { password = Password, pin = Pin });
        await ward.PostAsJsonAsync("/api/v1/terminal", new { name = "Ward 7" });
        for (var i = 0; i < 5; i++) Assert.Contains("do not go together", await DetailAsync(await ward.PostAsJsonAsync("/api/v1/session/switch", new { who = "ann.fox", pin = "111222" })), StringComparison.Ordinal);
        Assert.Contains("Sign in with the password", await DetailAsync(await ward.PostAsJsonAsync("/api/v1/session/switch", new { who = "ann.fox", pin = Pin })), StringComparison.Ordinal);
        Later(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.BadRequest, (await ward.PostAsJsonAsync("/api/v1/session/switch", new { who = "ann.fox", pin = Pin })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(ward, "ann.fox", Password));
        Assert.Equal(HttpStatusCode.OK, (await ward.PostAsJsonAsync("/api/v1/session/switch", new { who = "ann.fox", pin = Pin })).StatusCode);
        Assert.Single(_rig.Ledger.AuditAfter(0, 1000), row => row.Action == "lock-pin");
    }

    [Fact]
    public async Task A_display_token_shows_a_wall_and_neither_a_patient_nor_a_button_and_ends_when_it_is_revoked()
    {
        var key = await Desk.AddTokenAsync("test", "wall-1", [.. RoleTable.Display]);
        using var wall = _rig.NewBrowser();
        Assert.Equal(HttpStatusCode.Unauthorized, (await wall.PostAsJsonAsync("/api/v1/session/token", new { token = key[..^1] })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await wall.PostAsJsonAsync("/api/v1/session/token", new { token = key })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(wall));
        Assert.Equal([Permission.SeeSite, Permission.SeeColdChain, Permission.SeeStock], (await SessionAsync(wall)).Who!.Permissions);
        Assert.Equal(HttpStatusCode.Forbidden, (await wall.PostAsJsonAsync("/api/v1/planned-work", new { subject = "x", reason = "y" })).StatusCode);
        Later(TimeSpan.FromDays(400));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(wall));
        await Desk.RevokeTokenAsync("test", "wall-1");
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(wall));
        Assert.DoesNotContain(key, await File.ReadAllTextAsync(Path.Combine(_rig.Folder, AccountsFile.Name), System.Text.Encoding.Latin1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_sets_a_password_once_and_for_three_days()
    {
        using var ann = await _rig.SignInAsync("Ann Fox", StaffRole.Administrator);
        var added = await (await ann.PostAsJsonAsync("/api/v1/people", new { id = "r.adeyemi", name = "Ruth Adeyemi", roles = new[] { "theatre" } })).Content.ReadFromJsonAsync<InvitationView>(ApiJson.Options);
        using var ruth = _rig.NewBrowser();
        Assert.Equal(HttpStatusCode.BadRequest, (await ruth.PostAsJsonAsync("/api/v1/invitations/accept", new { code = added!.Code, password = "ruth adeyemi" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ruth.PostAsJsonAsync("/api/v1/invitations/accept", new { code = added.Code, password = Password })).StatusCode);
        Assert.Equal([StaffRole.Theatre], (await SessionAsync(ruth)).Who!.Roles);
        Assert.Equal(HttpStatusCode.BadRequest, (await ruth.PostAsJsonAsync("/api/v1/invitations/accept", new { code = added.Code, password = Password })).StatusCode);
        var late = await (await ann.PostAsync("/api/v1/people/r.adeyemi/invite", null)).Content.ReadFromJsonAsync<InvitationView>(ApiJson.Options);
        Later(TimeSpan.FromDays(3.1));
        Assert.Contains("is over", await DetailAsync(await ruth.PostAsJsonAsync("/api/v1/invitations/accept", new { code = late!.Code, password = Password })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_administrator_stays_for_without_one_set_up_would_be_open_again()
    {
        using var ann = await _rig.SignInAsync("Ann Fox", StaffRole.Administrator);
        Assert.Contains("only administrator", await DetailAsync(await ann.PostAsync("/api/v1/people/ann.fox/disable", null)), StringComparison.Ordinal);
        Assert.Contains("only administrator", await DetailAsync(await ann.PostAsJsonAsync("/api/v1/people/ann.fox", new { roles = new[] { "auditor" } })), StringComparison.Ordinal);
        await _rig.SignInAsync("Sam Patel", StaffRole.Administrator);
        Assert.Equal(HttpStatusCode.OK, (await ann.PostAsync("/api/v1/people/ann.fox/disable", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(ann));
    }

    [Fact]
    public async Task Roles_of_another_site_open_nothing_here()
    {
        using var ann = await _rig.SignInAsync("Ann Fox", StaffRole.Theatre);
        using (var beside = AccountsFile.Open(Path.Combine(_rig.Folder, AccountsFile.Name)))
        {
            var row = beside.Now().Accounts.Single(account => account.Id == "ann.fox");
            beside.Put(row, row.Stamp, [new("ann.fox", "another-site", "Theatre")]);
        }
        Assert.Empty((await SessionAsync(ann)).Who!.Permissions);
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(ann));
    }

    [Fact]
    public async Task The_audit_is_asked_by_person_and_time_page_by_page_and_taken_away_as_csv()
    {
        using var ann = await _rig.SignInAsync("Ann Fox", StaffRole.Auditor);
        Later(TimeSpan.FromHours(1));
        await _rig.Services.GetRequiredService<AuditBook>().LookedAtAsync(new("=cmd", "=cmd", [], [], []), "case/1", "name", "wristband");
        var newest = (await ann.GetFromJsonAsync<AuditPage>("/api/v1/audit?max=2", ApiJson.Options))!;
        Assert.Equal(("see-patient", "case/1", "name, wristband"), (newest.Rows[0].Action, newest.Rows[0].Subject, newest.Rows[0].Detail));
        var older = (await ann.GetFromJsonAsync<AuditPage>($"/api/v1/audit?max=500&before={newest.Next}", ApiJson.Options))!;
        Assert.Null(older.Next);
        Assert.Equal(newest.Rows[^1].Seq - 1, older.Rows[0].Seq);
        Assert.Equal(["sign-in"], (await ann.GetFromJsonAsync<AuditPage>("/api/v1/audit?person=ANN+fox", ApiJson.Options))!.Rows.Select(row => row.Action));
        Assert.Equal(["see-patient"], (await ann.GetFromJsonAsync<AuditPage>("/api/v1/audit?from=2026-11-25T09:30:00Z", ApiJson.Options))!.Rows.Select(row => row.Action));
        var lines = (await ann.GetStringAsync("/api/v1/audit.csv?action=see-patient")).Split("\r\n");
        Assert.Contains(",\"'=cmd\",\"see-patient\",\"case/1\",\"name, wristband\",", lines[1], StringComparison.Ordinal);
        Assert.Empty(EdgeTrace.Store.Ledger.AuditCheck.Of(_rig.Ledger, []).Breaks);
    }
}
