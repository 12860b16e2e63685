using System.Text;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Schemas;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Documents;

namespace PolicyLayer.Tests.Schemas;

/// <summary>Equal schemas of one document are one compiled schema, unless there is something to say of each.</summary>
public sealed class SharedSchemasTests
{
    [Theory]
    [InlineData("""{"type":"string","nullable":true}""", true)]
    [InlineData("""{"type":"integer","format":"uint32"}""", true)]
    [InlineData("""{"pattern":"^(?!a)(?=.*b)[a-z]{1,8}$"}""", true)]
    [InlineData("""{"type":"string","format":"binary"}""", false)]
    [InlineData("""{"title":"t"}""", false)]
    public void Equal_schemas_are_compiled_once_unless_each_is_warned_of(string schema, bool isShared)
    {
        byte[] text = Encoding.UTF8.GetBytes($"[{schema}, {schema}]");
        var findings = new DiagnosticBag();
        using SyntaxTree tree = DocumentReader.Read(text, 64, findings)!;
        var context = new CompilationContext(findings, new PolicyLoadOptions(), new VerdictTable(new PolicyIdentity("p", "r")));
        var shared = new SharedSchemas();
        var compiled = new List<SchemaNode?>();
        foreach (SyntaxNode node in tree.Root.Elements)
        {
            compiled.Add(shared.Compile(node, context));
        }

        Assert.All(compiled, Assert.NotNull);
        Assert.Equal(isShared, ReferenceEquals(compiled[0], compiled[1]));
        Assert.Equal(isShared ? 0 : 2, findings.Reported);
    }
}
