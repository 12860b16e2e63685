using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PolicyLayer;
using PolicyLayer.Tests;

HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
builder.Services
    .AddPolicyLayer(options => options.UsePolicyJson("""
        { "version": "1", "default": "deny", "tools": { "run_code": { "rate_limit": { "max": 2, "window": "day" } } } }
        """))
    .UseCounterStore(_ => new DictionaryCounterStore(maxCounters: 1_000));
using IHost host = builder.Build();
await host.StartAsync();
var authorizer = host.Services.GetRequiredService<IToolCallAuthorizer>();

for (int i = 0; i < 3; i++)
{
    ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("run_code") { GrantId = "ci" });
    Console.WriteLine(decision.IsAllowed ? "run_code: allowed" : $"run_code: {decision.Code}");
    await authorizer.CompleteAsync(decision, ToolCallOutcome.Succeeded);
}

await host.StopAsync();
