using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PolicyLayer.Approvals;
using PolicyLayer.Cli.Approvals;

namespace PolicyLayer.Cli.Commands;

/// <summary>What answers take on the command line: who, why, and of an approval how much it covers.</summary>
internal sealed class AnswerSyntax(CommandEnvironment environment)
{
    private readonly Option<string> _by = new("--by") { Description = "Who answers; the login name when left out.", HelpName = "NAME" };

    private readonly Option<string> _reason =
        new("--reason") { Description = "Why, for the record; the agent is told why it is refused.", HelpName = "TEXT" };

    private readonly Option<bool> _once = new("--once") { Description = "Approve this very call, once, and no other." };

    private readonly Option<int?> _uses = new("--uses")
    {
        Description = "For how many calls, at most as many as were asked for.",
        HelpName = "N",
        CustomParser = ReadUses,
    };

    private readonly Option<TimeSpan?> _for = new("--for")
    {
        Description = $"For how long from now, at most as long as was asked for: a whole number and {TimeText.Units}.",
        HelpName = "TIME",
        CustomParser = ReadTime,
    };

    public void AddTo(Command command, bool approves)
    {
        command.Add(_by);
        command.Add(_reason);
        if (approves)
        {
            command.Add(_once);
            command.Add(_uses);
            command.Add(_for);
            command.Validators.Add(Validate);
        }
    }

    public void AddNameTo(Command command) => command.Add(_by);

    /// <summary>The name of whoever answers.</summary>
    public string ReadName(ParseResult parsed) => parsed.GetValue(_by) ?? environment.UserName;

    public PersonAnswer ReadApproval(ParseResult parsed) => ReadRefusal(parsed) with
    {
        IsApproved = true,
        IsOnce = parsed.GetValue(_once),
        Uses = parsed.GetValue(_uses),
        ValidFor = parsed.GetValue(_for),
    };

    public PersonAnswer ReadRefusal(ParseResult parsed) =>
        new(IsApproved: false) { Reason = parsed.GetValue(_reason) };

    private void Validate(CommandResult result)
    {
        if (result.GetValue(_once) && result.GetResult(_uses) is not null)
        {
            result.AddError("`--once` and `--uses` don't go together.");
        }
    }

    private static int? ReadUses(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out int uses)
            && uses is > 0 and <= ApprovalTerms.MaxUses)
        {
            return uses;
        }

        result.AddError($"`--uses` must be a whole number, 1 to {ApprovalTerms.MaxUses}.");
        return null;
    }

    private static TimeSpan? ReadTime(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        if (TimeText.TryParse(text, out TimeSpan time)
            && time > TimeSpan.Zero
            && time <= ApprovalTerms.MaxValidFor)
        {
            return time;
        }

        result.AddError($"`--for` must be a whole number and {TimeText.Units}, as in `90s`, at most a day.");
        return null;
    }
}
