using System.CommandLine;

namespace PolicyLayer.Cli.Commands;

/// <summary><c>schema</c>: prints the JSON Schema of policy documents, or of files of grants, as the packages have it.</summary>
internal static class SchemaCommand
{
    private const string Policy = "policy";
    private const string Grants = "grants";

    public static Command Create(CommandEnvironment environment)
    {
        var document = new Argument<string>("DOCUMENT")
        {
            Description = "Which document's schema: `policy`, which it is by itself, or `grants`.",
            DefaultValueFactory = _ => Policy,
            HelpName = $"{Policy}|{Grants}",
        };
        document.AcceptOnlyFromAmong(Policy, Grants);
        var command = new Command("schema", "Prints the JSON Schema of policy documents, for editors.") { document };
        command.SetAction((parsed, cancellationToken) =>
            PrintAsync(parsed.GetRequiredValue(document), environment.Output, cancellationToken));
        return command;
    }

    private static async Task<int> PrintAsync(string document, Stream output, CancellationToken cancellationToken)
    {
        using Stream schema = typeof(SchemaCommand).Assembly.GetManifestResourceStream($"{document}.v1.schema.json")
            ?? throw new InvalidOperationException("A schema isn't in the assembly.");
        await schema.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        return ExitCodes.Good;
    }
}
