using System.Collections.ObjectModel;
using System.Globalization;
using PolicyLayer.Documents;
using PolicyLayer.Grants;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Grants;

/// <summary>From the bytes of a file to its grants.</summary>
internal static class GrantsCompiler
{
    private static readonly string[] Members = ["$schema", "grants"];

    /// <summary>The grants in the file's order, or none when it has an error; and all findings in order of position.</summary>
    public static (IReadOnlyList<Grant>? Grants, IReadOnlyList<PolicyDiagnostic> Diagnostics) Compile(
        ArraySegment<byte> document, GrantLoadOptions options) =>
        DocumentFrame.Compile(
            document,
            DocumentKind.Grants,
            options.MaxBytes,
            options.MaxDepth,
            (tree, findings) => CompileDocument(tree.Root, new GrantContext(findings, options)));

    private static ReadOnlyCollection<Grant>? CompileDocument(SyntaxNode root, GrantContext context)
    {
        if (IsPolicy(root))
        {
            context.MissingMember(root, "grants", "this is a policy: `policylayer validate FILE` checks it");
            return null;
        }

        if (!ObjectReader.TryRead(root, Members, context, out ObjectReader document, help: "write `{ \"grants\": [ … ] }`"))
        {
            return null;
        }

        document.ReadText("$schema");
        return document.Require("grants", "add `\"grants\": []`") is { } list
            && context.Expect(list, JsonKind.Array, "write a list: `[{ \"id\": \"ci\" }]`")
            ? CompileList(list, context)
            : null;
    }

    /// <summary>Whether it has what every policy must have, and no grants.</summary>
    private static bool IsPolicy(SyntaxNode root)
    {
        (bool hasVersion, bool hasDefault, bool hasGrants) = (false, false, false);
        foreach (SyntaxMember member in root.Members)
        {
            string? name = member.Name.Match(["version", "default", "grants"]);
            hasVersion |= name == "version";
            hasDefault |= name == "default";
            hasGrants |= name == "grants";
        }

        return hasVersion && hasDefault && !hasGrants;
    }

    private static ReadOnlyCollection<Grant> CompileList(SyntaxNode list, GrantContext context)
    {
        var grants = new List<Grant>();
        int count = 0;
        foreach (SyntaxNode element in list.Elements)
        {
            if (count++ == context.Options.MaxGrants)
            {
                context.Findings.Report(
                    DiagnosticDescriptors.TooManyGrants,
                    element,
                    string.Create(CultureInfo.InvariantCulture, $"A file may have at most {context.Options.MaxGrants} grants."));
                break;
            }

            if (GrantCompiler.Compile(element, context) is { } grant)
            {
                grants.Add(grant);
            }
        }

        return grants.AsReadOnly();
    }
}
