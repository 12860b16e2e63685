using System.CommandLine;
using System.CommandLine.Parsing;
using PolicyLayer.Cli.Approvals;
using PolicyLayer.Cli.Stores;

namespace PolicyLayer.Cli.Commands;

/// <summary>What all <c>approvals</c> commands take on the command line.</summary>
internal sealed class ApprovalsSyntax
{
    private readonly Option<string> _store = new("--store")
    {
        Description = $"Where requests wait: {StoreLocation.LastingForms}.",
        HelpName = "STORE",
        Required = true,
    };

    private readonly Option<string> _keys = new("--keys")
    {
        Description = $"The host's keys, which requests are encrypted with; {HostKeys.Variable} may hold them too.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _plain = new("--plain-approvals") { Description = "Requests are kept in clear." };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object a request, with all that it holds." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_store, _keys, _plain, _json])
        {
            command.Add(option);
        }

        command.Validators.Add(Validate);
    }

    public ApprovalsOptions Read(ParseResult parsed) => new(
        parsed.GetRequiredValue(_store), parsed.GetValue(_keys), parsed.GetValue(_plain), parsed.GetValue(_json));

    private void Validate(CommandResult result)
    {
        if (result.GetResult(_keys) is not null && result.GetValue(_plain))
        {
            result.AddError(ApprovalKeys.NotTogether);
        }
    }
}
