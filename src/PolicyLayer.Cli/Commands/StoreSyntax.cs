using System.CommandLine;
using System.CommandLine.Parsing;
using PolicyLayer.Cli.Approvals;
using PolicyLayer.Cli.Stores;

namespace PolicyLayer.Cli.Commands;

/// <summary>Where <c>check</c> and <c>proxy</c> keep counters, approvals and records, on the command line.</summary>
internal sealed class StoreSyntax
{
    private readonly Option<string> _counters = new("--counters")
    {
        Description = "Where counters are kept: memory, sqlite:PATH, redis://[USER@]HOST:PORT or rediss://… "
            + $"(the password comes from {RedisAddress.PasswordVariable}).",
        HelpName = "STORE",
        DefaultValueFactory = _ => StoreLocation.Memory,
    };

    private readonly Option<string> _approvals = new("--approvals")
    {
        Description = "Where what waits for a person is kept: a store as for --counters, which keeps it when left out.",
        HelpName = "STORE",
    };

    private readonly Option<string> _keys = new("--keys")
    {
        Description = "The host's keys, which digests of values are made with and what people approve is encrypted with; "
            + $"{HostKeys.Variable} may hold them too.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _plain = new("--plain-approvals") { Description = ApprovalKeys.PlainDescription };

    private readonly AuditSyntax _audit = new();

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_counters, _approvals, _keys, _plain, .. _audit.Options])
        {
            command.Add(option);
        }
    }

    public StoreOptions Read(ParseResult parsed) => new()
    {
        Counters = parsed.GetRequiredValue(_counters),
        Approvals = parsed.GetValue(_approvals),
        Keys = parsed.GetValue(_keys),
        PlainApprovals = parsed.GetValue(_plain),
        Audit = _audit.Read(parsed),
    };

    /// <summary>What of it doesn't go together; null where all does.</summary>
    public string? FindError(CommandResult result) => result.GetResult(_keys) is not null && result.GetValue(_plain)
        ? ApprovalKeys.NotTogether
        : _audit.FindError(result);
}
