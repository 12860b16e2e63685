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
        ["$schema", "version", "name", "description", "time_zone", "default", "hide", "all_tools", "tools"];

    private static readonly string[] Defaults = ["allow", "deny"];

    /// <summary>The policy's tree, or none when the document has an error; and all findings in order of position.</summary>
    public static (PolicyTree? Tree, IReadOnlyList<PolicyDiagnostic> Diagnostics) Compile(
        ArraySegment<byte> document, PolicyLoadOptions options) =>
        DocumentFrame.Compile(
            document,
            DocumentKind.Policy,
            options.MaxBytes,
            options.MaxDepth,
            (tree, findings) => CompileTree(tree, SHA256.HashData(document.AsSpan()), findings, options));

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

    /// <summary>Whether it has grants, and nothing that a file of them hasn't.</summary>
    private static bool IsFileOfGrants(SyntaxNode root)
    {
        bool hasGrants = false;
        foreach (SyntaxMember member in root.Members)
        {
            switch (member.Name.Match(["grants", "$schema"]))
            {
                case null:
                    return false;
                case "grants":
                    hasGrants = true;
                    break;
            }
        }

        return hasGrants;
    }

    private static PolicyTree? CompileDocument(SyntaxNode root, CompilationContext context)
    {
        if (IsFileOfGrants(root))
        {
            context.MissingMember(root, "version", "this is a file of grants: `policylayer grant list --grants FILE` checks it");
            return null;
        }

        if (!ObjectReader.TryRead(root, Members, context, out ObjectReader document))
        {
            return null;
        }

        document.ReadText("$schema");
        document.ReadText("name", 1, 128);
        document.ReadText("description");
        TimeZoneInfo zone = TimeZoneReader.Read(document, context);
        CheckVersion(document, context);
        bool deniesByDefault = ReadDefault(document, context);
        var patterns = new PatternCompiler(context);
        HideRules? hidden = HideCompiler.Compile(document.Find("hide"), patterns, context);
        AllToolsRules allToolsRules = AllToolsCompiler.Compile(document.Find("all_tools"), context);
        var shared = new SharedParts(allToolsRules);
        ListedTools listed = ToolsCompiler.Compile(document.Find("tools"), patterns, hidden, shared, context);
        ToolEntry unmatched = ToolsCompiler.Unmatched(deniesByDefault, allToolsRules, context);
        var index = new ToolIndex(listed, unmatched, hidden, context.Policy);
        ToolIndex marked = shared.Marks.Apply(index, listed, context);
        return new PolicyTree(marked, context.Verdicts, zone, context.AsksApproval, context.Counters);
    }

    private static void CheckVersion(in ObjectReader document, CompilationContext context)
    {
        if (document.Require("version", "add `\"version\": \"1\"`") is { } node
            && (node.Kind != JsonKind.String || node.GetString() != Version))
        {
            context.Findings.Report(
                DiagnosticDescriptors.UnsupportedVersion, node, $"{node.Quote()} is not a supported version.", "use `\"1\"`, a string");
        }
    }

    private static bool ReadDefault(in ObjectReader document, CompilationContext context) =>
        document.Require("default", "add `\"default\": \"deny\"`, or `\"allow\"` to let unlisted tools pass") is not { } node
        || context.ReadWord(node, Defaults) != "allow";
}
