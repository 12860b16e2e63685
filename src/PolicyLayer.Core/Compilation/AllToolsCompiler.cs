using PolicyLayer.DecisionTree;
using PolicyLayer.Documents;
using PolicyLayer.Json;

namespace PolicyLayer.Compilation;

/// <summary>What applies to every call, beside the tool's own entry.</summary>
internal sealed record AllToolsRules(IReadOnlyList<LimitNode> Limits);

/// <summary>Compiles <c>all_tools</c>.</summary>
internal static class AllToolsCompiler
{
    private const string Pointer = "/all_tools";

    private static readonly string[] Members = ["require", "deny_if", "limits"];

    public static AllToolsRules Compile(SyntaxNode? allTools, CompilationContext context)
    {
        var limits = new List<LimitNode>();
        if (allTools is { } node && context.Expect(node, JsonKind.Object))
        {
            foreach (SyntaxMember member in node.Members)
            {
                switch (member.Name.Match(Members))
                {
                    case "limits":
                        LimitCompiler.Compile(member.Value, Pointer + "/limits", limits, context);
                        break;
                    case { } known:
                        context.Findings.Report(DiagnosticDescriptors.NotSupported, member.Name, $"`{known}` is not supported yet.");
                        break;
                    default:
                        context.UnknownMember(member.Name, Members);
                        break;
                }
            }
        }

        return new AllToolsRules(limits);
    }
}
