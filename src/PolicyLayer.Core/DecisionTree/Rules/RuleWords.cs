namespace PolicyLayer.DecisionTree.Rules;

/// <summary>What a policy's author says of a rule: most rules go without.</summary>
/// <param name="OnDeny">The words for an agent whose call the rule stands against, or null.</param>
/// <param name="Name">The rule's name, or null.</param>
internal sealed record RuleWords(string? OnDeny, string? Name);
