namespace PolicyLayer.Proxy.Messages;

/// <summary>Why a message isn't passed on: what one reader takes it for, another might not.</summary>
/// <param name="Code">The JSON-RPC error.</param>
/// <param name="Message">What is wrong, in words without anything of the message.</param>
internal sealed record MessageFault(int Code, string Message)
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;

    public static readonly MessageFault NotJson = new(ParseError, "The message isn't JSON in UTF-8.");
    public static readonly MessageFault TooLarge = new(InvalidRequest, "The message is too large.");
    public static readonly MessageFault TooDeep = new(InvalidRequest, "The message is nested too deeply.");
    public static readonly MessageFault Batch = new(InvalidRequest, "Batches aren't taken: send each message by itself.");
    public static readonly MessageFault NoObject = new(InvalidRequest, "A message is a JSON object.");
    public static readonly MessageFault Duplicate = new(InvalidRequest, "The message has two members of one name.");
    public static readonly MessageFault Variant = new(InvalidRequest, "A member's name differs from the protocol's by case, or by what can't be seen.");
    public static readonly MessageFault BadId = new(
        InvalidRequest, "An id is a string, or an integer in plain digits, of no more than 512 bytes.");
    public static readonly MessageFault BadMethod = new(InvalidRequest, "A method is a string, in the protocol's own spelling.");
    public static readonly MessageFault BadParams = new(InvalidRequest, "`params` is a JSON object.");
    public static readonly MessageFault Ambiguous = new(
        InvalidRequest, "A message is a request, a notification or a response, and one of them alone.");
    public static readonly MessageFault CallWithoutId = new(InvalidRequest, "A tool is called by a request, which has an id.");
    public static readonly MessageFault NoTool = new(InvalidParams, "`params` must have the tool's name, a string.");
    public static readonly MessageFault IdInUse = new(InvalidRequest, "Another request with this id isn't answered yet.");
    public static readonly MessageFault TooMany = new(InvalidRequest, "Too many requests aren't answered yet.");
    public static readonly MessageFault LineBreak = new(
        ParseError, "A line has a carriage return inside, which some readers take for its end.");
}
