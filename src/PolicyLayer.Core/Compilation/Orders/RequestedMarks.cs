using PolicyLayer.Compilation.Context;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Documents;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Orders;

/// <summary>
/// The marks that the orders of a policy ask of tools: those tools leave them, whatever entry judges them and though they have none.
/// </summary>
internal sealed class RequestedMarks
{
    /// <summary>A shorter name is near to any other.</summary>
    private const int ShortestMistyped = 5;

    private readonly List<(OrderNode Order, SyntaxNode Tool, string Key)> _requests = [];

    /// <param name="order">The order.</param>
    /// <param name="tool">Where it names the tool.</param>
    /// <param name="key">The key of the entry that has it.</param>
    public void Add(OrderNode order, SyntaxNode tool, string key) => _requests.Add((order, tool, key));

    /// <summary>The index with an entry for each tool that leaves marks; and warns of orders that no call can meet, or break.</summary>
    /// <param name="index">The policy's index.</param>
    /// <param name="listed">What it lists.</param>
    /// <param name="context">What the compilation shares.</param>
    public ToolIndex Apply(ToolIndex index, ListedTools listed, CompilationContext context)
    {
        var tools = new Dictionary<string, NamedTool>(StringComparer.Ordinal);

        // Members have no order: which of two orders a mark names must not hang on it.
        foreach ((OrderNode order, SyntaxNode node, string key) in _requests.OrderBy(request => request.Key, StringComparer.Ordinal))
        {
            if (!tools.TryGetValue(order.Tool, out NamedTool? tool))
            {
                tools.Add(order.Tool, tool = new NamedTool(index.Find(order.Tool), index.IsListed(order.Tool), new ToolMarks()));
            }

            tool.Marks.Add(order);
            Warn(order, node, tool, isOwn: tool.Entry.Key == key, listed, context);
        }

        KeyValuePair<string, ToolEntry>[] marked =
        [
            .. tools.Where(tool => tool.Value.Entry.Verdict.Code == DecisionCode.Allowed)
                .Select(tool => KeyValuePair.Create(tool.Key, WithMarks(tool.Value.Entry, tool.Value.Marks))),
        ];
        return marked.Length == 0 ? index : index.With(marked);
    }

    private static ToolEntry WithMarks(ToolEntry entry, ToolMarks marks)
    {
        var added = new Dictionary<PolicyPath, int>();
        CounterPlan counting = CounterPlan.WithMarks(entry.Counting, marks, PlaceOf);
        return entry.With(counting, added.Count == 0 ? entry.Paths : new PathTable([.. added.Keys], entry.Paths));

        // One that the entry reads too is followed twice: looking for it would take the product of both.
        int PlaceOf(PolicyPath path)
        {
            if (!added.TryGetValue(path, out int place))
            {
                added.Add(path, place = entry.Paths.Count + added.Count);
            }

            return place;
        }
    }

    private static void Warn(
        OrderNode order, SyntaxNode node, NamedTool tool, bool isOwn, ListedTools listed, CompilationContext context)
    {
        string name = Quoted.Of(order.Tool);
        if (tool.Entry.Verdict.Code != DecisionCode.Allowed)
        {
            string consequence = order.IsAfter ? "this entry's never are" : "this order never matters";
            context.Findings.Report(
                DiagnosticDescriptors.DeadOrder,
                node,
                $"No call of {name} is ever allowed, so {consequence}.",
                () => FindNear(order.Tool, listed, context) ?? "name another tool, or let this one be called");
        }
        else if (isOwn && order.IsAfter)
        {
            context.Findings.Report(
                DiagnosticDescriptors.DeadOrder, node, $"{name} must follow itself, so that its first call never may.",
                "name the tool that has to go before");
        }
        else if (!tool.IsListed && order.Tool.Length >= ShortestMistyped && FindNear(order.Tool, listed, context) is { } near)
        {
            context.Findings.Report(DiagnosticDescriptors.DeadOrder, node, $"No entry is of {name}, but one has nearly its name.", near);
        }
    }

    /// <summary>Names are mistyped in silence where tools without an entry may be called.</summary>
    private static string? FindNear(string name, ListedTools listed, CompilationContext context)
    {
        int looks = Math.Min(listed.Names.Count, Spelling.MaxWords);
        return context.TrySpendLooks(looks) ? Spelling.Suggest(name, [.. listed.Names.Keys.Take(looks)]) : null;
    }

    /// <summary>A tool that orders name.</summary>
    /// <param name="Entry">The entry that judges it.</param>
    /// <param name="IsListed">Whether the policy has one for it.</param>
    /// <param name="Marks">What its calls leave.</param>
    private sealed record NamedTool(ToolEntry Entry, bool IsListed, ToolMarks Marks);
}
