using System.CommandLine;
using System.CommandLine.Parsing;

namespace PolicyLayer.Cli.Commands;

/// <summary>What <c>grant new</c> takes on the command line. What the values may be the reader of grants says.</summary>
internal sealed class GrantSyntax
{
    private readonly Option<string> _id =
        new("--id") { Description = "What calls name it by, 1 to 128 characters.", HelpName = "ID", Required = true };

    private readonly Option<string> _policy =
        new("--policy") { Description = "Which policy judges its calls; the host's first when left out.", HelpName = "NAME" };

    private readonly Option<string> _label = new("--label") { Description = "What people call it.", HelpName = "TEXT" };

    private readonly Option<KeyValuePair<string, string>[]> _attributes = new("--attribute")
    {
        Description = "What rules read under `grant`; may stand several times.",
        HelpName = "K=V",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ReadAttributes,
    };

    private readonly Option<string> _expires =
        new("--expires") { Description = "From when on it is no longer in force, with an offset.", HelpName = "MOMENT" };

    private readonly Option<string> _file =
        new("--grants") { Description = "The file that it goes into, be it a new one; else it is only shown.", HelpName = "FILE" };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_id, _policy, _label, _attributes, _expires, _file, _json])
        {
            command.Add(option);
        }
    }

    public NewGrantOptions Read(ParseResult parsed) => new(parsed.GetRequiredValue(_id), parsed.GetValue(_json))
    {
        Policy = parsed.GetValue(_policy),
        Label = parsed.GetValue(_label),
        Attributes = parsed.GetValue(_attributes) ?? [],
        Expires = parsed.GetValue(_expires),
        File = parsed.GetValue(_file),
    };

    private static KeyValuePair<string, string>[] ReadAttributes(ArgumentResult result)
    {
        var attributes = new List<KeyValuePair<string, string>>();
        foreach (Token token in result.Tokens)
        {
            int end = token.Value.IndexOf('=', StringComparison.Ordinal);
            if (end <= 0)
            {
                result.AddError("`--attribute` must be a name, `=` and a value, as in `team=build`.");
                return [];
            }

            attributes.Add(KeyValuePair.Create(token.Value[..end], token.Value[(end + 1)..]));
        }

        return [.. attributes];
    }
}
