using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace PolicyLayer.Cli.Commands;

/// <summary><c>check POLICY</c>: judges calls, running nothing.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var policy = new Argument<string>("POLICY") { Description = "The policy document." };
        var tool = new Option<string>("--tool") { Description = "The tool to call.", HelpName = "NAME" };
        var args = new Option<string>("--args") { Description = "The call's arguments, {} when left out.", HelpName = "JSON" };
        var grant = new Option<string>("--grant") { Description = "Whose call it is, `default` when left out.", HelpName = "ID" };
        var session = new Option<string>("--session") { Description = "The call's session.", HelpName = "ID" };
        var repeat = new Option<int?>("--repeat")
        {
            Description = "How often to make the call, once when left out.",
            HelpName = "N",
            CustomParser = ReadCount,
        };
        var calls = new Option<string>("--calls") { Description = "Judge a file of JSON Lines, - for standard input.", HelpName = "FILE" };
        var counters = new Option<string>("--counters")
        {
            Description = "Where counters are kept: memory, sqlite:PATH, redis://[USER@]HOST:PORT or rediss://… "
                + $"(the password comes from {RedisAddress.PasswordVariable}).",
            HelpName = "STORE",
            DefaultValueFactory = _ => CounterStores.Memory,
        };
        var audit = new Option<string>("--audit") { Description = "Append an audit record of each decision.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object a call." };
        Option[] single = [tool, args, grant, session, repeat];
        var command = new Command(
            "check", "Judges calls against a policy, running nothing. Exit code 1 when a call isn't judged as its line expects.")
        {
            policy, tool, args, grant, session, repeat, calls, counters, audit, json,
        };
        command.Validators.Add(result =>
        {
            bool hasCalls = result.GetResult(calls) is not null;
            if (result.GetResult(policy) is null or { Tokens.Count: 0 })
            {
                result.AddError("Name the policy document.");
            }
            else if (hasCalls && Array.Find(single, option => result.GetResult(option) is not null) is { } other)
            {
                result.AddError($"`--calls` and `{other.Name}` don't go together.");
            }
            else if (!hasCalls && result.GetResult(tool) is null)
            {
                result.AddError("Name a `--tool`, or a file of `--calls`.");
            }
            else if (result.GetValue(grant) is "")
            {
                result.AddError("`--grant` must not be empty.");
            }
        });
        command.SetAction((parsed, cancellationToken) => CheckRun.RunAsync(
            new CheckOptions
            {
                Policy = parsed.GetRequiredValue(policy),
                Tool = parsed.GetValue(tool),
                Arguments = parsed.GetValue(args),
                Grant = parsed.GetValue(grant),
                Session = parsed.GetValue(session),
                Repeat = parsed.GetValue(repeat) ?? 1,
                Calls = parsed.GetValue(calls),
                Counters = parsed.GetRequiredValue(counters),
                Audit = parsed.GetValue(audit),
                Json = parsed.GetValue(json),
            },
            environment,
            cancellationToken));
        return command;
    }

    private static int? ReadCount(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0)
        {
            return count;
        }

        result.AddError("`--repeat` must be a whole number, at least 1.");
        return null;
    }
}
