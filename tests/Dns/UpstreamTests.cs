namespace PrivateLinkCloud.Dns.Tests;

public sealed class UpstreamTests
{
    private static readonly byte[] Query = QueryWriter.Write(7, "wWw.example.com", RecordType.A, ednsSize: null);

    /// <summary>What an upstream answered that spells names its own way: 93.184.216.34 for <c>www.example.com</c>.</summary>
    private static readonly byte[] Answer =
        [0, 9, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 3, .. "www"u8, 7, .. "example"u8, 3, .. "com"u8, 0, 0, 1, 0, 1, 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 93, 184, 216, 34];

    [Fact]
    public void The_question_upstream_differs_in_its_id_only()
    {
        var question = Upstream.Question(Query, 0x1234);
        Assert.Equal([0x12, 0x34], question[..2]);
        Assert.Equal(Query[2..], question[2..]);
    }

    [Fact]
    public void The_answer_comes_back_under_the_clients_id_and_in_the_clients_spelling()
    {
        var reply = DnsMessage.Parse(Upstream.Fit(Query, 9, Answer, Transport.Udp));
        Assert.Equal(7, reply.Id);
        Assert.Equal("wWw.example.com. IN A", reply.Question);
        Assert.Equal(["wWw.example.com. 30 IN A 93.184.216.34"], Vpc.Text(reply.Answers));
        Assert.False(reply.Flags.HasFlag(DnsFlags.Authoritative));
    }

    [Fact]
    public void Names_with_bytes_beyond_ascii_are_answered_too()
    {
        byte[] query = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0xC3, 0xA9, 3, .. "com"u8, 0, 0, 1, 0, 1];
        byte[] answer = [0, 9, 0x81, 0x83, .. query[4..]];
        var reply = DnsMessage.Parse(Upstream.Fit(query, 9, answer, Transport.Udp));
        Assert.Equal((ResponseCode.NameError, @"\195\169.com. IN A"), (reply.Code, reply.Question));
    }

    [Theory]
    [InlineData("another id", 1, 8)]
    [InlineData("a query", 2, 0x01)]
    [InlineData("another opcode", 2, 0xA1)]
    [InlineData("no question", 5, 0)]
    [InlineData("another name", 13, (byte)'v')]
    [InlineData("another type", 30, 28)]
    [InlineData("another class", 32, 3)]
    public void What_does_not_answer_the_question_is_ignored(string why, int at, byte value)
    {
        var forged = Answer.ToArray();
        Assert.NotEqual(forged[at], value);
        forged[at] = value;
        Assert.True(Upstream.Fit(Query, 9, forged, Transport.Udp) is null, why);
    }

    [Fact]
    public void An_answer_cut_inside_the_question_is_ignored() => Assert.Null(Upstream.Fit(Query, 9, Answer.AsSpan(0, 20), Transport.Udp));

    [Fact]
    public void An_error_without_question_becomes_our_error_with_question()
    {
        var reply = DnsMessage.Parse(Upstream.Fit(Query, 9, [0, 9, 0x81, 0x85, 0, 0, 0, 0, 0, 0, 0, 0], Transport.Udp));
        Assert.Equal((ResponseCode.Refused, "wWw.example.com. IN A", 7), (reply.Code, reply.Question, reply.Id));
    }

    [Theory]
    [InlineData(Transport.Udp, null, false)]
    [InlineData(Transport.Udp, 1232, false)]
    [InlineData(Transport.Tcp, null, true)]
    public void An_answer_too_long_for_the_client_is_cut_to_nothing_but_tc(Transport transport, int? size, bool whole)
    {
        var query = QueryWriter.Write(7, Vpc.Crowded, RecordType.A, size);
        var answer = ((Resolution.Reply)Vpc.Resolve(Upstream.Question(query, 9), Transport.Tcp)).Message;
        var reply = DnsMessage.Parse(Upstream.Fit(query, 9, answer, transport));
        Assert.Equal(!whole, reply.Flags.HasFlag(DnsFlags.Truncated));
        Assert.Equal(whole ? 100 : 0, reply.Answers.Count);
        Assert.Equal(size is not null, reply.Edns is not null);
        Assert.Equal($"{Vpc.Crowded}. IN A", reply.Question);
    }

    [Fact]
    public void Failing_a_query_explains_itself_to_clients_with_edns()
    {
        var reply = DnsMessage.Parse(Resolver.Fail(QueryWriter.Write(3, "www.example.com", RecordType.A), ResponseCode.Refused, "no upstream is configured"));
        Assert.Equal((3, ResponseCode.Refused, "no upstream is configured"), (reply.Id, reply.Code, reply.Edns?.Explanation));
        Assert.False(reply.Flags.HasFlag(DnsFlags.Authoritative));
    }

    [Fact]
    public void Failing_what_is_no_query_gives_nothing_to_send()
    {
        Assert.Empty(Resolver.Fail(Answer, ResponseCode.ServerFailure));
        Assert.Empty(Resolver.Fail([1, 2, 3], ResponseCode.ServerFailure));
    }
}
