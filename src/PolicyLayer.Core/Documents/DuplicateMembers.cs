using PolicyLayer.Json;

namespace PolicyLayer.Documents;

/// <summary>Reports every member whose decoded name its object already has.</summary>
internal static class DuplicateMembers
{
    private const int Few = 12;

    public static void Report(SyntaxTree tree, DiagnosticBag findings)
    {
        var names = new List<SyntaxNode>();
        for (int i = 0; i < tree.Tokens.Length; i++)
        {
            if (tree.Tokens[i].Kind == JsonKind.Object)
            {
                names.Clear();
                foreach (SyntaxMember member in new SyntaxNode(tree, i).Members)
                {
                    names.Add(member.Name);
                }

                Report(names, findings);
            }
        }
    }

    private static void Report(List<SyntaxNode> names, DiagnosticBag findings)
    {
        if (names.Count <= Few)
        {
            for (int i = 1; i < names.Count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    if (IsSame(names[i], names[j]))
                    {
                        Report(names[i], findings);
                        break;
                    }
                }
            }

            return;
        }

        var seen = new HashSet<string>(names.Count, StringComparer.Ordinal);
        foreach (SyntaxNode name in names)
        {
            if (!seen.Add(name.GetString()))
            {
                Report(name, findings);
            }
        }
    }

    private static bool IsSame(SyntaxNode a, SyntaxNode b) =>
        a.HasEscapes || b.HasEscapes
            ? string.Equals(a.GetString(), b.GetString(), StringComparison.Ordinal)
            : a.Raw.SequenceEqual(b.Raw);

    private static void Report(SyntaxNode name, DiagnosticBag findings) =>
        findings.Report(DiagnosticDescriptors.DuplicateMember, name, $"{Quoted.Of(name)} stands twice in this object.", "remove one");
}
