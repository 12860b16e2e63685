// A server with a few tools, guarded by a policy unless there is none:
//   McpServer [--policy FILE]                              over standard input and output
//   McpServer [--policy FILE] --listen URL [--stateful]    over HTTP; a header `X-Grant` names the grant, as of a trusted gateway
// Over HTTP it writes the address that it listens on, once it does.
using ModelContextProtocol.Server;
using PolicyLayer;
using PolicyLayer.Samples;

string? policy = Value("--policy");
string? address = Value("--listen");
if (address is null)
{
    HostApplicationBuilder console = Host.CreateEmptyApplicationBuilder(null);
    Add(console.Services).WithStdioServerTransport();
    await console.Build().RunAsync();
    return;
}

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.Services.AddHttpContextAccessor();
Add(builder.Services).WithHttpTransport(options => options.Stateless = !args.Contains("--stateful"));
WebApplication app = builder.Build();
app.Urls.Add(address);
app.MapMcp();
await app.StartAsync();
Console.WriteLine(app.Urls.First());
await app.WaitForShutdownAsync();

string? Value(string name)
{
    int at = Array.IndexOf(args, name);
    return at < 0 ? null : args[at + 1];
}

IMcpServerBuilder Add(IServiceCollection services)
{
    IMcpServerBuilder server = services.AddMcpServer()
        .WithTools<SampleTools>().WithPrompts<SamplePrompts>().WithResources<SampleResources>();
    if (policy is null)
    {
        return server;
    }

    if (address is null)
    {
        services.AddPolicyLayer(options =>
        {
            options.UsePolicyFile(policy);
            options.DefaultGrantId = "default";
        });
        return server.WithPolicyLayer();
    }

    services.AddPolicyLayer(policy);
    return server.WithPolicyLayer(options =>
    {
        options.Grant = context => Header(context, "X-Grant");
        if (!args.Contains("--stateful"))
        {
            options.Session = context => Header(context, "X-Session");
            options.SessionSource = SessionSource.Header;
        }
    });
}

static string? Header(MessageContext context, string name) =>
    context.Services?.GetService<IHttpContextAccessor>()?.HttpContext?.Request.Headers[name];
