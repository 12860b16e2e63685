using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLayer.Tests.Architecture;

/// <summary>Which file of a project uses a type that which other file declares.</summary>
internal sealed class SourceGraph
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private SourceGraph(IReadOnlyList<Use> uses) => Uses = uses;

    /// <summary>One use of a type in another file.</summary>
    public sealed record Use(string From, int Line, string Type, string To)
    {
        public override string ToString() => $"{From}:{Line} uses {Type} of {To}";
    }

    public IReadOnlyList<Use> Uses { get; }

    public static SourceGraph Read(string folder)
    {
        List<SyntaxTree> trees =
        [
            CSharpSyntaxTree.ParseText(ImplicitUsings),
            .. Repository.SourcesIn(folder)
                .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(Repository.Root, folder, file)), path: file)),
        ];
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        CSharpCompilation compilation = CSharpCompilation.Create("Sources", trees, references, options);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return new SourceGraph([.. trees.SelectMany(tree => UsesIn(compilation.GetSemanticModel(tree))).Distinct()]);
    }

    private static IEnumerable<Use> UsesIn(SemanticModel model)
    {
        foreach (SimpleNameSyntax name in model.SyntaxTree.GetRoot().DescendantNodes(descendIntoTrivia: false).OfType<SimpleNameSyntax>())
        {
            ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
            INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
            SyntaxTree? declaration = type?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree;
            if (declaration is not null && declaration != model.SyntaxTree)
            {
                int line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                yield return new Use(model.SyntaxTree.FilePath, line, type!.Name, declaration.FilePath);
            }
        }
    }
}
