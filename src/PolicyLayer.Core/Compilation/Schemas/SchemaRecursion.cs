using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Documents;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>
/// Refuses references that lead back to themselves without reaching into the value, and schemas that judge one value through more
/// than 100 levels of subschemas.
/// </summary>
internal sealed class SchemaRecursion
{
    private const int MaxLevels = 100;
    private const int InProgress = -1;

    private readonly SchemaCompiler _compiler;
    private readonly SyntaxNode _root;
    private readonly Dictionary<SchemaNode, int> _heights = [];
    private readonly Stack<RefKeyword> _path = [];
    private bool _isTooDeep;

    private SchemaRecursion(SchemaCompiler compiler, SyntaxNode root)
    {
        _compiler = compiler;
        _root = root;
    }

    public static void Check(SchemaCompiler compiler, SyntaxNode root)
    {
        var recursion = new SchemaRecursion(compiler, root);
        foreach (SchemaNode schema in compiler.References.Schemas)
        {
            recursion.Visit(schema, 1);
        }
    }

    /// <summary>The levels of subschemas below a schema that judge the same value, itself included.</summary>
    private int Visit(SchemaNode schema, int depth)
    {
        if (_heights.TryGetValue(schema, out int known))
        {
            if (known == InProgress)
            {
                ReportLoop();
            }

            return known;
        }

        _heights[schema] = InProgress;
        int height = 1;
        foreach (SchemaKeyword keyword in schema.Keywords)
        {
            if (keyword is RefKeyword reference)
            {
                _path.Push(reference);
            }

            foreach (SchemaNode next in keyword.InPlace)
            {
                height = Math.Max(height, depth > MaxLevels ? depth : Visit(next, depth + 1) + 1);
            }

            if (height > MaxLevels && !_isTooDeep)
            {
                _isTooDeep = true;
                ReportTooDeep();
            }

            if (keyword is RefKeyword)
            {
                _path.Pop();
            }
        }

        _heights[schema] = height;
        return height;
    }

    // The only way back to a schema leads through a reference, and the last one taken is part of the loop.
    private void ReportLoop() =>
        _compiler.Report(
            DiagnosticDescriptors.ReferenceLoop,
            _compiler.References.PlaceOf(_path.Peek()),
            "This reference leads back to itself for the same value.",
            "let it go through `properties`, `items` or another keyword that judges a part of the value");

    private void ReportTooDeep() =>
        _compiler.Report(
            DiagnosticDescriptors.SchemaTooDeep,
            _path.TryPeek(out RefKeyword? reference) ? _compiler.References.PlaceOf(reference) : _root,
            $"One value is judged through more than {MaxLevels} levels of subschemas.");
}
