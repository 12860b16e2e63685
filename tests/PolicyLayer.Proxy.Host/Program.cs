// A stdio proxy as a process, where the command isn't there: proxy POLICY [--counters sqlite:PATH] -- COMMAND ARG…
using PolicyLayer;
using PolicyLayer.Proxy;
using PolicyLayer.Sqlite;

int end = Array.IndexOf(args, "--");
int counters = Array.IndexOf(args, "--counters");
SqliteCounterStore? store = counters is > 0 && counters < end
    ? new SqliteCounterStore(new SqliteCounterStoreOptions { Path = args[counters + 1]["sqlite:".Length..] })
    : null;
var authorizer = new ToolCallAuthorizer(
    Policy.LoadFile(args[1]).Policy!, new ToolCallAuthorizerOptions { DefaultGrantId = "default", Counters = store });
var proxy = new StdioProxy(authorizer, new UpstreamCommand(args[end + 1], args[(end + 2)..]));
return await proxy.RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput()) ? 0 : 1;
