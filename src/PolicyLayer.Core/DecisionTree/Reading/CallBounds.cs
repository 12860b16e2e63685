namespace PolicyLayer.DecisionTree.Reading;

/// <summary>
/// How large arguments may be, in bytes of UTF-8, how deep they may nest, and how many steps judging the call may take.
/// </summary>
internal readonly record struct CallBounds(int MaxBytes, int MaxDepth, long MaxWork);
