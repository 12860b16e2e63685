using static PolicyLayer.DiagnosticSeverity;

namespace PolicyLayer.Documents;

/// <summary>Every kind of finding. <c>schema/diagnostics.md</c> explains each; a test keeps the two equal.</summary>
internal static class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor MalformedJson = new("PL1001", Error);
    public static readonly DiagnosticDescriptor InvalidUtf8 = new("PL1002", Error);
    public static readonly DiagnosticDescriptor Comment = new("PL1003", Error);
    public static readonly DiagnosticDescriptor TrailingComma = new("PL1004", Error);
    public static readonly DiagnosticDescriptor DocumentTooLarge = new("PL1005", Error);
    public static readonly DiagnosticDescriptor DocumentTooDeep = new("PL1006", Error);
    public static readonly DiagnosticDescriptor TooManyTools = new("PL1007", Error);
    public static readonly DiagnosticDescriptor TooManyConditions = new("PL1008", Error);
    public static readonly DiagnosticDescriptor RegexTooLong = new("PL1009", Error);
    public static readonly DiagnosticDescriptor DuplicateMember = new("PL1010", Error);
    public static readonly DiagnosticDescriptor UnknownTimeZone = new("PL1011", Error);
    public static readonly DiagnosticDescriptor TooManyWildcards = new("PL1012", Error);

    public static readonly DiagnosticDescriptor UnknownMember = new("PL1101", Error);
    public static readonly DiagnosticDescriptor MissingMember = new("PL1102", Error);
    public static readonly DiagnosticDescriptor WrongType = new("PL1103", Error);
    public static readonly DiagnosticDescriptor UnsupportedVersion = new("PL1105", Error);
    public static readonly DiagnosticDescriptor LengthOutOfRange = new("PL1106", Error);
    public static readonly DiagnosticDescriptor UnknownValue = new("PL1107", Error);

    public static readonly DiagnosticDescriptor MaxOutOfRange = new("PL1201", Error);
    public static readonly DiagnosticDescriptor InvalidWindow = new("PL1203", Error);
    public static readonly DiagnosticDescriptor DuplicateCounter = new("PL1204", Error);
    public static readonly DiagnosticDescriptor InvalidIncrement = new("PL1205", Error);
    public static readonly DiagnosticDescriptor InvalidRateLimit = new("PL1206", Error);
    public static readonly DiagnosticDescriptor TwoOperands = new("PL1207", Error);
    public static readonly DiagnosticDescriptor OptionalContradicts = new("PL1208", Error);
    public static readonly DiagnosticDescriptor TwoAmounts = new("PL1209", Error);
    public static readonly DiagnosticDescriptor DefaultWithoutAmount = new("PL1210", Error);
    public static readonly DiagnosticDescriptor SlidingCalendar = new("PL1211", Error);
    public static readonly DiagnosticDescriptor InvalidPartition = new("PL1212", Error);
    public static readonly DiagnosticDescriptor InvalidOrder = new("PL1213", Error);
    public static readonly DiagnosticDescriptor GrammarRefused = new("PL1215", Error);
    public static readonly DiagnosticDescriptor UsesOutOfRange = new("PL1216", Error);

    public static readonly DiagnosticDescriptor InvalidPattern = new("PL1301", Error);
    public static readonly DiagnosticDescriptor DuplicateHide = new("PL1302", Error);
    public static readonly DiagnosticDescriptor RulesUnderDeny = new("PL1303", Error);

    public static readonly DiagnosticDescriptor InvalidPath = new("PL1401", Error);
    public static readonly DiagnosticDescriptor UnknownOperator = new("PL1402", Error);
    public static readonly DiagnosticDescriptor WrongOperand = new("PL1403", Error);
    public static readonly DiagnosticDescriptor EmptyList = new("PL1404", Error);
    public static readonly DiagnosticDescriptor RegexRefused = new("PL1405", Error);

    public static readonly DiagnosticDescriptor UnknownKeyword = new("PL1501", Error);
    public static readonly DiagnosticDescriptor RefusedKeyword = new("PL1502", Error);
    public static readonly DiagnosticDescriptor InnerId = new("PL1503", Error);
    public static readonly DiagnosticDescriptor RemoteReference = new("PL1504", Error);
    public static readonly DiagnosticDescriptor UnresolvableReference = new("PL1505", Error);
    public static readonly DiagnosticDescriptor ReferenceLoop = new("PL1506", Error);
    public static readonly DiagnosticDescriptor UnknownFormat = new("PL1507", Error);
    public static readonly DiagnosticDescriptor InvalidKeywordValue = new("PL1508", Error);
    public static readonly DiagnosticDescriptor InvalidSchemaPattern = new("PL1509", Error);
    public static readonly DiagnosticDescriptor UnsupportedDialect = new("PL1510", Error);
    public static readonly DiagnosticDescriptor SchemaTooDeep = new("PL1511", Error);

    public static readonly DiagnosticDescriptor HiddenAndListed = new("PL2001", Warning);
    public static readonly DiagnosticDescriptor MaxZero = new("PL2002", Warning);
    public static readonly DiagnosticDescriptor UnusedReason = new("PL2003", Warning);
    public static readonly DiagnosticDescriptor NeverMatters = new("PL2004", Warning);
    public static readonly DiagnosticDescriptor MixedKinds = new("PL2005", Warning);
    public static readonly DiagnosticDescriptor SharedIncrement = new("PL2006", Warning);
    public static readonly DiagnosticDescriptor NeverJudged = new("PL2007", Warning);
    public static readonly DiagnosticDescriptor AnyProgram = new("PL2013", Warning);
    public static readonly DiagnosticDescriptor OddToolName = new("PL2016", Warning);
    public static readonly DiagnosticDescriptor NamesDifferByCase = new("PL2017", Warning);
    public static readonly DiagnosticDescriptor DenyPatternLoses = new("PL2018", Warning);
    public static readonly DiagnosticDescriptor RegexNotAnchored = new("PL2019", Warning);
    public static readonly DiagnosticDescriptor DeadCondition = new("PL2020", Warning);
    public static readonly DiagnosticDescriptor MoreFindings = new("PL2021", Warning);
    public static readonly DiagnosticDescriptor DenyListOfCommands = new("PL2022", Warning);
    public static readonly DiagnosticDescriptor TakenLiterally = new("PL2023", Warning);
    public static readonly DiagnosticDescriptor NoSuchTime = new("PL2024", Warning);
    public static readonly DiagnosticDescriptor RunsAnyProgram = new("PL2025", Warning);
    public static readonly DiagnosticDescriptor DeadOrder = new("PL2026", Warning);
    public static readonly DiagnosticDescriptor UnusedApproval = new("PL2027", Warning);

    public static readonly DiagnosticDescriptor ContradictorySchema = new("PL2501", Warning);
    public static readonly DiagnosticDescriptor KeywordWithoutEffect = new("PL2502", Warning);
    public static readonly DiagnosticDescriptor UncheckedFormat = new("PL2503", Warning);
    public static readonly DiagnosticDescriptor VacuousSchema = new("PL2504", Warning);
    public static readonly DiagnosticDescriptor OnlyEmptyObject = new("PL2505", Warning);

    // Files of grants: errors from PL3001, warnings from PL3501.
    public static readonly DiagnosticDescriptor TooManyGrants = new("PL3001", Error);
    public static readonly DiagnosticDescriptor DuplicateGrant = new("PL3002", Error);
    public static readonly DiagnosticDescriptor UnknownPolicy = new("PL3003", Error);
    public static readonly DiagnosticDescriptor AttributesDifferByCase = new("PL3004", Error);
    public static readonly DiagnosticDescriptor InvalidMoment = new("PL3005", Error);
    public static readonly DiagnosticDescriptor InvalidTokenHash = new("PL3006", Error);
    public static readonly DiagnosticDescriptor DuplicateToken = new("PL3007", Error);

    public static readonly DiagnosticDescriptor GrantsDifferByCase = new("PL3501", Warning);
}
