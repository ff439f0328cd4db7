using System.CommandLine;

namespace EdgeTrace.Cloud.Identify;

/// <summary><c>edgetrace-cloud identify</c>: says of any code what it is, without a configuration and without a running cloud.</summary>
static class IdentifyCommand
{
    public static Command Create()
    {
        var codes = new Argument<string[]>("CODE") { Description = @"EPC in hex, URI, Digital Link or scan, with its AIM identifier or without; \x1D stands for the separator. None: a code a line from standard input.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("identify", """
            Says of each code what it is: one JSON object a line. What cannot be read is explained in "error".

            Examples:
              edgetrace-cloud identify 3074257BF7194E4000001A85 '(01)05412345000013(17)290331(10)LOT-7'
              edgetrace-cloud identify ']d201054123450000131729033110LOT-7\x1D21S-1'
              edgetrace-cloud identify < codes.txt
            """) { codes };
        command.SetAction(parsed =>
        {
            foreach (var code in parsed.GetValue(codes) is { Length: > 0 } typed ? typed : Lines(Console.In)) Console.WriteLine(CodeViews.Json(code, TimeProvider.System));
            return 0;
        });
        return command;
    }

    static IEnumerable<string> Lines(TextReader input)
    {
        while (input.ReadLine() is { } line)
        {
            if (line.Length > 0) yield return line;
        }
    }
}
