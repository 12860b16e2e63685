using PolicyLayer.DecisionTree.Schemas;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>The keywords of one schema as they are compiled, each with the kinds that it judges.</summary>
internal sealed class SchemaRules
{
    private readonly List<(SchemaKinds Kinds, SchemaKeyword Keyword)> _keywords = [];

    /// <summary>The kinds that <c>type</c> lets through, and what fails for the others.</summary>
    public SchemaKinds Types { get; set; } = SchemaKinds.All;

    public SchemaKeyword? WrongType { get; set; }

    /// <summary>Kinds whose children's marks are asked for.</summary>
    public SchemaKinds AskForMarks { get; set; }

    /// <summary>The keywords so far.</summary>
    public SchemaKeyword[] Keywords => [.. _keywords.Select(item => item.Keyword)];

    /// <summary>A schema that no value meets.</summary>
    public static SchemaNode Never(SchemaExpectation expectation)
    {
        var never = new SchemaRules();
        never.Add(SchemaKinds.All, new NeverKeyword(expectation));
        return never.Build();
    }

    /// <summary>Keywords are judged in the order of being added.</summary>
    public void Add(SchemaKinds kinds, SchemaKeyword keyword) => _keywords.Add((kinds, keyword));

    public SchemaNode Build()
    {
        var byKind = new Dictionary<SchemaKinds, SchemaKindRules>();
        return new SchemaNode(kind => OfKind(SchemaKindSets.Of(kind), byKind));
    }

    private SchemaKindRules OfKind(SchemaKinds kind, Dictionary<SchemaKinds, SchemaKindRules> byKind)
    {
        if (!byKind.TryGetValue(kind, out SchemaKindRules rules))
        {
            bool isAllowed = (Types & kind) != 0;
            SchemaKeyword[] keywords = isAllowed
                ? [.. _keywords.Where(item => (item.Kinds & kind) != 0).Select(item => item.Keyword)]
                : [WrongType!];
            rules = new SchemaKindRules(keywords, isAllowed && (AskForMarks & kind) != 0);
            byKind.Add(kind, rules);
        }

        return rules;
    }
}
