using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PolicyLayer.Auditing;
using PolicyLayer.Cli.Audit;

namespace PolicyLayer.Cli.Commands;

/// <summary>The log that <c>check</c> and <c>proxy</c> write, on the command line.</summary>
internal sealed class AuditSyntax
{
    private static readonly string WrongBytes = string.Create(
        CultureInfo.InvariantCulture,
        $"`--audit-max-bytes` must be a whole number of bytes, at least {JsonLinesAuditSinkOptions.LeastMaxBytes}.");

    private readonly Option<string> _file = new("--audit") { Description = "Append an audit record of each decision.", HelpName = "FILE" };

    private readonly Option<string> _key = new("--audit-key")
    {
        Description = "Sign checkpoints of the audit log, into NAME.checkpoints beside it: a file with a private key of P-256 in PEM.",
        HelpName = "PEM",
    };

    private readonly Option<long?> _maxBytes = new("--audit-max-bytes")
    {
        Description = string.Create(
            CultureInfo.InvariantCulture,
            $"Rotate the audit log, into NAME.000001.jsonl and so on, before its file would have more bytes, "
            + $"{JsonLinesAuditSinkOptions.LeastMaxBytes} or more; never when left out."),
        HelpName = "BYTES",
        CustomParser = ReadBytes,
    };

    private readonly Option<int?> _keep = new("--keep")
    {
        Description = "How many rotated files of the audit log are kept, the latest; all when left out.",
        HelpName = "N",
        CustomParser = ReadKeep,
    };

    public IEnumerable<Option> Options => [_file, _key, _maxBytes, _keep];

    /// <summary>Null where no log is written.</summary>
    public AuditPlace? Read(ParseResult parsed) => parsed.GetValue(_file) is { } file
        ? new AuditPlace
        {
            File = file,
            Key = parsed.GetValue(_key),
            MaxBytes = parsed.GetValue(_maxBytes),
            Keep = parsed.GetValue(_keep),
        }
        : null;

    /// <summary>What of it doesn't go together; null where all does.</summary>
    public string? FindError(CommandResult result)
    {
        bool rotates = result.GetResult(_maxBytes) is not null;
        if (result.GetResult(_keep) is not null && !rotates)
        {
            return "`--keep` says how many rotated files stay: have the log rotated with `--audit-max-bytes`.";
        }

        if (result.GetResult(_file) is not null)
        {
            return null;
        }

        if (result.GetResult(_key) is not null)
        {
            return "`--audit-key` signs a log: name it with `--audit`.";
        }

        return rotates ? "`--audit-max-bytes` rotates a log: name it with `--audit`." : null;
    }

    private static long? ReadBytes(ArgumentResult result)
    {
        if (long.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            && bytes >= JsonLinesAuditSinkOptions.LeastMaxBytes)
        {
            return bytes;
        }

        result.AddError(WrongBytes);
        return null;
    }

    private static int? ReadKeep(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0)
        {
            return count;
        }

        result.AddError("`--keep` must be a whole number, at least 1.");
        return null;
    }
}
