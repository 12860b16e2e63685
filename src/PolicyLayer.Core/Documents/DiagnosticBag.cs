using System.Globalization;
using PolicyLayer.Text;

namespace PolicyLayer.Documents;

/// <summary>Collects findings and keeps the first hundred by position, errors before warnings, however many there are.</summary>
/// <param name="kind">What the document is for; a policy when null.</param>
internal sealed class DiagnosticBag(DocumentKind? kind = null)
{
    private const int Capacity = 100;

    private readonly PriorityQueue<Finding, (int, int)> _errors = new(Comparer<(int, int)>.Create((a, b) => b.CompareTo(a)));
    private readonly PriorityQueue<Finding, (int, int)> _warnings = new(Comparer<(int, int)>.Create((a, b) => b.CompareTo(a)));
    private int _sequence;

    public DocumentKind Kind { get; } = kind ?? DocumentKind.Policy;

    /// <summary>How many findings were reported so far, kept or not.</summary>
    public int Reported => _sequence;

    public bool HasErrors => _errors.Count > 0;

    public void Report(DiagnosticDescriptor descriptor, SyntaxNode node, string message, string? help = null) =>
        Add(new Finding(descriptor, node.Offset, node.Index, message, help));

    /// <summary>Reports what takes time to help with: help is looked for only where the finding is kept to the end.</summary>
    public void Report(DiagnosticDescriptor descriptor, SyntaxNode node, string message, Func<string?> findHelp) =>
        Add(new Finding(descriptor, node.Offset, node.Index, message, null, findHelp));

    /// <summary>Reports what isn't a value itself, at its own offset within the value that a token begins.</summary>
    public void ReportAt(DiagnosticDescriptor descriptor, int offset, string message, string? help = null, int token = 0) =>
        Add(new Finding(descriptor, offset, token, message, help));

    /// <summary>The findings in order of position. Places need the tree; without one, all are the whole.</summary>
    public IReadOnlyList<PolicyDiagnostic> ToList(ReadOnlySpan<byte> text, SyntaxTree? tree)
    {
        var kept = new List<(Finding Finding, (int, int) Order)>();
        bool isCut = _sequence > Capacity;
        int room = isCut ? Capacity - 1 : Capacity;
        kept.AddRange(_errors.UnorderedItems.OrderBy(item => item.Priority).Take(room));
        kept.AddRange(_warnings.UnorderedItems.OrderBy(item => item.Priority).Take(room - kept.Count));
        kept.Sort((a, b) => a.Order.CompareTo(b.Order));
        if (isCut)
        {
            kept.Add((MoreThan(room, text.Length), default));
        }

        Dictionary<int, Place> places = tree is null ? [] : FindPlaces(tree, kept.Select(item => item.Finding.Token));
        var position = new PositionCounter(text);
        var list = new List<PolicyDiagnostic>(kept.Count);
        foreach ((Finding finding, _) in kept)
        {
            (int line, int column) = position.MoveTo(finding.Offset);
            Place place = places.GetValueOrDefault(finding.Token, Place.Root);
            string? help = finding.FindHelp is null ? finding.Help : finding.FindHelp();
            list.Add(new PolicyDiagnostic(Kind, finding.Descriptor, place, line, column, finding.Message, help));
        }

        return list;
    }

    private Finding MoreThan(int kept, int end) => new(
        DiagnosticDescriptors.MoreFindings,
        end,
        0,
        string.Create(CultureInfo.InvariantCulture, $"There are {_sequence - kept} findings more."),
        "mend these and load the document again");

    private static Dictionary<int, Place> FindPlaces(SyntaxTree tree, IEnumerable<int> tokens)
    {
        var places = new Dictionary<int, Place>();
        var finder = new PlaceFinder(tree);
        foreach (int token in tokens.Distinct().Order())
        {
            places.Add(token, finder.MoveTo(token));
        }

        return places;
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

    private sealed record Finding(
        DiagnosticDescriptor Descriptor, int Offset, int Token, string Message, string? Help, Func<string?>? FindHelp = null);
}
