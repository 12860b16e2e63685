using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PolicyLayer.Cli.Calls;

namespace PolicyLayer.Cli.Commands;

/// <summary>What <c>check</c> takes on the command line, what of it goes together, and the options that come out.</summary>
internal sealed class CheckSyntax
{
    private readonly Argument<string> _policy = new("POLICY") { Description = "The policy document." };

    private readonly Option<string> _tool = new("--tool") { Description = "The tool to call.", HelpName = "NAME" };

    private readonly Option<string> _args =
        new("--args") { Description = "The call's arguments, {} when left out.", HelpName = "JSON" };

    private readonly Option<string> _grant =
        new("--grant") { Description = "Whose call it is, `default` when left out.", HelpName = "ID" };

    private readonly Option<string> _session = new("--session") { Description = "The call's session.", HelpName = "ID" };

    private readonly Option<int?> _repeat = new("--repeat")
    {
        Description = "How often to make the call, once when left out.",
        HelpName = "N",
        CustomParser = ReadCount,
    };

    private readonly Option<string> _calls =
        new("--calls") { Description = "Judge a file of JSON Lines, - for standard input.", HelpName = "FILE" };

    private readonly Option<string[]> _policies = new("--policy")
    {
        Description = "Further policies, which grants may name.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _grants =
        new("--grants") { Description = "Who may call; everybody, under POLICY, when left out.", HelpName = "FILE" };

    private readonly StoreSyntax _stores = new();

    private readonly Option<bool> _explain = new("--explain")
    {
        Description = "Show the steps that each call meets, those behind the one that decides too, what its limits stand at before it, "
            + "and what an approval would cover. A call that continues another is explained as one of its own.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object a call." };

    /// <summary>Those that describe one call, and mean nothing to a file of calls.</summary>
    private Option[] OfOneCall => [_tool, _args, _grant, _session, _repeat];

    public void AddTo(Command command)
    {
        command.Add(_policy);
        foreach (Option option in (Option[])[.. OfOneCall, _calls, _policies, _grants])
        {
            command.Add(option);
        }

        _stores.AddTo(command);
        command.Add(_explain);
        command.Add(_json);
        command.Validators.Add(Validate);
    }

    public CheckOptions Read(ParseResult parsed) => new()
    {
        Policy = parsed.GetRequiredValue(_policy),
        FurtherPolicies = parsed.GetValue(_policies) ?? [],
        Grants = parsed.GetValue(_grants),
        Tool = parsed.GetValue(_tool),
        Arguments = parsed.GetValue(_args),
        Grant = parsed.GetValue(_grant),
        Session = parsed.GetValue(_session),
        Repeat = parsed.GetValue(_repeat) ?? 1,
        Calls = parsed.GetValue(_calls),
        Stores = _stores.Read(parsed),
        Explain = parsed.GetValue(_explain),
        Json = parsed.GetValue(_json),
    };

    private void Validate(CommandResult result)
    {
        bool hasCalls = result.GetResult(_calls) is not null;
        if (result.GetResult(_policy) is null or { Tokens.Count: 0 })
        {
            result.AddError("Name the policy document.");
        }
        else if (hasCalls && Array.Find(OfOneCall, option => result.GetResult(option) is not null) is { } other)
        {
            result.AddError($"`--calls` and `{other.Name}` don't go together.");
        }
        else if (!hasCalls && result.GetResult(_tool) is null)
        {
            result.AddError("Name a `--tool`, or a file of `--calls`.");
        }
        else if (_stores.FindError(result) is { } error)
        {
            result.AddError(error);
        }
        else if (result.GetValue(_args) is { } args && JsonGrammar.FindError(args) is var (line, column))
        {
            result.AddError(string.Create(
                CultureInfo.InvariantCulture, $"`--args` isn't JSON: it goes wrong at line {line}, column {column}."));
        }
        else if (result.GetValue(_grant) is "")
        {
            result.AddError("`--grant` must not be empty.");
        }
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
