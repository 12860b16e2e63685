using PolicyLayer.Benchmarks.Proxy;

switch (args)
{
    case ["upstream"]:
        await StdioUpstream.RunAsync();
        return 0;
    case [] or ["http"]:
        await using (var http = await HttpSetup.StartAsync())
        {
            await Comparison.RunAsync("HTTP", http);
        }

        return 0;
    case ["stdio"]:
        await using (var stdio = await StdioSetup.StartAsync())
        {
            await Comparison.RunAsync("stdio", stdio);
        }

        return 0;
    case ["memory"]:
        await using (var http = await HttpSetup.StartAsync())
        {
            await KeptMemory.RunAsync(http);
        }

        return 0;
    default:
        Console.Error.WriteLine("Usage: [http | stdio | memory]");
        return 2;
}
