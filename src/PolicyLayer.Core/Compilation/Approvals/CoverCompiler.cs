using System.Globalization;
using PolicyLayer.Approvals;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Limits;
using PolicyLayer.Compilation.Rules;
using PolicyLayer.Compilation.Schemas;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Approvals;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Approvals;

/// <summary>Compiles <c>approval</c>: what one approval of an entry's calls covers.</summary>
internal static class CoverCompiler
{
    private const int MostPaths = 4;
    private const SchemaKinds Comparable = SchemaKinds.String | SchemaKinds.Number | SchemaKinds.Boolean;

    private static readonly string[] Members = ["same", "uses", "for"];

    /// <summary>What is covered; where it can't be read, which is reported, what is covered without it.</summary>
    /// <param name="node">The value.</param>
    /// <param name="paths">Where the entry's paths get their places.</param>
    /// <param name="arguments">What is known of the entry's arguments, or null.</param>
    /// <param name="context">What the compilation shares.</param>
    public static ApprovalCover Compile(SyntaxNode node, PathTableBuilder paths, ArgumentShape? arguments, CompilationContext context)
    {
        if (!ObjectReader.TryRead(node, Members, context, out ObjectReader reader, help: "write `{ \"uses\": 20, \"for\": \"hour\" }`"))
        {
            return ApprovalCover.One;
        }

        ApprovalCover cover = ApprovalCover.One;
        foreach ((_, SyntaxNode list) in reader.Each("same"))
        {
            cover = cover with { Same = CompileSame(list, paths, arguments, context) };
        }

        foreach ((_, SyntaxNode uses) in reader.Each("uses"))
        {
            cover = cover with { Uses = ReadUses(uses, context) };
        }

        foreach ((_, SyntaxNode time) in reader.Each("for"))
        {
            cover = cover with { ValidFor = WindowCompiler.OfOrder.Compile(time, context)?.Duration };
        }

        return cover;
    }

    private static SamePath[] CompileSame(
        SyntaxNode list, PathTableBuilder paths, ArgumentShape? arguments, CompilationContext context)
    {
        var same = new List<SamePath>();
        if (!context.Expect(list, JsonKind.Array, "write a list of paths: `[\"args.repo\"]`"))
        {
            return [];
        }

        int count = 0;
        foreach (SyntaxNode element in list.Elements)
        {
            count++;
            if (CompilePath(element, context) is not { } path)
            {
                continue;
            }

            // Equal heads have one place, however they are written.
            var found = new SamePath(paths.Add(path), path.ToString());
            if (same.Exists(known => known.Place == found.Place))
            {
                context.Findings.Report(
                    DiagnosticDescriptors.InvalidPartition, element, $"{element.Quote()} stands here twice.", "remove one");
                continue;
            }

            same.Add(found);
            WarnOfNoValue(element, path, arguments, context);
        }

        if (count is 0 or > MostPaths)
        {
            context.Findings.Report(
                DiagnosticDescriptors.InvalidPartition,
                list,
                string.Create(CultureInfo.InvariantCulture, $"A list of {count} paths doesn't say which calls one approval covers."),
                count == 0
                    ? "name 1 to 4, or leave `same` out: then an approval covers calls with the very same arguments"
                    : "name 1 to 4");
        }

        return [.. same];
    }

    private static PolicyPath? CompilePath(SyntaxNode node, CompilationContext context)
    {
        PolicyPath? path = ConditionCompiler.CompilePath(node, context);
        if (path is null || (path.Root == PathRoot.Arguments && !path.FansOut))
        {
            return path;
        }

        bool isArgument = path.Root == PathRoot.Arguments;
        context.Findings.Report(
            DiagnosticDescriptors.InvalidPartition,
            node,
            isArgument ? $"{node.Quote()} leads to more than one value." : $"{node.Quote()} is no argument.",
            isArgument
                ? "name one value, without `[*]`; what is given in a list is best limited to one element by `arguments`"
                : "use a path from `args`: what is read of the context is bound anyway, as are grant, session, server and tool");
        return null;
    }

    private static void WarnOfNoValue(SyntaxNode node, PolicyPath path, ArgumentShape? arguments, CompilationContext context)
    {
        if (arguments is not null && (arguments.KindsAt(path.Steps) & Comparable) == SchemaKinds.None)
        {
            context.Findings.Report(
                DiagnosticDescriptors.DeadCondition,
                node,
                $"The `arguments` of this entry let no text, number or boolean be at {node.Quote()}: each call is approved by itself.",
                "correct the path or `arguments`");
        }
    }

    private static int ReadUses(SyntaxNode node, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Number))
        {
            return 1;
        }

        var number = new JsonNumber(node.Raw);
        if (number.IsInteger && number.TryGetMillionths(out long millionths)
            && millionths / CounterDemand.Unit is >= 1 and <= ApprovalTerms.MaxUses and var uses)
        {
            return (int)uses;
        }

        context.Findings.Report(
            DiagnosticDescriptors.UsesOutOfRange,
            node,
            $"{node.Quote()} is out of range.",
            "use a whole number from 1 to 1000");
        return 1;
    }
}
