using System.Text;

namespace PolicyLayer.Cli.Output;

/// <summary>A line for each finding, as a build or a continuous integration reads them.</summary>
internal sealed class AnnotatedValidationOutput(CommandEnvironment environment, IFindingFormat format) : IValidationOutput
{
    public void Write(string file, PolicyLoadResult result)
    {
        foreach (PolicyDiagnostic finding in result.Diagnostics)
        {
            WriteLine(format.Of(file, finding));
        }
    }

    public void WriteUnreadable(string file, UnreadableFileException fault) => WriteLine(format.Of(file, fault.Message));

    public void Dispose() => environment.Output.Flush();

    private void WriteLine(string line) => environment.Output.Write(Encoding.UTF8.GetBytes(line + "\n"));
}
