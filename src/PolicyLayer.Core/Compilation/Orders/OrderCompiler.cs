using PolicyLayer.Calls;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Limits;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Orders;

/// <summary>Compiles <c>after</c> and <c>not_after</c>.</summary>
internal static class OrderCompiler
{
    private static readonly string[] Members = ["tool", "within", "scope", "same", "on_deny"];

    // Orders of all grants together would let one agent's calls stand for another's.
    private static readonly WireNameTable<CounterScope> Scopes = new((CounterScope.Session, "session"), (CounterScope.Grant, "grant"));

    /// <param name="node">The list.</param>
    /// <param name="member">Its name.</param>
    /// <param name="toolKey">The key of the entry that has it.</param>
    /// <param name="orders">Where its orders go.</param>
    /// <param name="marks">What they ask of other tools.</param>
    /// <param name="context">What the compilation shares.</param>
    public static void Compile(
        SyntaxNode node, string member, string toolKey, OrderList orders, RequestedMarks marks, CompilationContext context)
    {
        if (!context.Expect(node, JsonKind.Array, "write a list: `[{ \"tool\": \"run_tests\", \"within\": \"hour\" }]`"))
        {
            return;
        }

        Place list = PolicyPlaces.Entry(toolKey).Member(member);
        int index = 0;
        foreach (SyntaxNode element in node.Elements)
        {
            Place place = list.Element(index++);
            if (CompileOrder(element, isAfter: member == "after", place, context, out SyntaxNode tool) is not { } order)
            {
                continue;
            }

            if (orders.TryAdd(order))
            {
                marks.Add(order, tool, toolKey);
            }
            else
            {
                context.Findings.Report(
                    DiagnosticDescriptors.NeverMatters, element, "The same order stands before.", "remove it, or change what it asks for");
            }
        }
    }

    private static OrderNode? CompileOrder(SyntaxNode node, bool isAfter, Place place, CompilationContext context, out SyntaxNode tool)
    {
        tool = node;
        if (!ObjectReader.TryRead(node, Members, context, out ObjectReader reader))
        {
            return null;
        }

        string? name = null;
        if (reader.Require("tool") is { } written)
        {
            (tool, name) = (written, ReadTool(written, context));
        }

        CounterWindowLength? within = reader.Require("within") is { } window ? WindowCompiler.OfOrder.Compile(window, context) : null;
        CounterScope? scope = reader.ReadWord("scope", Scopes, CounterScope.Session);
        string? onDeny = reader.ReadText("on_deny");
        PolicyPath? same = null;
        foreach ((_, SyntaxNode path) in reader.Each("same"))
        {
            bool isOne = context.Expect(path, JsonKind.String, "name one path, which both calls have");
            same = isOne ? PartitionCompiler.CompileOne(path, context) : null;
        }

        if (name is null || within is null || scope is null)
        {
            return null;
        }

        // The path is part of what marks go by, so that an equal value of another argument is another mark.
        PartitionSource? partition = same is null ? null : context.Partition([same], foldsCase: !isAfter, label: same.ToString());
        CounterAlgorithm algorithm = isAfter ? CounterAlgorithm.Recent : CounterAlgorithm.Sliding;
        CounterDefinition counter = context.Counter(name, scope.Value, within.Value, algorithm, CounterKind.Mark, partition);
        return new OrderNode(counter, place, onDeny, partition);
    }

    private static string? ReadTool(SyntaxNode node, CompilationContext context)
    {
        string? name = context.ReadText(node, 1, 128);
        if (name is null || !name.Contains('*', StringComparison.Ordinal))
        {
            return name;
        }

        context.Findings.Report(
            DiagnosticDescriptors.InvalidOrder, node, $"{node.Quote()} is a pattern, and an order names one tool.",
            "write an order for each tool");
        return null;
    }
}
