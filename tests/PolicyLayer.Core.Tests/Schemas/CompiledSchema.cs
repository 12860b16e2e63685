using System.Text;
using PolicyLayer.Calls;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Schemas;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Documents;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Tests.Schemas;

/// <summary>A schema compiled where it stands in a policy, with the findings of that compilation.</summary>
internal sealed class CompiledSchema
{
    public const string Pointer = "/tools/t/arguments";

    private readonly WorkBudget _work = new();
    private readonly SchemaScratch _scratch;
    private readonly JsonTape _tape = new();

    private CompiledSchema(SchemaNode? node, IReadOnlyList<PolicyDiagnostic> findings)
    {
        _scratch = new SchemaScratch(_work);
        Node = node;
        Findings = findings;
    }

    public SchemaNode? Node { get; }

    public IReadOnlyList<PolicyDiagnostic> Findings { get; }

    /// <summary>The last failure, its place told in the policy.</summary>
    public SchemaFailure? Failure => _scratch.Failure is { } failure
        ? failure with { Place = failure.Place.Within(Place.Root.Member("tools").Member("t").Member("arguments")) }
        : null;

    /// <summary>Whether the last value took more work than a call may.</summary>
    public bool TookTooMuchWork => _work.IsSpent;

    public static string Wrap(string schema) =>
        """{"version":"1","default":"deny","tools":{"t":{"arguments":""" + schema + "}}}";

    public static CompiledSchema Of(string schema, int maxDepth = 64)
    {
        byte[] text = Encoding.UTF8.GetBytes(Wrap(schema));
        var findings = new DiagnosticBag();
        using SyntaxTree tree = DocumentReader.Read(text, maxDepth, findings) ?? throw new ArgumentException("not JSON: " + schema);
        SyntaxNode node = tree.Root;
        foreach (string step in (string[])["tools", "t", "arguments"])
        {
            foreach (SyntaxMember member in node.Members)
            {
                if (member.Name.GetString() == step)
                {
                    node = member.Value;
                    break;
                }
            }
        }

        var context = new CompilationContext(findings, new PolicyLoadOptions(), new VerdictTable(new PolicyIdentity("p", "r")));
        SchemaNode? compiled = SchemaCompiler.Compile(node, context);
        return new CompiledSchema(findings.HasErrors ? null : compiled, findings.ToList(text, tree));
    }

    public bool Accepts(string instance) => Accepts(Encoding.UTF8.GetBytes(instance));

    public bool Accepts(byte[] instance)
    {
        Assert.True(Node is not null, string.Join('\n', Findings));
        Assert.Equal(JsonFault.None, JsonScanner.ScanValue(instance, 1_000, _tape));
        _work.Begin(WorkBudget.Default);
        return Node.Validate(new JsonValue(instance, _tape), _scratch);
    }
}
