using System.Security.Cryptography;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Tools;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation;

/// <summary>From bytes to a policy: read, name, compile, each stage a function of what came before.</summary>
internal static class PolicyCompiler
{
    private const string Version = "1";

    private static readonly string[] Members =
        ["$schema", "version", "name", "description", "default", "hide", "all_tools", "tools"];

    private static readonly string[] Defaults = ["allow", "deny"];

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The policy's tree, or none when the document has an error; and all findings in order of position.</summary>
    public static (PolicyTree? Tree, IReadOnlyList<PolicyDiagnostic> Diagnostics) Compile(
        ArraySegment<byte> document, PolicyLoadOptions options)
    {
        var findings = new DiagnosticBag();
        if (document.Count > options.MaxBytes)
        {
            findings.ReportAt(DiagnosticDescriptors.DocumentTooLarge, 0, $"The document has more than {options.MaxBytes} bytes.");
            return (null, findings.ToList([], null));
        }

        ArraySegment<byte> text = document.AsSpan().StartsWith(ByteOrderMark) ? document[ByteOrderMark.Length..] : document;
        using SyntaxTree? tree = DocumentReader.Read(text, options.MaxDepth, findings);
        PolicyTree? policy = tree is null ? null : CompileTree(tree, SHA256.HashData(document.AsSpan()), findings, options);
        return (findings.HasErrors ? null : policy, findings.ToList(text, tree));
    }

    private static PolicyTree? CompileTree(SyntaxTree tree, byte[] hash, DiagnosticBag findings, PolicyLoadOptions options)
    {
        var identity = new PolicyIdentity(options.Name ?? FindName(tree.Root), Convert.ToHexStringLower(hash));
        var context = new CompilationContext(findings, options, new VerdictTable(identity), tree.Text.Length);
        return options.MaxDepth <= DeepStack.UsualDepth || tree.FindDepth() <= DeepStack.UsualDepth
            ? CompileDocument(tree.Root, context)
            : DeepStack.Run(() => CompileDocument(tree.Root, context));
    }

    /// <summary>The name is part of every counter's identity, so it is found before anything else is compiled.</summary>
    private static string FindName(SyntaxNode root)
    {
        foreach (SyntaxMember member in root.Members)
        {
            if (member.Name.Match(["name"]) is not null && member.Value.Kind == JsonKind.String)
            {
                return member.Value.GetString();
            }
        }

        return "default";
    }

    private static PolicyTree? CompileDocument(SyntaxNode root, CompilationContext context)
    {
        if (!context.Expect(root, JsonKind.Object))
        {
            return null;
        }

        SyntaxNode? version = null;
        SyntaxNode? defaultAction = null;
        SyntaxNode? hide = null;
        SyntaxNode? tools = null;
        SyntaxNode? allTools = null;
        foreach (SyntaxMember member in root.Members)
        {
            switch (member.Name.Match(Members))
            {
                case "$schema" or "description":
                    context.ReadText(member.Value);
                    break;
                case "name":
                    context.ReadText(member.Value, 1, 128);
                    break;
                case "version":
                    version = member.Value;
                    break;
                case "default":
                    defaultAction = member.Value;
                    break;
                case "hide":
                    hide = member.Value;
                    break;
                case "tools":
                    tools = member.Value;
                    break;
                case "all_tools":
                    allTools = member.Value;
                    break;
                default:
                    context.UnknownMember(member.Name, Members);
                    break;
            }
        }

        CheckVersion(root, version, context);
        bool deniesByDefault = ReadDefault(root, defaultAction, context);
        HideRules? hidden = HideCompiler.Compile(hide, context);
        AllToolsRules allToolsRules = AllToolsCompiler.Compile(allTools, context);
        ToolIndex index = ToolsCompiler.Compile(tools, deniesByDefault, allToolsRules, hidden, context);
        return new PolicyTree(index, context.Verdicts);
    }

    private static void CheckVersion(SyntaxNode root, SyntaxNode? version, CompilationContext context)
    {
        if (version is not { } node)
        {
            context.MissingMember(root, "version", "add `\"version\": \"1\"`");
        }
        else if (node.Kind != JsonKind.String || node.GetString() != Version)
        {
            context.Findings.Report(
                DiagnosticDescriptors.UnsupportedVersion, node, $"{node.Quote()} is not a supported version.", "use `\"1\"`, a string");
        }
    }

    private static bool ReadDefault(SyntaxNode root, SyntaxNode? defaultAction, CompilationContext context)
    {
        if (defaultAction is not { } node)
        {
            context.MissingMember(root, "default", "add `\"default\": \"deny\"`, or `\"allow\"` to let unlisted tools pass");
            return true;
        }

        return context.ReadWord(node, Defaults) != "allow";
    }
}
