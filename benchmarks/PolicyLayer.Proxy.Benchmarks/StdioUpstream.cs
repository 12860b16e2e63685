namespace PolicyLayer.Benchmarks.Proxy;

/// <summary>A server over standard input and output, in a process of its own.</summary>
internal static class StdioUpstream
{
    public static async Task RunAsync()
    {
        using Stream output = Console.OpenStandardOutput();
        using var input = new StreamReader(Console.OpenStandardInput());
        while (await input.ReadLineAsync() is { } line)
        {
            await output.WriteAsync((byte[])[.. Messages.AnswerTo(System.Text.Encoding.UTF8.GetBytes(line)), (byte)'\n']);
            await output.FlushAsync();
        }
    }
}
