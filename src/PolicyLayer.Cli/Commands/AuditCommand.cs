using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PolicyLayer.Cli.Audit;

namespace PolicyLayer.Cli.Commands;

/// <summary><c>audit</c> with its commands: what a log says, and whether it holds.</summary>
internal static class AuditCommand
{
    private const int DefaultLines = 20;
    private const string Hash = "64 digits, of 0 to 9 and a to f";

    public static Command Create(CommandEnvironment environment) =>
        new("audit", "Verifies a log of decisions, and shows what stands in it.")
        {
            CreateVerify(environment),
            CreateHead(environment),
            AuditProofCommand.CreateProof(environment),
            AuditProofCommand.CreateConsistency(environment),
            CreateTail(environment),
            CreateStats(environment),
            CreateExport(environment),
        };

    /// <summary>The files of a log.</summary>
    public static Argument<string[]> FilesArgument() => new("FILE")
    {
        Description = "The log's files, in the order of their rotation: `NAME.000001.jsonl` … `NAME.jsonl`.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static Command CreateVerify(CommandEnvironment environment)
    {
        Argument<string[]> files = FilesArgument();
        Option<string?> after = HashOption("--after", "The hash that the files before these ended with, where they aren't at hand.");
        Option<KeptHead?> head = HeadOption();
        Option<bool> json = JsonOption();
        var keys = new Option<string>("--keys")
        {
            Description = $"The host's keys, for a log that was written with them; {HostKeys.Variable} may hold them too.",
            HelpName = "FILE",
        };
        var publicKey = new Option<string>("--public-key")
        {
            Description = "The public keys, in PEM, that the log's checkpoints may be signed with: all must be, and sign these lines.",
            HelpName = "FILE",
        };
        var command = new Command(
            "verify", "Says whether all lines of a log are as they were written. Exit code 1 with the first that isn't.")
        {
            files, after, head, publicKey, keys, json,
        };
        command.SetAction((parsed, cancellationToken) => AuditRun.VerifyAsync(
            new AuditVerifyOptions(
                parsed.GetRequiredValue(files),
                parsed.GetValue(after),
                parsed.GetValue(head),
                parsed.GetValue(publicKey),
                parsed.GetValue(keys),
                parsed.GetValue(json)),
            environment,
            cancellationToken));
        return command;
    }

    private static Command CreateHead(CommandEnvironment environment)
    {
        (Argument<string[]> files, Option<bool> json) = (FilesArgument(), JsonOption());
        var command = new Command(
            "head",
            "Prints how many records there are and the last one's hash, to be kept elsewhere. Only numbers and links are checked, so that "
            + "no keys are needed. Exit code 1 where they don't hold.")
        {
            files, json,
        };
        command.SetAction((parsed, cancellationToken) =>
            AuditRun.HeadAsync(parsed.GetRequiredValue(files), parsed.GetValue(json), environment, cancellationToken));
        return command;
    }

    private static Command CreateTail(CommandEnvironment environment)
    {
        var file = new Argument<string>("FILE") { Description = "The log's latest file." };
        var lines = new Option<int>("-n")
        {
            Description = $"How many records, {DefaultLines} when left out.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultLines,
            CustomParser = ReadCount,
        };
        var follow = new Option<bool>("--follow") { Description = "Go on with those that come, until Ctrl-C." };
        var json = new Option<bool>("--json") { Description = "Print the lines as they stand." };
        var command = new Command("tail", "Shows the last records of a log; times are UTC.") { file, lines, follow, json };
        command.SetAction((parsed, cancellationToken) => AuditRun.TailAsync(
            new AuditTailOptions(
                parsed.GetRequiredValue(file), parsed.GetValue(lines), parsed.GetValue(follow), parsed.GetValue(json)),
            environment,
            cancellationToken));
        return command;
    }

    private static Command CreateStats(CommandEnvironment environment)
    {
        Argument<string[]> files = FilesArgument();
        var json = new Option<bool>("--json") { Description = "Print one JSON object a row, of all rows." };
        var command = new Command("stats", "Counts who called, which tool, and what decided.") { files, json };
        command.SetAction((parsed, cancellationToken) =>
            AuditRun.StatsAsync(parsed.GetRequiredValue(files), parsed.GetValue(json), environment, cancellationToken));
        return command;
    }

    private static Command CreateExport(CommandEnvironment environment)
    {
        Argument<string[]> files = FilesArgument();
        Option<DateTimeOffset?> from = MomentOption("--from", "Only records of this moment and later, as in `2027-01-31T18:00:00Z`.");
        Option<DateTimeOffset?> to = MomentOption("--to", "Only records before this moment.");
        var grant = new Option<string>("--grant") { Description = "Only those of a grant.", HelpName = "ID" };
        var tool = new Option<string>("--tool") { Description = "Only those of a tool.", HelpName = "NAME" };
        var format = new Option<string>("--format")
        {
            Description = "jsonl, the lines as they stand, or csv, where a cell that would be a formula begins with an apostrophe.",
            DefaultValueFactory = _ => "jsonl",
        };
        format.AcceptOnlyFromAmong("jsonl", "csv");
        var command = new Command("export", "Prints the records of a log that are asked for, whole.")
        {
            files, from, to, grant, tool, format,
        };
        command.SetAction((parsed, cancellationToken) => AuditRun.ExportAsync(
            parsed.GetRequiredValue(files),
            new RecordFilter(parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(grant), parsed.GetValue(tool)),
            parsed.GetValue(format) == "csv",
            environment,
            cancellationToken));
        return command;
    }

    private static Option<bool> JsonOption() => new("--json") { Description = "Print one JSON object." };

    private static Option<string?> HashOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "HASH",
        CustomParser = result =>
        {
            string text = result.Tokens.Single().Value;
            if (KeptHead.IsHash(text))
            {
                return text;
            }

            result.AddError($"`{name}` must be a hash: {Hash}.");
            return null;
        },
    };

    private static Option<KeptHead?> HeadOption() => new("--head")
    {
        Description = "What the log must end with, as `head` printed it, its count and hash in quotes or the hash alone: "
            + "shows a cut-off end too.",
        HelpName = "HASH|\"COUNT HASH\"",
        CustomParser = result =>
        {
            if (KeptHead.Parse(result.Tokens.Single().Value) is { } head)
            {
                return head;
            }

            result.AddError($"`--head` must be a hash: {Hash}, or a count, a space and a hash in quotes, as `head` prints them.");
            return null;
        },
    };

    private static Option<DateTimeOffset?> MomentOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "MOMENT",
        CustomParser = result =>
        {
            string text = result.Tokens.Single().Value;
            if (MomentText.TryParse(text, out DateTimeOffset moment))
            {
                return moment;
            }

            result.AddError($"{QuotedText.Of(text)} is no date and time with an offset, such as `2027-01-31T18:00:00Z`.");
            return null;
        },
    };

    private static int ReadCount(ArgumentResult result)
    {
        // Without tokens the option wasn't given.
        if (result.Tokens.Count == 0)
        {
            return DefaultLines;
        }

        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            return count;
        }

        result.AddError($"`-n` must be a whole number from 0 to {int.MaxValue}.");
        return 0;
    }
}
