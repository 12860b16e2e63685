using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PolicyLayer.Regexes;

namespace PolicyLayer.Tests.Regexes;

public class RegexAgreementTests
{
    [Property(MaxTest = 2_000)]
    public void Engine_and_naive_matcher_agree(DoNotSize<int> seed)
    {
        var generator = new RandomRegex(new Random(seed.Item));
        var (pattern, meaning) = generator.Next();

        var compiled = RegexDialect.Compile(pattern);

        Assert.True(compiled.IsValid, $"/{pattern}/ is refused: {compiled.Error?.Message}");
        for (var i = 0; i < 20; i++)
        {
            var input = generator.Input();
            var text = string.Concat(input.Select(char.ConvertFromUtf32));
            var expected = meaning.IsFound(input);
            Assert.True(expected == compiled.Regex.IsMatch(text), $"/{pattern}/ on \"{text}\" ({string.Join(' ', input.Select(c => $"{c:X}"))}) should be {expected}");
        }
    }
}
