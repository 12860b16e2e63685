using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace PolicyLayer.Extensions.AI;

/// <summary>The schema that a function publishes, enforced by a policy of its own. Immutable.</summary>
internal sealed class PublishedSchema
{
    private const string Tool = "function";
    private const string Place = $"/tools/{Tool}/arguments";
    private const int MaxFindings = 3;

    private readonly ToolCallAuthorizer _authorizer;

    private PublishedSchema(Policy policy) =>
        _authorizer = new ToolCallAuthorizer(policy, new ToolCallAuthorizerOptions { DefaultGrantId = Tool });

    /// <summary>Compiles what a function publishes.</summary>
    /// <param name="function">The function.</param>
    /// <exception cref="ArgumentException">Something of it can't be enforced.</exception>
    public static PublishedSchema Of(AIFunction function)
    {
        PolicyLoadResult loaded = Policy.Load(Document(function.JsonSchema));
        if (loaded.Policy is { } policy)
        {
            return new PublishedSchema(policy);
        }

        IEnumerable<string> findings = loaded.Diagnostics
            .Where(finding => finding.Severity == DiagnosticSeverity.Error)
            .Take(MaxFindings)
            .Select(finding => $"`{finding.Pointer.Replace(Place, "", StringComparison.Ordinal)}`: {finding.Message}");
        throw new ArgumentException(
            $"The schema that `{function.Name}` publishes can't be enforced. {string.Join(' ', findings)} Help: leave "
                + $"`{nameof(FunctionGuardOptions.EnforceSchema)}` off for it, and say in the policy's `arguments` what it takes.",
            nameof(function));
    }

    /// <summary>Judges a call.</summary>
    /// <param name="call">The call, of which only the arguments count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why it doesn't meet the schema; null where it does.</returns>
    public async ValueTask<ToolCallDenial?> JudgeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        // Explained, as the spans and metrics of decisions count a call once: only a denial is one, and nobody else decides it.
        var judged = new ToolCall(Tool, call.Arguments);
        ToolCallExplanation said = await _authorizer.ExplainAsync(judged, cancellationToken).ConfigureAwait(false);
        return said.Code == DecisionCode.Allowed
            ? null
            : ToolCallDenial.Of(await _authorizer.AuthorizeAsync(judged, cancellationToken).ConfigureAwait(false));
    }

    private static string Document(JsonElement schema)
    {
        JsonNode? arguments = JsonNode.Parse(schema.GetRawText());
        ClrShapes.Allow(arguments);
        return new JsonObject
        {
            ["version"] = "1",
            ["name"] = "published-schema",
            ["default"] = "deny",
            ["tools"] = new JsonObject { [Tool] = new JsonObject { ["arguments"] = arguments } },
        }.ToJsonString();
    }
}
