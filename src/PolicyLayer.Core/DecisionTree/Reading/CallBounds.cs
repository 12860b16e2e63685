namespace PolicyLayer.DecisionTree.Reading;

/// <summary>How large arguments may be, in bytes of UTF-8, and how deep they may nest.</summary>
internal readonly record struct CallBounds(int MaxBytes, int MaxDepth);
