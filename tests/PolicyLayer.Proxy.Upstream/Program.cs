using PolicyLayer.Tests.Upstream;

// A server of MCP over standard input and output that does what its tests ask of it, by arguments NAME=VALUE or by the environment: RECORD
// names the file that gets every line it was handed, STARTS one that gets its process id. MODE is `deaf` for a server that heeds nothing,
// neither the end of its input nor SIGTERM, `silent` for one that ends without a word, and `parent` for one with a deaf process below it.
return await new FakeServer(Console.OpenStandardInput(), Console.OpenStandardOutput(), args).RunAsync();
