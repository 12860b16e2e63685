using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PolicyLayer.Cli.Proxying;
using PolicyLayer.Grants;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Text;

namespace PolicyLayer.Cli.Commands;

/// <summary>What <c>proxy</c> takes on the command line, what of it goes together, and the options that come out.</summary>
/// <param name="line">The line, which has the server's command behind <c>--</c>.</param>
internal sealed class ProxySyntax(ProxyLine line)
{
    private readonly Argument<string> _policy = new("POLICY") { Description = "The policy document." };

    // The line's own part has none of it: what stands here wants its `--`.
    private readonly Argument<string[]> _command = new("-- COMMAND")
    {
        Description = "The server to start, and its arguments, behind `--`. It gets no variable whose name begins with POLICYLAYER_.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _policies = new("--policy")
    {
        Description = "Further policies, which grants may name.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _grants = new("--grants")
    {
        Description = "Who may call: over HTTP a bearer token names its grant.",
        HelpName = "FILE",
    };

    private readonly Option<string> _grant = new("--grant")
    {
        Description = "Whose grant all calls use, without any token: `default` when left out, over standard input and output.",
        HelpName = "ID",
    };

    private readonly Option<string> _server = new("--server")
    {
        Description = "What approvals and records call the server; the policy's name when left out.",
        HelpName = "NAME",
    };

    private readonly StoreSyntax _stores = new();

    private readonly Option<bool> _hides = new("--hide-uncallable")
    {
        Description = "Leave out of lists also the tools that the caller can never call.",
    };

    private readonly Option<int?> _maxMessage = new("--max-message")
    {
        Description = "The longest message, 4 MiB when left out; a longer one isn't passed on.",
        HelpName = "BYTES",
        CustomParser = ReadBytes,
    };

    private readonly Option<TimeSpan?> _callTimeout = new("--call-timeout")
    {
        Description = $"How long a call may take, a whole number and {TimeText.Units}; as long as the client waits when left out.",
        HelpName = "TIME",
        CustomParser = ReadTime,
    };

    private readonly Option<string> _approvalUrl = new("--approval-url")
    {
        Description = "Where a person answers what waits, with {id} in it: callers are told, and clients that can show it to their user.",
        HelpName = "TEMPLATE",
    };

    private readonly ProxyHttpSyntax _http = new();

    private readonly Option<bool> _json = new("--json") { Description = "Say on standard error what happens as one JSON object a line." };

    public void AddTo(Command command)
    {
        command.Add(_policy);
        command.Add(_command);
        foreach (Option option in (Option[])[_policies, _grants, _grant, _server])
        {
            command.Add(option);
        }

        _stores.AddTo(command);
        foreach (Option option in (Option[])[_hides, _maxMessage, _callTimeout, _approvalUrl])
        {
            command.Add(option);
        }

        _http.AddTo(command);
        command.Add(_json);
        command.Validators.Add(Validate);
    }

    public ProxyOptions Read(ParseResult parsed) => new()
    {
        Policy = parsed.GetRequiredValue(_policy),
        FurtherPolicies = parsed.GetValue(_policies) ?? [],
        Grants = parsed.GetValue(_grants),
        Grant = parsed.GetValue(_grant),
        Server = parsed.GetValue(_server),
        Stores = _stores.Read(parsed),
        HidesUncallable = parsed.GetValue(_hides),
        MaxMessageBytes = parsed.GetValue(_maxMessage),
        CallTimeout = parsed.GetValue(_callTimeout),
        ApprovalUrl = parsed.GetValue(_approvalUrl),
        Json = parsed.GetValue(_json),
        Command = line.Server,
        Http = _http.Read(parsed),
    };

    private void Validate(CommandResult result)
    {
        // What lacks its value, or is there twice, is told by the parser, and has none that could be looked at.
        if (result.Children.OfType<OptionResult>().Any(HasWrongCount))
        {
            return;
        }

        string? error = FindSwallowed(result)
            ?? FindMissing(result)
            ?? _http.FindError(result, line.Server is not null)
            ?? FindWrong(result);
        if (error is not null)
        {
            result.AddError(error);
        }
    }

    private static bool HasWrongCount(OptionResult option) =>
        option.Tokens.Count < option.Option.Arity.MinimumNumberOfValues || option.Tokens.Count > option.Option.Arity.MaximumNumberOfValues;

    /// <summary>An option that has the next one for its value.</summary>
    private static string? FindSwallowed(CommandResult result)
    {
        string[] names = [.. result.Command.Options.Select(option => option.Name)];
        return result.Children.OfType<OptionResult>().FirstOrDefault(option => option.Tokens.Any(token => names.Contains(token.Value)))
            is { } found
                ? $"`{found.Option.Name}` lacks its value."
                : null;
    }

    private string? FindMissing(CommandResult result)
    {
        if (result.GetResult(_policy) is null or { Tokens.Count: 0 })
        {
            return "Name the policy document.";
        }

        if (result.GetResult(_command) is { Tokens: [var word, ..] })
        {
            return DescribeStray(word.Value, result.Command);
        }

        return line.HasEnd && line.Server is null ? "Name the server's program behind `--`." : null;
    }

    private static string DescribeStray(string word, Command command)
    {
        if (!word.StartsWith('-'))
        {
            return "The server's command stands behind `--`, after all options.";
        }

        string[] options = [.. command.Options.Select(option => option.Name)];
        string meant = Spelling.Suggest(word, options) is { } suggestion ? $": {suggestion}" : ".";
        return $"{QuotedText.Of(word)} is no option of `policylayer proxy`{meant}";
    }

    private string? FindWrong(CommandResult result)
    {
        bool listens = _http.Listens(result);
        if (listens && result.GetResult(_grants) is null && result.GetResult(_grant) is null)
        {
            return "`--listen` needs to know who calls: name the bearer tokens' `--grants`, or one `--grant` for everybody who can reach "
                + "it.";
        }

        if (_stores.FindError(result) is { } error)
        {
            return error;
        }

        if (result.GetValue(_grant) is { } grant && grant.Length is 0 or > Grant.MaxIdLength)
        {
            return $"`--grant` must have 1 to {Grant.MaxIdLength} characters.";
        }

        if (result.GetValue(_server) is "")
        {
            return "`--server` must not be empty.";
        }

        return result.GetValue(_approvalUrl) is { } template && !ApprovalAddress.IsTemplate(template)
            ? "`--approval-url` must be an address of http or https with `{id}`, once, behind the host's name."
            : null;
    }

    private static int? ReadBytes(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes)
            && bytes is >= 1024 and <= 256 * 1024 * 1024)
        {
            return bytes;
        }

        result.AddError("`--max-message` must be a whole number of bytes, 1024 to 268435456.");
        return null;
    }

    private static TimeSpan? ReadTime(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        if (TimeText.TryParse(text, out TimeSpan time)
            && time > TimeSpan.Zero
            && time <= TimeSpan.FromDays(1))
        {
            return time;
        }

        result.AddError($"`--call-timeout` must be a whole number and {TimeText.Units}, as in `90s`, at most a day.");
        return null;
    }
}
