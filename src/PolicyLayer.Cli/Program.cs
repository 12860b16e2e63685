using System.Text;
using Microsoft.Win32.SafeHandles;
using PolicyLayer.Cli.Proxying;

namespace PolicyLayer.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using Termination? termination = ProxyLine.Of(args).IsProxy ? new Termination() : null;
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
        {
            Console.OutputEncoding = Encoding.UTF8;
        }

        bool isTerminal = !Console.IsOutputRedirected;
        using Stream input = OpenInput();
        using Stream output = OpenOutput();

        // Not disposed of: it keeps nothing, and a line that nobody reads would be waited for.
        var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
        var environment = new CommandEnvironment
        {
            Input = input,
            Output = output,
            Error = error,
            IsInteractive = isTerminal && !Console.IsInputRedirected,
            ShowsProgress = !Console.IsErrorRedirected,
            ReadTerminalWidth = () => isTerminal ? TerminalWidth() : null,
            UsesColor = isTerminal
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") != "dumb",
            Last = termination?.Last ?? default,
        };
        return await PolicyLayerCommand.RunAsync(args, environment, termination?.Asked ?? default).ConfigureAwait(false);
    }

    // The console's own stream edits lines itself, and loses an end of input that was typed before it did.
    private static Stream OpenInput() =>
        OperatingSystem.IsWindows() || Console.IsInputRedirected
            ? Console.OpenStandardInput()
            : new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    // The console's own stream ignores that a pipe was closed, and an endless input would then be judged for nobody.
    private static Stream OpenOutput()
    {
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            try
            {
                // A file keeps the console's stream: it may share its position with standard error.
                var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
                return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // Standard output is closed, which the console's stream takes for a sink.
            }
        }

        return Console.OpenStandardOutput();
    }

    private static int TerminalWidth()
    {
        // A terminal without a size, as of some CI runners, says 0.
        int width = Console.WindowWidth;
        return width > 0 ? width : 80;
    }
}
