using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PolicyLayer;
using PolicyLayer.Auditing;

internal static class HostedQuickStart
{
    public static IHost Build(string policyFile)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddPolicyLayer(policyFile).AddAuditSink(new InMemoryAuditSink());
        builder.Services.AddSingleton<ToolRunner>();
        return builder.Build();
    }
}

internal sealed class ToolRunner(IToolCallAuthorizer authorizer)
{
    public async Task<string> RunAsync(
        ToolCall call, Func<Task<(string Text, bool IsError)>> tool, CancellationToken cancellationToken)
    {
        ToolCallDecision decision = await authorizer.AuthorizeAsync(call, cancellationToken);
        if (!decision.IsAllowed)
        {
            return decision.Message;
        }

        var outcome = ToolCallOutcome.Failed;
        try
        {
            (string text, bool isError) = await tool();

            // A success opens what may only come after it: returning isn't enough.
            outcome = isError ? ToolCallOutcome.Failed : ToolCallOutcome.Succeeded;
            return text;
        }
        finally
        {
            await authorizer.CompleteAsync(decision, outcome, CancellationToken.None);
        }
    }
}
