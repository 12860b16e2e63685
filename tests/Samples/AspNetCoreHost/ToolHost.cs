using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using PolicyLayer;
using PolicyLayer.Grants;

internal static class ToolHost
{
    public static WebApplication Build(string[] args, string contentRoot)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = contentRoot });
        builder.Services.AddPolicyLayer(builder.Configuration.GetSection("PolicyLayer"));
        builder.Services.AddHealthChecks().AddPolicyLayer();
        WebApplication app = builder.Build();
        app.MapHealthChecks("/health", new HealthCheckOptions
        {
            // By itself the framework answers with the status alone.
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(
                new { Status = report.Status.ToString(), report.Entries["PolicyLayer"].Data }),
        });
        app.MapPost("/tools/{tool}", RunAsync);
        return app;
    }

    private static async Task<IResult> RunAsync(
        string tool,
        JsonElement arguments,
        HttpRequest request,
        GrantDirectory grants,
        IToolCallAuthorizer authorizer,
        CancellationToken cancellationToken)
    {
        string token = request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        if (grants.FindByToken(token) is not { } grant)
        {
            return Results.Unauthorized();
        }

        var call = new ToolCall(tool, ToolArguments.FromElement(arguments)) { GrantId = grant.Id };
        ToolCallDecision decision = await authorizer.AuthorizeAsync(call, cancellationToken);
        if (!decision.IsAllowed)
        {
            return Results.Json(decision.Message, statusCode: StatusCodes.Status403Forbidden);
        }

        var outcome = ToolCallOutcome.Failed;
        try
        {
            string result = $"{tool} ran";
            outcome = ToolCallOutcome.Succeeded;
            return Results.Json(result);
        }
        finally
        {
            await authorizer.CompleteAsync(decision, outcome, CancellationToken.None);
        }
    }
}
