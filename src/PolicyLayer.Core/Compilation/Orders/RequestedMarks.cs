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
    private readonly List<(OrderNode Order, SyntaxNode Tool, string Key)> _requests = [];

    /// <param name="order">The order.</param>
    /// <param name="tool">Where it names the tool.</param>
    /// <param name="key">The key of the entry that has it.</param>
    public void Add(OrderNode order, SyntaxNode tool, string key) => _requests.Add((order, tool, key));

    /// <summary>The index with an entry for each tool that leaves marks; and warns of orders that no call can meet, or break.</summary>
    public ToolIndex Apply(ToolIndex index, CompilationContext context)
    {
        var marks = new Dictionary<string, ToolMarks>(StringComparer.Ordinal);

        // Members have no order: which of two orders a mark names must not hang on it.
        foreach ((OrderNode order, SyntaxNode tool, string key) in _requests.OrderBy(request => request.Key, StringComparer.Ordinal))
        {
            ToolEntry entry = index.Find(order.Tool);
            Warn(order, tool, isOwn: entry.Key == key, canBeAllowed: entry.Verdict.Code == DecisionCode.Allowed, context);
            if (entry.Verdict.Code == DecisionCode.Allowed)
            {
                if (!marks.TryGetValue(order.Tool, out ToolMarks? ofTool))
                {
                    marks.Add(order.Tool, ofTool = new ToolMarks());
                }

                ofTool.Add(order);
            }
        }

        return marks.Count == 0 ? index : index.With(marks.Select(tool =>
            KeyValuePair.Create(tool.Key, WithMarks(index.Find(tool.Key), tool.Value))));
    }

    private static ToolEntry WithMarks(ToolEntry entry, ToolMarks marks)
    {
        var added = new List<PolicyPath>();
        CounterPlan counting = CounterPlan.WithMarks(entry.Counting, marks, PlaceOf);
        return entry.With(counting, added.Count == 0 ? entry.Paths : new PathTable([.. added], entry.Paths));

        int PlaceOf(PolicyPath path)
        {
            string key = path.HeadKey;
            for (int place = 0; place < entry.Paths.Count; place++)
            {
                if (entry.Paths[place].HeadKey == key)
                {
                    return place;
                }
            }

            int known = added.FindIndex(other => other.HeadKey == key);
            if (known < 0)
            {
                known = added.Count;
                added.Add(path);
            }

            return entry.Paths.Count + known;
        }
    }

    private static void Warn(OrderNode order, SyntaxNode tool, bool isOwn, bool canBeAllowed, CompilationContext context)
    {
        if (!canBeAllowed)
        {
            context.Findings.Report(
                DiagnosticDescriptors.DeadOrder,
                tool,
                order.IsAfter
                    ? $"No call of {Quoted.Of(order.Tool)} is ever allowed, so this entry's never are."
                    : $"No call of {Quoted.Of(order.Tool)} is ever allowed, so this order never matters.",
                "name another tool, or let this one be called");
        }
        else if (isOwn && order.IsAfter)
        {
            context.Findings.Report(
                DiagnosticDescriptors.DeadOrder, tool, $"{Quoted.Of(order.Tool)} must follow itself, so that its first call never may.",
                "name the tool that has to go before");
        }
    }
}
