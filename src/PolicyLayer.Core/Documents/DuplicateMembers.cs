using System.Runtime.InteropServices;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Documents;

/// <summary>Reports every member whose decoded name its object already has.</summary>
internal static class DuplicateMembers
{
    private const int Few = 12;

    public static void Report(SyntaxTree tree, DiagnosticBag findings)
    {
        ReadOnlySpan<JsonToken> tokens = tree.Tokens;
        var names = new List<int>();
        var table = new JsonNameTable();
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Kind == JsonKind.Object)
            {
                names.Clear();
                for (int name = i + 1; name < tokens[i].End; name = tokens[name + 1].End)
                {
                    names.Add(name);
                }

                Report(tree, CollectionsMarshal.AsSpan(names), table, findings);
            }
        }
    }

    private static void Report(SyntaxTree tree, ReadOnlySpan<int> names, JsonNameTable table, DiagnosticBag findings)
    {
        if (names.Length <= Few)
        {
            for (int i = 1; i < names.Length; i++)
            {
                if (IsAmong(tree, names[i], names[..i]))
                {
                    Report(new SyntaxNode(tree, names[i]), findings);
                }
            }

            return;
        }

        JsonNameTable.Frame frame = table.Push(names.Length);
        foreach (int name in names)
        {
            if (!table.TryAdd(frame, tree.Text, tree.Tokens, name))
            {
                Report(new SyntaxNode(tree, name), findings);
            }
        }

        table.Pop(frame);
    }

    private static bool IsAmong(SyntaxTree tree, int name, ReadOnlySpan<int> earlier)
    {
        var text = new JsonString(tree.Text, tree.Tokens[name]);
        foreach (int other in earlier)
        {
            if (text.Equals(new JsonString(tree.Text, tree.Tokens[other])))
            {
                return true;
            }
        }

        return false;
    }

    private static void Report(SyntaxNode name, DiagnosticBag findings) =>
        findings.Report(DiagnosticDescriptors.DuplicateMember, name, $"{name.Quote()} stands twice in this object.", "remove one");
}
