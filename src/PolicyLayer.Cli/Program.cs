using System.Text;

namespace PolicyLayer.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
        {
            Console.OutputEncoding = Encoding.UTF8;
        }

        bool isTerminal = !Console.IsOutputRedirected;
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        using var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
        return await PolicyLayerCommand.RunAsync(args, new CommandEnvironment
        {
            Input = input,
            Output = output,
            Error = error,
            TerminalWidth = isTerminal ? Console.WindowWidth : null,
            UsesColor = isTerminal
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") != "dumb",
        }).ConfigureAwait(false);
    }
}
