using System.Runtime.ExceptionServices;

namespace PolicyLayer.Compilation;

/// <summary>
/// Compiles what nests deeper than documents do. Compiling recurses with the document, and the caller's stack may be of any size: such a
/// document gets a thread of its own, so that what it yields depends on it alone.
/// </summary>
internal static class DeepStack
{
    /// <summary>As deep as documents are by default; a test compiles so many levels on a quarter of a MiB.</summary>
    public const int UsualDepth = 64;

    private const int StackBytes = 16 * 1024 * 1024;

    public static T Run<T>(Func<T> compile)
    {
        T result = default!;
        ExceptionDispatchInfo? fault = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = compile();
                }
                catch (Exception e)
                {
                    fault = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackBytes);
        thread.Start();
        thread.Join();
        fault?.Throw();
        return result;
    }
}
