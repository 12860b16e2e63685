namespace PolicyLayer.Calls;

internal enum ToolArgumentsForm : byte
{
    None = 0,
    Array,
    Memory,
    Element,
    Elements,
    Values,
    Malformed,
}
