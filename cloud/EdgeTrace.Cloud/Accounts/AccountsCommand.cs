using System.CommandLine;
using EdgeTrace.Api;

namespace EdgeTrace.Cloud.Accounts;

/// <summary><c>edgetrace-cloud accounts</c>: the same desk as the page's, for who has the machine; the cloud may be running or stopped.</summary>
static class AccountsCommand
{
    public static Command Create() => new("accounts", """
        Who may sign in. The cloud may be running: a change holds from the next request on. Run it as the cloud's own user, whose files it writes.

        Examples:
          edgetrace-cloud accounts add a.smith --name "Ann Smith" --role theatre --role pharmacy --config cloud.json
          edgetrace-cloud accounts password a.smith --from-input --config cloud.json <new-password.txt
          edgetrace-cloud accounts token wall-theatre-1 --display --config cloud.json
        """) { Add(), List(), Change("disable", "Shuts somebody out; every session ends at its next request.", (desk, id) => desk.DisableAsync(Actor, id)),
        Change("enable", "Lets somebody in again, and forgets wrong passwords and PINs.", (desk, id) => desk.EnableAsync(Actor, id)), Password(), Roles(), Token(), Revoke() };

    /// <summary>Who stands at the machine, as far as it can say.</summary>
    static string Actor { get; } = $"command line ({Environment.UserName})";

    static Command Add()
    {
        var (config, id, roles, fromInput) = (CommandLine.ConfigOption(), Id(), RoleOption(), FromInput());
        var name = new Option<string>("--name") { Description = "As people call them.", Required = true };
        var badge = new Option<string?>("--badge") { Description = "What their badge says: a GSRN (AI 8017) or a staff code." };
        var command = new Command("add", "Adds somebody with a password: made and told once, or read from standard input.") { id, name, badge, roles, fromInput, config };
        return Run(command, config, async (parsed, desk, _) =>
        {
            var password = parsed.GetValue(fromInput) ? ReadPassword() : null;
            var row = await desk.AddAsync(Actor, parsed.GetRequiredValue(id), parsed.GetRequiredValue(name), parsed.GetValue(badge), parsed.GetValue(roles) ?? []);
            await SetPasswordAsync(desk, row.Id, password);
        });
    }

    static Command Password()
    {
        var (config, id, fromInput) = (CommandLine.ConfigOption(), Id(), FromInput());
        var command = new Command("password", "Gives somebody a new password, and ends their sessions: made and told once, or read from standard input.") { id, fromInput, config };
        return Run(command, config, (parsed, desk, _) => SetPasswordAsync(desk, desk.Known(parsed.GetRequiredValue(id)).Id, parsed.GetValue(fromInput) ? ReadPassword() : null));
    }

    static Command Roles()
    {
        var (config, id, roles) = (CommandLine.ConfigOption(), Id(), RoleOption());
        var command = new Command("roles", "Gives somebody these roles at this site in place of those they have; none named takes all.") { id, roles, config };
        return Run(command, config, (parsed, desk, _) => desk.SetRolesAsync(Actor, parsed.GetRequiredValue(id), parsed.GetValue(roles) ?? []));
    }

    static Command List()
    {
        var config = CommandLine.ConfigOption();
        return Run(new Command("list", "Everybody who may or might sign in.") { config }, config, (_, _, book) =>
        {
            foreach (var person in book.People())
                Console.WriteLine($"{person.Id,-24} {person.Name,-30} {(person.Roles.Count == 0 ? "no role" : string.Join(", ", person.Roles).ToLowerInvariant())}{(person.Disabled is null ? "" : " · disabled")}{(person.LockedUntil is null ? "" : " · locked")}{(person.HasPassword ? "" : " · no password yet")}");
            return Task.CompletedTask;
        });
    }

    static Command Token()
    {
        var (config, id) = (CommandLine.ConfigOption(), new Argument<string>("name") { Description = "What the machine is called, as wall-theatre-1; the audit says it." });
        var display = new Option<bool>("--display") { Description = $"A screen on a wall: {string.Join(", ", RoleTable.Display.Order())}." };
        var may = new Option<Permission[]>("--may") { Description = "What it may; may be given several times.", AllowMultipleArgumentsPerToken = true };
        var everything = new Option<bool>("--everything") { Description = "All that a machine may: for a demonstration or a test." };
        var command = new Command("token", "Makes a key for a machine and tells it once; only its hash is kept.") { id, display, may, everything, config };
        return Run(command, config, async (parsed, desk, _) => Console.WriteLine(await desk.AddTokenAsync(
            Actor, parsed.GetRequiredValue(id), [.. parsed.GetValue(display) ? RoleTable.Display : [], .. parsed.GetValue(may) ?? [], .. parsed.GetValue(everything) ? Enum.GetValues<Permission>().Except([Permission.Administer]) : []])));
    }

    static Command Revoke()
    {
        var (config, id) = (CommandLine.ConfigOption(), new Argument<string>("name") { Description = "The token's name." });
        return Run(new Command("revoke", "Ends a machine's token at its next request.") { id, config }, config, (parsed, desk, _) => desk.RevokeTokenAsync(Actor, parsed.GetRequiredValue(id)));
    }

    static Command Change(string verb, string says, Func<AccountDesk, string, Task> change)
    {
        var (config, id) = (CommandLine.ConfigOption(), Id());
        return Run(new Command(verb, says) { id, config }, config, (parsed, desk, _) => change(desk, parsed.GetRequiredValue(id)));
    }

    static async Task SetPasswordAsync(AccountDesk desk, string id, string? password)
    {
        var made = password ?? Secrets.Code();
        await desk.SetPasswordAsync(Actor, id, made);
        Console.WriteLine(password is null ? $"{id} signs in with the password\n{made}" : $"{id} has the password you gave.");
    }

    /// <exception cref="AccountRefusedException">Nothing came.</exception>
    static string ReadPassword() => Console.In.ReadLine() is { Length: > 0 } line ? line : throw new AccountRefusedException("Standard input has no password: send it on one line.");

    static Command Run(Command command, Option<FileInfo> config, Func<ParseResult, AccountDesk, AccountBook, Task> work)
    {
        command.SetAction(async parsed =>
        {
            var file = new ConfigurationFile(parsed.GetRequiredValue(config).FullName);
            try
            {
                // The desk of the program itself, with nothing started: its accounts and its audit are opened and no more.
                await using var app = Composition.Compose(file);
                if (CloudHost.FindMistakes(app.Services) is { Count: > 0 } mistakes)
                {
                    await CloudHost.TellAsync(mistakes, file);
                    return CloudHost.NotStarted;
                }
                if (!CloudOptions.Of(app.Configuration).Has(Role.Api)) throw new StartRefusedException($"{file.Path} leaves out the role Api: nobody signs in there.");
                await work(parsed, app.Services.GetRequiredService<AccountDesk>(), app.Services.GetRequiredService<AccountBook>());
                return 0;
            }
            catch (Exception refused) when (refused is AccountRefusedException or StartRefusedException or IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
            {
                await Console.Error.WriteLineAsync(refused.Message);
                return CloudHost.NotStarted;
            }
        });
        return command;
    }

    static Argument<string> Id() => new("name") { Description = "The name they sign in with, as a.smith." };

    static Option<StaffRole[]> RoleOption() => new("--role") { Description = $"{string.Join(", ", Enum.GetNames<StaffRole>()).ToLowerInvariant()}; may be given several times.", AllowMultipleArgumentsPerToken = true };

    static Option<bool> FromInput() => new("--from-input") { Description = "Read the password from the first line of standard input." };
}
