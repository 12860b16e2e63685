namespace PolicyLayer.Documents;

/// <summary>Collects findings and keeps the first hundred by position, errors before warnings, however many there are.</summary>
internal sealed class DiagnosticBag
{
    private const int Capacity = 100;

    private readonly PriorityQueue<Finding, (int, int)> _errors = new(Comparer<(int, int)>.Create((a, b) => b.CompareTo(a)));
    private readonly PriorityQueue<Finding, (int, int)> _warnings = new(Comparer<(int, int)>.Create((a, b) => b.CompareTo(a)));
    private int _sequence;

    public bool HasErrors => _errors.Count > 0;

    public void Report(DiagnosticDescriptor descriptor, SyntaxNode node, string message, string? help = null) =>
        Add(new Finding(descriptor, node.Offset, node.Index, message, help));

    /// <summary>Reports what isn't a value itself, at its own offset within the value that a token begins.</summary>
    public void ReportAt(DiagnosticDescriptor descriptor, int offset, string message, string? help = null, int token = 0) =>
        Add(new Finding(descriptor, offset, token, message, help));

    /// <summary>The findings in order of position. Pointers need the tree; without one, they are empty.</summary>
    public IReadOnlyList<PolicyDiagnostic> ToList(ReadOnlySpan<byte> text, SyntaxTree? tree)
    {
        var kept = new List<(Finding Finding, (int, int) Order)>();
        kept.AddRange(_errors.UnorderedItems);
        kept.AddRange(_warnings.UnorderedItems.OrderBy(item => item.Priority).Take(Capacity - kept.Count));
        kept.Sort((a, b) => a.Order.CompareTo(b.Order));

        var position = new PositionCounter(text);
        var list = new List<PolicyDiagnostic>(kept.Count);
        foreach ((Finding finding, _) in kept)
        {
            (int line, int column) = position.MoveTo(finding.Offset);
            string pointer = tree is null ? "" : JsonPointer.Of(tree, finding.Token);
            list.Add(new PolicyDiagnostic(finding.Descriptor, pointer, line, column, finding.Message, finding.Help));
        }

        return list;
    }

    private void Add(Finding finding)
    {
        PriorityQueue<Finding, (int, int)> queue = finding.Descriptor.Severity == DiagnosticSeverity.Error ? _errors : _warnings;
        (int, int) order = (finding.Offset, _sequence++);
        if (queue.Count < Capacity)
        {
            queue.Enqueue(finding, order);
        }
        else
        {
            queue.EnqueueDequeue(finding, order);
        }
    }

    private sealed record Finding(DiagnosticDescriptor Descriptor, int Offset, int Token, string Message, string? Help);
}
